internal import CMicroHTTPD
internal import SagaEngine

/// One request on its way through the server: libmicrohttpd's thread on one side, the handler's task on the other.
///
/// `@unchecked Sendable`: `state` is guarded by its lock. `connection` is libmicrohttpd's and is used by its own thread
/// in callbacks, and by others only to resume it, under the lock and while `state` says that it is suspended, which
/// keeps libmicrohttpd from freeing it. `hasHead`, `request`, `closes` and `pace` belong to libmicrohttpd's thread; but
/// for `pace` they are constant from the first call of the access handler on, before the handler's task is made.
final class Exchange: @unchecked Sendable {
    private struct Shared {
        var machine = ExchangeState()
        var handler: Task<Void, Never>?
    }

    private let core: ServerCore
    private let connection: OpaquePointer
    private let peer: ServerConnection
    private let target: RawTarget
    private let state = Locked(Shared())
    private var hasHead = false
    private var route = HTTPRoute.notFound
    private var request: HTTPServerRequest?
    private var requestID = "-"
    private var closes = false
    private var pace: UploadPace?

    init(core: ServerCore, connection: OpaquePointer, peer: ServerConnection, target: RawTarget) {
        self.core = core
        self.connection = connection
        self.peer = peer
        self.target = target
    }

    /// libmicrohttpd's access handler: head, then pieces of the body, then its end, and again after each resumption.
    func access(
        method: UnsafePointer<CChar>, version: UnsafePointer<CChar>, piece: UnsafePointer<CChar>?,
        count: UnsafeMutablePointer<Int>
    ) -> MHD_Result {
        if !hasHead {
            hasHead = true
            return begin(method: method, version: version)
        }
        guard count.pointee > 0, let piece else { return complete() }
        return arrive(UnsafeRawBufferPointer(start: piece, count: count.pointee), count)
    }

    private func begin(method: UnsafePointer<CChar>, version: UnsafePointer<CChar>) -> MHD_Result {
        let head = RequestHead.read(
            connection, target: target, method: method, version: version, headerLimit: core.configuration.headerLimit)
        switch head {
        case .failure(let refusal):
            requestID = core.requestID(nil)
            return respond(refusal.response(requestID: requestID))
        case .success(let head):
            requestID = core.requestID(head.headers["X-Request-Id"])
            if core.isStopping { return respond(RequestRefusal.stopping.response(requestID: requestID)) }
            return accept(head)
        }
    }

    private func accept(_ head: RequestHead) -> MHD_Result {
        let (route, parameters) = core.router.route(head.method, head.target.segments)
        let (mode, limits) = (route.options.body, core.configuration)
        // A chunked body's inner framing is libmicrohttpd's to judge, so nothing may follow it on the connection.
        closes = route.options.oneRequestPerConnection || head.framing == .chunked
        guard core.admit(peer, reserved: route.options.isReserved) else {
            return respond(RequestRefusal.crowded.response(requestID: requestID))
        }
        if case .length(let length) = head.framing, length > mode.limit + (head.waits ? 0 : limits.drainLimit) {
            return respond(RequestRefusal.tooLarge.response(requestID: requestID))
        }
        var request = HTTPServerRequest(
            method: head.method, path: head.target.path, query: head.target.query, parameters: parameters,
            headers: head.headers, requestID: requestID, remoteAddress: peer.remoteAddress)
        if let refusal = route.options.admission?(request) { return refuse(request, head, refusal) }
        state.withLock { $0.machine.accept(mode, buffer: limits.uploadBuffer, drain: limits.drainLimit) }
        let deadline = route.options.requestDeadline ?? limits.requestDeadline
        self.route = route
        if case .streamed = mode {
            let now = ContinuousClock.now
            let pace = UploadPace(
                rate: limits.uploadRate, stretch: limits.uploadStretch, within: deadline, from: now)
            self.pace = pace
            peer.mustAdvance(within: pace.allowance(at: now))
            request.upload = HTTPUpload { await self.read() }
            core.arrived(peer)
            handle(request)
        } else {
            peer.mustAdvance(within: deadline)
            self.request = request
        }
        return .YES
    }

    /// Answers a request that is not admitted: at once when its body would be much to read or is not sent yet, else
    /// behind the body, so that the peer gets to see the answer.
    private func refuse(_ request: HTTPServerRequest, _ head: RequestHead, _ refusal: HTTPServerResponse) -> MHD_Result
    {
        let limits = core.configuration
        closes = true
        switch head.framing {
        case .length(let length) where length <= limits.refusedBodyLimit && !head.waits: break
        case .length(0), .none: break
        case .length, .chunked: return respond(refusal)
        }
        state.withLock { $0.machine.accept(.whole(limit: limits.refusedBodyLimit), buffer: 0, drain: 0) }
        peer.mustAdvance(within: min(limits.requestDeadline, .seconds(5)))
        route = HTTPRoute(
            method: head.method, pattern: route.pattern, options: HTTPRouteOptions(), handler: { _ in refusal })
        self.request = request
        return .YES
    }

    private func arrive(_ bytes: UnsafeRawBufferPointer, _ count: UnsafeMutablePointer<Int>) -> MHD_Result {
        state.withLock { shared in
            switch shared.machine.arrive(bytes.count, bytes: { Array(bytes) }) {
            case .consume: break
            case .deliver(let reader): reader.resume(returning: .success(Array(bytes)))
            case .fail(let reader): reader.resume(returning: .failure(.tooLarge))
            case .suspend:
                // Who is made to wait is not to blame for coming slowly.
                if let time = pace?.holdUp(at: .now) { peer.mustAdvance(within: time) }
                MHD_suspend_connection(connection)
                return .YES
            case .cut: return .NO
            }
            if let time = pace?.take(count.pointee, at: .now) { peer.mustAdvance(within: time) }
            count.pointee = 0
            return .YES
        }
    }

    private func complete() -> MHD_Result {
        core.arrived(peer)
        let (completion, isTooLarge) = state.withLock { shared in
            let (completion, ended) = shared.machine.complete()
            ended?.resume(returning: .success(nil))
            // Under the lock, so that no answer can resume the connection before it is suspended.
            if shared.machine.isSuspended { MHD_suspend_connection(connection) }
            return (completion, shared.machine.isTooLarge)
        }
        switch completion {
        case .cut: return .NO
        case .respond(let response): return respond(response)
        case .await: peer.mustAdvance(within: nil)
        case .startHandler(let body):
            peer.mustAdvance(within: nil)
            if isTooLarge {
                answer(RequestRefusal.tooLarge.response(requestID: requestID))
            } else if var request {
                request.body = body
                handle(request)
            }
        }
        return .YES
    }

    /// The one place where a request leaves libmicrohttpd's thread: a C callback has no task to be a child of.
    private func handle(_ request: HTTPServerRequest) {
        let handler = route.handler
        let task = Task { self.answer(await handler(request)) }
        state.withLock { shared in
            if shared.machine.isOver { task.cancel() } else { shared.handler = task }
        }
    }

    private func answer(_ response: HTTPServerResponse) {
        state.withLock { shared in
            if shared.machine.answer(response) { MHD_resume_connection(connection) }
        }
    }

    private func read() async -> Result<[UInt8]?, HTTPUploadError> {
        await withCheckedContinuation { continuation in
            state.withLock { shared in
                let (answer, resumes) = shared.machine.read(continuation)
                if resumes { MHD_resume_connection(connection) }
                if let answer { continuation.resume(returning: answer) }
            }
        }
    }

    private func respond(_ response: HTTPServerResponse) -> MHD_Result {
        if response.cutsConnection { return .NO }
        peer.mustAdvance(within: core.configuration.responseDeadline)
        return ResponseWriter.queue(
            response, on: connection, requestID: requestID,
            closes: closes || response.closesConnection || core.isStopping)
    }

    /// libmicrohttpd is done with the request, for whatever reason.
    func end() {
        let (waiting, handler) = state.withLock { ($0.machine.end(.aborted), $0.handler) }
        waiting?.resume(returning: .failure(.aborted))
        handler?.cancel()
        peer.mustAdvance(within: core.configuration.idleTimeout + core.configuration.requestDeadline)
        core.rest(peer)
    }

    /// The server will not wait any longer.
    func stop() {
        let response = RequestRefusal.stopping.response(requestID: requestID)
        let handler = state.withLock { shared in
            let (waiting, resumes) = shared.machine.stop(response)
            waiting?.resume(returning: .failure(.stopping))
            if resumes { MHD_resume_connection(connection) }
            return shared.handler
        }
        handler?.cancel()
    }
}
