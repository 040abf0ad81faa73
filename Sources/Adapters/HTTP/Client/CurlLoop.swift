internal import CCurl
internal import Foundation
internal import SagaEngine

/// The thread that owns libcurl's multi handle; everything else reaches it through a queue.
///
/// `@unchecked Sendable`: `commands` is guarded by its lock, `configuration` is constant, and `multi` is used by other
/// threads for `curl_multi_wakeup` alone, which libcurl declares thread-safe, and only under the lock while `isOpen`.
/// All else lives on the thread's own stack, in ``CurlSession``.
final class CurlLoop: @unchecked Sendable {
    enum Command: Sendable {
        case start(CurlTransfer)
        case cancel(UInt64)
        case shutdown(CheckedContinuation<Void, Never>?)
    }

    private struct Mailbox {
        var commands: [Command] = []
        var isOpen = true
    }

    let configuration: HTTPClientConfiguration
    private let multi: UnsafeMutableRawPointer
    private let mailbox = Locked(Mailbox())

    /// libcurl wants to be initialised once, before any other call.
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(_ configuration: HTTPClientConfiguration) throws(HTTPClientError) {
        guard Self.isLibraryReady, let multi = curl_multi_init() else { throw .notSent(.failed) }
        self.configuration = configuration
        self.multi = multi
        saga_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.idleConnectionLimit)
        NamedThread.start("http-client") { self.run() }
    }

    /// Hands a command to the thread; after the end, answers it at once.
    func submit(_ command: Command) {
        let isTaken = mailbox.withLock { mailbox in
            guard mailbox.isOpen else { return false }
            mailbox.commands.append(command)
            curl_multi_wakeup(multi)
            return true
        }
        if !isTaken { Self.refuse(command) }
    }

    private static func refuse(_ command: Command) {
        switch command {
        case .start(let transfer): transfer.finish(.failure(.notSent(.shutdown)))
        case .cancel: break
        case .shutdown(let continuation): continuation?.resume()
        }
    }

    private func run() {
        let session = CurlSession(multi, configuration)
        var waiters: [CheckedContinuation<Void, Never>] = []
        var isRunning = true
        while isRunning {
            for command in takeCommands() {
                switch command {
                case .start(let transfer): session.admit(transfer)
                case .cancel(let id): session.cancel(id)
                case .shutdown(let continuation):
                    isRunning = false
                    if let continuation { waiters.append(continuation) }
                }
            }
            if isRunning { session.turn() }
        }
        session.close()
        // After the mailbox is closed nobody wakes the multi handle any more, so it can be freed.
        let late = mailbox.withLock { mailbox in
            mailbox.isOpen = false
            let late = mailbox.commands
            mailbox.commands = []
            return late
        }
        curl_multi_cleanup(multi)
        late.forEach(Self.refuse)
        waiters.forEach { $0.resume() }
    }

    private func takeCommands() -> [Command] {
        mailbox.withLock { mailbox in
            let commands = mailbox.commands
            mailbox.commands = []
            return commands
        }
    }
}
