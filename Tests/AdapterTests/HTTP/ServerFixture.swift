import Adapters
import SagaEngine

/// A server for one test: starts, lets the test speak to it, and stops.
func withServer(
    _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(), _ router: Router,
    drainingFor drain: Duration = .seconds(5), _ body: (HTTPServer) async throws -> Void
) async throws {
    let server = try HTTPServer.start(configuration, router: router)
    do {
        try await body(server)
    } catch {
        await server.stop(drainingFor: drain)
        throw error
    }
    await server.stop(drainingFor: drain)
}

/// What handlers saw, in order.
final class Seen: Sendable {
    private let entries = Locked<[String]>([])

    var all: [String] { entries.withLock { $0 } }

    func add(_ entry: String) {
        entries.withLock { $0.append(entry) }
    }
}

/// A door that opens once; who comes before waits.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Locked(State())

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }
}

/// A router that notes and answers everything at `/a`, `/smuggled` and a few more.
func echoRouter(_ seen: Seen, options: HTTPRouteOptions = HTTPRouteOptions()) -> Router {
    var router = Router()
    for method in [HTTPMethod.get, .post, .put] {
        for path in ["/a", "/smuggled", "/etc"] {
            router.on(method, path, options: options) { request in
                seen.add("\(method.rawValue) \(path) \(request.body.count)")
                return .text(200, "M=\(method.rawValue) U=\(path) B=\(request.body.count)")
            }
        }
    }
    return router
}
