/// One request and its answer as a state machine: what came, what is wanted, and who sleeps.
///
/// Pure: it decides, ``Exchange`` acts. Each call returns what is to be done with the connection or the reader.
struct ExchangeState {
    typealias Reader = CheckedContinuation<Result<[UInt8]?, HTTPUploadError>, Never>

    /// What to do with a piece of the body that has come.
    enum Arrival {
        /// It is taken.
        case consume
        /// It is taken, and a waiting reader gets it.
        case deliver(Reader)
        /// It is left where it is until the connection is resumed.
        case suspend
        /// A waiting reader learns that the body is too large; the rest is dropped.
        case fail(Reader)
        /// The peer sends more than will ever be dropped: the connection ends.
        case cut
    }

    /// What to do when the whole body has come.
    enum Completion {
        case startHandler([UInt8])
        case await
        case respond(HTTPServerResponse)
        case cut
    }

    private var mode = HTTPBodyMode.whole(limit: 0)
    private var buffer = 0
    private var drain = 0
    private(set) var isSuspended = false
    private(set) var isOver = false
    private var received = 0
    private var body: [UInt8] = []
    private var pieces: [[UInt8]] = []
    private var buffered = 0
    private var reader: Reader?
    private var failure: HTTPUploadError?
    private var response: HTTPServerResponse?
    private var isBodyComplete = false
    private var isStarted = false

    /// The route is known; what happened before, such as a stop, stays.
    mutating func accept(_ mode: HTTPBodyMode, buffer: Int, drain: Int) {
        self.mode = mode
        self.buffer = buffer
        self.drain = drain
    }

    var isTooLarge: Bool { received > mode.limit }

    /// A piece of the body has come; `bytes` is asked for only if it is kept.
    mutating func arrive(_ count: Int, bytes: () -> [UInt8]) -> Arrival {
        if isOver { return .cut }
        // A streamed piece that must wait is shown again later, and is counted when it is taken.
        if case .streamed = mode, response == nil, failure == nil, received + count <= mode.limit, reader == nil,
            buffered > 0, buffered + count > buffer
        {
            isSuspended = true
            return .suspend
        }
        received += count
        if received > mode.limit { return overflow() }
        if response != nil || failure != nil { return .consume }
        switch mode {
        case .whole:
            body.append(contentsOf: bytes())
            return .consume
        case .streamed:
            if let waiting = reader {
                reader = nil
                return .deliver(waiting)
            }
            pieces.append(bytes())
            buffered += count
            return .consume
        }
    }

    private mutating func overflow() -> Arrival {
        body = []
        failure = failure ?? .tooLarge
        if received > mode.limit + drain { return .cut }
        guard let waiting = reader else { return .consume }
        reader = nil
        return .fail(waiting)
    }

    /// The body has ended, or a suspended connection goes on after its end.
    mutating func complete() -> (Completion, ended: Reader?) {
        if isOver { return (.cut, nil) }
        isBodyComplete = true
        let ended = reader
        reader = nil
        if let response { return (.respond(response), ended) }
        if case .whole = mode, !isStarted {
            isStarted = true
            isSuspended = true
            let whole = body
            body = []
            return (.startHandler(whole), nil)
        }
        isSuspended = true
        return (.await, ended)
    }

    /// The reader wants the next piece; a value answers at once, nil means that it waits.
    mutating func read(_ wanting: Reader) -> (answer: Result<[UInt8]?, HTTPUploadError>?, resumes: Bool) {
        precondition(reader == nil, "an upload has one reader at a time")
        if !pieces.isEmpty {
            let piece = pieces.removeFirst()
            buffered -= piece.count
            return (.success(piece), !isBodyComplete && buffered * 2 <= buffer && wake())
        }
        if let failure { return (.failure(failure), false) }
        if isBodyComplete { return (.success(nil), false) }
        reader = wanting
        return (nil, wake())
    }

    /// The handler has answered; true if the connection is to be resumed.
    mutating func answer(_ answer: HTTPServerResponse) -> Bool {
        guard !isOver, response == nil else { return false }
        response = answer
        pieces = []
        buffered = 0
        return wake()
    }

    /// The request is over, whatever came of it; a reader that waits learns so.
    mutating func end(_ reason: HTTPUploadError) -> Reader? {
        isOver = true
        isSuspended = false
        failure = failure ?? reason
        pieces = []
        let waiting = reader
        reader = nil
        return waiting
    }

    /// The server stops: reading fails, and unless it has answered the request is answered for the handler.
    mutating func stop(_ answer: HTTPServerResponse) -> (waiting: Reader?, resumes: Bool) {
        guard !isOver else { return (nil, false) }
        failure = failure ?? .stopping
        let waiting = reader
        reader = nil
        if response == nil { response = answer }
        return (waiting, wake())
    }

    private mutating func wake() -> Bool {
        let wasSuspended = isSuspended
        isSuspended = false
        return wasSuspended
    }
}
