/// Why an upload ended before its last byte.
public enum HTTPUploadError: String, Error, Sendable, CustomStringConvertible {
    /// The peer went away, took too long, or sent a broken chunk.
    case aborted = "http.upload_aborted"
    /// The body is larger than the route's limit.
    case tooLarge = "http.upload_too_large"
    /// The server is stopping.
    case stopping = "http.upload_stopping"

    /// A bounded name for logs and metrics.
    public var code: String { rawValue }

    /// The failure in words, with its remedy.
    public var description: String {
        switch self {
        case .aborted: "the upload ended early; send it again from the start"
        case .tooLarge: "the upload is larger than this route takes"
        case .stopping: "the server is stopping; send the upload again later"
        }
    }
}
