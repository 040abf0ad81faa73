/// Why a local step failed, told in words by whoever did it; the step is tried again.
public protocol StepFault: Error, CustomStringConvertible {
    /// The bounded code for the journal, metrics and logs.
    var code: String { get }
    /// A clause for people, without secrets and without what is personal.
    var description: String { get }
}
