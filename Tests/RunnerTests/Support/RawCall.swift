import Foundation

/// Says to a port of loopback what no client would, and hears what comes back.
struct RawCall {
    let port: UInt16

    /// To the port of an address such as `http://127.0.0.1:8080`.
    init(_ address: String) {
        port = address.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
    }

    /// What comes until the peer closes; `nil` when it does not, for as many milliseconds of silence.
    func answer(to text: String, within milliseconds: Int32 = 5_000) async -> String? {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: exchange(Array(text.utf8), milliseconds)) }.start()
        }
    }

    private func exchange(_ text: [UInt8], _ milliseconds: Int32) -> String? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected, send(descriptor, text, text.count, Int32(MSG_NOSIGNAL)) == text.count else { return nil }
        var heard: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&event, 1, milliseconds) > 0 else { return nil }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return String(decoding: heard, as: UTF8.self) }
            heard += buffer[..<count]
        }
    }
}
