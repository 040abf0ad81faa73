/// The request methods this program speaks (RFC 9110 §9, RFC 5789).
public enum HTTPMethod: String, Sendable, CaseIterable {
    /// Reads.
    case get = "GET"
    /// Reads the headers of an answer.
    case head = "HEAD"
    /// Starts or changes something.
    case post = "POST"
    /// Stores a whole representation.
    case put = "PUT"
    /// Changes part of a representation.
    case patch = "PATCH"
    /// Removes a representation.
    case delete = "DELETE"
    /// Asks what is possible.
    case options = "OPTIONS"
}
