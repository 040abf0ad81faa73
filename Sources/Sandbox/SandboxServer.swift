internal import Adapters
internal import SagaEngine

/// Custodian, blockchain and bank on one port of loopback, with faults on demand.
public final class SandboxServer: Sendable {
    /// The most callbacks that are under way at once.
    public static let callbackLimit = 32

    /// The port.
    public let port: UInt16
    private let house: SandboxHouse
    private let sender: CallbackSender
    private let server: HTTPServer

    private init(_ house: SandboxHouse, _ sender: CallbackSender, _ server: HTTPServer) {
        self.house = house
        self.sender = sender
        self.server = server
        port = server.port
    }

    /// The address of everything.
    public var address: String { "http://127.0.0.1:\(port)" }

    /// Opens the journals, opens the offerings' accounts, and starts to answer. Nothing completes before ``run()``.
    public static func start(_ configuration: SandboxConfiguration) async throws(SandboxError) -> SandboxServer {
        let house = try SandboxHouse(configuration)
        for directory in configuration.offerings { try await OfferingPreload(directory: directory).open(in: house) }
        try await house.change { world, _ in configuration.preparation(&world) }
        let sender = try CallbackSender(configuration)
        var router = Router()
        for party in SandboxParty.allCases { PartyRoutes(party: party, house: house, sender: sender).add(to: &router) }
        AdminRoutes(house: house, sender: sender).add(to: &router)
        DepositRoute(house: house).add(to: &router)
        var http = HTTPServerConfiguration()
        http.port = configuration.port
        do { return SandboxServer(house, sender, try HTTPServer.start(http, router: router)) } catch {
            await sender.shutdown()
            throw .server(error)
        }
    }

    /// Completes orders and sends notices when they are due, until the task is cancelled or a journal fails.
    public func run() async throws(SandboxError) {
        let (dispatches, queue) = AsyncStream<NoticeDispatch>.makeStream()
        let failure = await withTaskGroup(of: Void.self) { group -> SandboxError? in
            group.addTask { await self.sendAll(dispatches) }
            defer {
                queue.finish()
                group.cancelAll()
            }
            do throws(SandboxError) {
                try await self.completeAll(into: queue)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Stops answering; ``run()`` is to be cancelled first.
    public func stop() async {
        await server.stop(drainingFor: .seconds(2))
        await sender.shutdown()
    }

    private func completeAll(into queue: AsyncStream<NoticeDispatch>.Continuation) async throws(SandboxError) {
        while !Task.isCancelled {
            let seen = house.signal.version
            let due = house.read { $0.nextDue }
            if let due, due <= house.clock.now() {
                for dispatch in try await house.change({ $0.advance(to: $1) }) { queue.yield(dispatch) }
                continue
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.house.signal.wait(after: seen) }
                if let due { group.addTask { await self.house.clock.sleep(until: due) } }
                await group.next()
                group.cancelAll()
            }
        }
    }

    private func sendAll(_ dispatches: AsyncStream<NoticeDispatch>) async {
        await withTaskGroup(of: Void.self) { group in
            var underWay = 0
            for await dispatch in dispatches {
                if underWay == Self.callbackLimit {
                    await group.next()
                    underWay -= 1
                }
                group.addTask { await self.send(dispatch) }
                underWay += 1
            }
        }
    }

    private func send(_ dispatch: NoticeDispatch) async {
        let acknowledged = await sender.send(dispatch)
        do {
            try await house.change { $0.noticeAnswered(dispatch, acknowledged: acknowledged, at: $1) }
        } catch {
            // The journal is broken; the loop that completes orders finds out by itself and ends the service.
            return
        }
    }
}
