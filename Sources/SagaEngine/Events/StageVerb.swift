/// What a stage does, as the verb it is asked for with says.
public enum StageVerb: String, Sendable, Codable, CaseIterable {
    /// Computes something here.
    case step
    /// Tells a counterparty.
    case send
    /// Waits for a counterparty's word.
    case receive
    /// Writes to the books.
    case post
    /// Waits for a moment.
    case sleep
    /// Waits for child sagas, one for each element.
    case forEach
}
