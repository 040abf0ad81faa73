/// A flow as far as it can be told without anything it works with: its name, and what its input looks like.
public struct FlowForm: Sendable {
    /// The flow and its version.
    public let id: FlowID
    private let check: @Sendable ([UInt8]) -> CodecError?

    /// The form of a flow.
    public init<Flow: Saga>(_ flow: Flow.Type) {
        id = Flow.flow
        check = { (input: [UInt8]) in
            do throws(CodecError) {
                _ = try JournalDecoder().decode(Flow.Input.self, from: input)
                return nil
            } catch {
                return error
            }
        }
    }

    /// Why an input cannot be this flow's; nil when it can.
    public func fault(in input: [UInt8]) -> CodecError? { check(input) }
}
