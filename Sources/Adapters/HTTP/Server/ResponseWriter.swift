internal import CMicroHTTPD

/// Turns an answer into libmicrohttpd's.
enum ResponseWriter {
    /// Headers that libmicrohttpd writes itself.
    private static let managed = ["content-length", "transfer-encoding", "connection", "date", "x-request-id"]

    /// Queues an answer; one that cannot be written as HTTP becomes a 500, because a handler's mistake is not the
    /// peer's.
    static func queue(
        _ response: HTTPServerResponse, on connection: OpaquePointer, requestID: String, closes: Bool
    ) -> MHD_Result {
        let isWritable =
            (200...599).contains(response.status)
            && response.headers.fields.allSatisfy { HTTPHeaders.isName($0.name) && HTTPHeaders.isValue($0.value) }
        let response =
            isWritable
            ? response
            : .failure(500, code: "http.bad_answer", message: "The answer could not be written.", requestID: requestID)
        let made = response.body.withUnsafeBytes { body in
            MHD_create_response_from_buffer(
                body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let made else { return .NO }
        defer { MHD_destroy_response(made) }
        for field in response.headers where !managed.contains(where: { HTTPHeaders.same($0, field.name) }) {
            MHD_add_response_header(made, field.name, field.value)
        }
        MHD_add_response_header(made, "X-Request-Id", requestID)
        if closes { MHD_add_response_header(made, "Connection", "close") }
        return MHD_queue_response(connection, UInt32(response.status), made)
    }
}
