internal import CMicroHTTPD
internal import Foundation

/// The request line and headers, taken from libmicrohttpd and judged.
struct RequestHead: Sendable {
    let method: HTTPMethod
    let target: RequestTarget
    let headers: HTTPHeaders
    let framing: RequestGuard.Framing

    /// Whether the peer sends its body only once it is asked to.
    var waits: Bool { headers["Expect"]?.lowercased() == "100-continue" }

    /// Reads and judges the head of the request a connection is at; called in the first call of the access handler,
    /// while the bytes of the header section still lie in the connection's buffer.
    static func read(
        _ connection: OpaquePointer, target: RawTarget, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>,
        headerLimit: Int
    ) -> Result<RequestHead, RequestRefusal> {
        let size = saga_mhd_header_size(connection)
        guard size <= headerLimit else { return .failure(.headersTooLarge) }
        var lines = HeaderLines()
        withUnsafeMutablePointer(to: &lines) { lines in
            _ = MHD_get_connection_values_n(
                connection, .HEADER_KIND,
                { context, _, name, nameSize, value, valueSize in
                    guard let context, let name else { return .NO }
                    let line = HeaderLines.Line(name: name, nameSize: nameSize, value: value, valueSize: valueSize)
                    context.assumingMemoryBound(to: HeaderLines.self).pointee.lines.append(line)
                    return .YES
                }, lines)
        }
        guard lines.areExactly(method: method, target: target, version: version, size: size) else {
            return .failure(.framing)
        }
        guard let headers = lines.headers else { return .failure(.badHeader) }
        return RequestGuard.framing(headers, version: String(cString: version)).flatMap { framing in
            guard let known = HTTPMethod(rawValue: String(cString: method)) else { return .failure(.unknownMethod) }
            guard let parsed = RequestTarget(target.bytes) else { return .failure(.badTarget) }
            return .success(RequestHead(method: known, target: parsed, headers: headers, framing: framing))
        }
    }
}

/// The raw request target, and where it lay in the connection's buffer.
struct RawTarget: Sendable {
    let bytes: [UInt8]
    let address: UInt

    init(_ text: UnsafePointer<CChar>) {
        bytes = Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        address = UInt(bitPattern: text)
    }
}

/// The header lines as pointers into the connection's buffer.
private struct HeaderLines {
    struct Line {
        let name: UnsafePointer<CChar>
        let nameSize: Int
        let value: UnsafePointer<CChar>?
        let valueSize: Int
    }

    var lines: [Line] = []

    /// Whether the header section consists of these lines and nothing else.
    ///
    /// libmicrohttpd cuts the section into C strings where it lies: a line's end becomes zeros, one for each of its
    /// bytes. So two zeros stand exactly where a line ended in CRLF, a bare LF leaves one, a folded line is moved
    /// elsewhere, and what hides behind a zero byte shows as a gap. Checked against 0.9.75 by the framing tests; a
    /// version that lays the section out otherwise gets every request refused, which those tests would show.
    func areExactly(
        method: UnsafePointer<CChar>, target: RawTarget, version: UnsafePointer<CChar>, size: Int
    ) -> Bool {
        let start = UInt(bitPattern: method)
        guard start + UInt(strlen(method)) + 1 == target.address,
            target.address + UInt(target.bytes.count) + 1 == UInt(bitPattern: version)
        else { return false }
        var cursor = UInt(bitPattern: version) + UInt(strlen(version)) + 2
        for line in lines {
            guard let value = line.value, UInt(bitPattern: line.name) == cursor else { return false }
            let gap = UInt(bitPattern: value).subtractingReportingOverflow(cursor + UInt(line.nameSize) + 1)
            guard !gap.overflow, gap.partialValue <= UInt(size), isWhite(line, count: Int(gap.partialValue)) else {
                return false
            }
            // MHD ends the header section with two more zeros, so both bytes lie inside it.
            guard value[line.valueSize] == 0, value[line.valueSize + 1] == 0 else { return false }
            cursor = UInt(bitPattern: value) + UInt(line.valueSize) + 2
        }
        return cursor + 2 == start + UInt(size)
    }

    private func isWhite(_ line: Line, count: Int) -> Bool {
        (0..<count).allSatisfy { offset in
            let byte = line.name[line.nameSize + 1 + offset]
            return byte == 0x20 || byte == 0x09
        }
    }

    /// The lines as text, or nil if one is no UTF-8.
    var headers: HTTPHeaders? {
        var headers = HTTPHeaders()
        for line in lines {
            let name = UnsafeRawBufferPointer(start: line.name, count: line.nameSize)
            let value = UnsafeRawBufferPointer(start: line.value, count: line.valueSize)
            guard let nameText = String(validating: name, as: UTF8.self),
                let valueText = String(validating: Self.trimmed(value), as: UTF8.self)
            else { return nil }
            headers.add(nameText, valueText)
        }
        return headers
    }

    private static func trimmed(_ value: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        var value = value[...]
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        return value
    }
}
