internal import Adapters

/// A signed callback as it was sent, from a file: headers, an empty line, the raw body.
struct NoticeOriginal {
    /// The most header lines.
    static let headerLimit = 64

    let headers: [HTTPHeader]
    let body: [UInt8]

    init(_ bytes: [UInt8], path: String) throws(CommandFailure) {
        var headers: [HTTPHeader] = []
        var rest = bytes[...]
        while true {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                throw CommandFailure(.failed, "\(path): there is no empty line between the headers and the body")
            }
            var line = String(decoding: rest[..<end], as: UTF8.self)
            if line.hasSuffix("\r") { line.removeLast() }
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: ":"), headers.count < Self.headerLimit else {
                throw CommandFailure(.failed, "\(path):\(headers.count + 1): no header; each is \"name: value\"")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append(HTTPHeader(String(line[..<colon]), String(value)))
        }
        self.headers = headers
        body = Array(rest)
    }
}
