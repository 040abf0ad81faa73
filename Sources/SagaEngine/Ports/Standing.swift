/// What a saga is about, as kept beside its journal for people and queries; the journal alone decides.
public struct Standing: Sendable, Equatable {
    /// The status that people see.
    public var status: SagaStatus
    /// What it waits for or why it is stuck, as JSON of ``Predicament``; empty when it is neither.
    public var predicament: [UInt8]
    /// What is at stake.
    public var exposures: [Exposure]
    /// Whether the point of no return is passed.
    public var pivoted: Bool

    /// Describes a saga.
    public init(status: SagaStatus, predicament: [UInt8] = [], exposures: [Exposure] = [], pivoted: Bool = false) {
        self.status = status
        self.predicament = predicament
        self.exposures = exposures
        self.pivoted = pivoted
    }

    /// What it waits for or why it is stuck; `nil` when it is neither.
    ///
    /// - Throws: ``CodecError`` when what is kept cannot be read.
    public func readPredicament() throws(CodecError) -> Predicament? {
        predicament.isEmpty ? nil : try JournalDecoder().decode(Predicament.self, from: predicament)
    }
}
