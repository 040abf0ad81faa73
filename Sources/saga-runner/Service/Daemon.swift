internal import Adapters
internal import SagaEngine

/// A running daemon: the runner, the API and the webhooks, the outbox; all over one store that it alone holds.
final class Daemon: Sendable {
    /// Where it can be spoken to: `http://127.0.0.1:8080`.
    let address: String
    let assembly: Assembly
    private let server: HTTPServer
    private let desk: ServiceDesk
    private let worker = WorkerExecutor(name: "worker")
    private let stopBell = ServiceBell()

    private init(_ address: String, _ assembly: Assembly, _ server: HTTPServer, _ desk: ServiceDesk) {
        self.address = address
        self.assembly = assembly
        self.server = server
        self.desk = desk
    }

    /// Opens everything; the API answers from now on, and ``run()`` does the work.
    ///
    /// - Throws: what stands in the way, in words: above all who holds the store already.
    static func start(
        _ config: RunnerConfig, afterRestore: Bool = false, clock: any SagaClock = SystemClock(),
        logger: Logger? = nil
    ) async throws -> Daemon {
        let logger = logger ?? Logger(level: config.log.level, format: config.log.format, clock: clock)
        if let holder = try StoreChoice.holder(of: config.store.place) {
            throw ServeError.held(store: config.store.place.words, holder)
        }
        let desk = ServiceDesk()
        let router = APITable.router(config: config, desk: desk, logger: logger)
        let server = try HTTPServer.start(http(config), router: router)
        let scheme = config.api.tls == nil ? "http" : "https"
        let host = config.api.host.contains(":") ? "[\(config.api.host)]" : config.api.host
        let address = "\(scheme)://\(host):\(server.port)"
        do {
            let assembly = try await Wiring.assemble(
                config, clock: clock, logger: logger, address: address, afterRestore: afterRestore)
            desk.open(assembly)
            if let reincarnation = assembly.store.reincarnation {
                for line in RestoreWords(reincarnation: reincarnation).lines { logger.log(line) }
            }
            logger.log("daemon.started", .info, ["address": address, "version": Version.text])
            return Daemon(address, assembly, server, desk)
        } catch {
            await server.stop(drainingFor: .zero)
            throw error
        }
    }

    /// Asks the daemon to finish what it is at and to end.
    func stop() {
        stopBell.ring()
    }

    /// Works until it is told to stop, or the store is damaged; then everything is closed.
    ///
    /// - Throws: ``StoreError`` when the store is damaged: stop, look at the disk, start again.
    func run() async throws {
        let failure = await withTaskGroup(of: Turn.self) { group -> StoreError? in
            addServices(to: &group)
            var isWindingDown = false
            for await turn in group {
                switch turn {
                case .runnerEnded(let failure):
                    group.cancelAll()
                    return failure
                case .stopAsked where !isWindingDown:
                    isWindingDown = true
                    await windDown()
                    let (clock, drain) = (assembly.store.clock, assembly.config.runner.drain)
                    group.addTask {
                        await clock.sleep(until: clock.now() + drain)
                        return .drainIsOver
                    }
                case .drainIsOver: await cutCalls()
                case .stopAsked, .outboxEnded, .attendanceEnded, .schedulesEnded, .touchEnded: break
                }
            }
            return nil
        }
        await close(failure)
        if let failure { throw failure }
    }

    /// What a daemon's services report when they end.
    private enum Turn: Sendable {
        case runnerEnded(StoreError?)
        case stopAsked
        case drainIsOver
        case outboxEnded
        case attendanceEnded
        case schedulesEnded
        case touchEnded
    }

    private func addServices(to group: inout TaskGroup<Turn>) {
        let (runner, stopBell) = (assembly.runner, stopBell)
        group.addTask(executorPreference: worker) {
            do throws(StoreError) {
                try await runner.run()
                return .runnerEnded(nil)
            } catch {
                return .runnerEnded(error)
            }
        }
        group.addTask {
            await stopBell.wait()
            return .stopAsked
        }
        let schedules = assembly.schedules
        group.addTask {
            await schedules.run()
            return .schedulesEnded
        }
        let (store, outbox) = (assembly.store, assembly.outbox)
        group.addTask {
            // What another runner has committed may be for this one's outbox, too.
            await store.attend {
                runner.wake()
                outbox?.bell.ring()
            }
            return .attendanceEnded
        }
        if assembly.store.isShared {
            let gate = assembly.gate
            group.addTask {
                await gate.keepInTouch()
                return .touchEnded
            }
        }
        guard let outbox else { return }
        group.addTask {
            await outbox.run()
            return .outboxEnded
        }
    }

    /// No new requests, then no new work; sagas are given back before their next call.
    private func windDown() async {
        assembly.logger.log("daemon.draining", .info, ["active": "\(assembly.runner.active)"])
        desk.close()
        assembly.schedules.stop()
        await server.stop(drainingFor: .seconds(5))
        assembly.runner.stop()
    }

    /// Calls that did not come back in time end now; what became of them is asked after the next start.
    private func cutCalls() async {
        assembly.logger.log("daemon.calls_cut", .warning, ["active": "\(assembly.runner.active)"])
        for client in assembly.clients { await client.shutdown() }
    }

    private func close(_ failure: StoreError?) async {
        desk.close()
        await server.stop(drainingFor: .zero)
        for client in assembly.clients { await client.shutdown() }
        await assembly.store.close()
        if let failure {
            assembly.logger.log("daemon.failed", .error, ["code": failure.code.rawValue, "detail": failure.detail])
        } else {
            assembly.logger.log("daemon.stopped", .info)
        }
        assembly.logger.flush()
    }

    private static func http(_ config: RunnerConfig) -> HTTPServerConfiguration {
        var http = HTTPServerConfiguration()
        http.host = config.api.host
        http.port = config.api.port
        http.tls = config.api.tls
        http.connectionLimit = config.api.connections
        http.perAddressLimit = max(1, config.api.connections / 2)
        http.reservedPart = 4
        return http
    }
}

/// Where handlers find the daemon's parts; empty while it opens its store and after it began to stop.
final class ServiceDesk: Sendable {
    private let assembly = Locked<Assembly?>(nil)

    /// The parts, or `nil` while there are none.
    var parts: Assembly? { assembly.withLock { $0 } }

    func open(_ parts: Assembly) {
        assembly.withLock { $0 = parts }
    }

    func close() {
        assembly.withLock { $0 = nil }
    }
}

/// Why a daemon does not begin.
enum ServeError: Error, CustomStringConvertible {
    /// Another process holds the store.
    case held(store: String, StoreLock.Holder)

    /// Who, since when and where.
    var description: String {
        switch self {
        case .held(let store, let holder):
            "\(store) is held by process \(holder.pid) since \(holder.since.rfc3339)"
                + (holder.address.isEmpty ? "" : ", which answers at \(holder.address)")
                + ": stop it first, or speak to it"
        }
    }
}

/// This program's version.
enum Version {
    static let text = "0.1.0"
}
