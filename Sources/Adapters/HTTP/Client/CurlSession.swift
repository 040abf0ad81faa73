internal import CCurl

/// The exchanges in flight and in waiting, as the loop's thread sees them; never leaves that thread.
final class CurlSession {
    private let multi: UnsafeMutableRawPointer
    private let limits: HTTPClientConfiguration
    private var active: [UInt64: CurlTransfer] = [:]
    private var waiting: [CurlTransfer] = []

    init(_ multi: UnsafeMutableRawPointer, _ limits: HTTPClientConfiguration) {
        self.multi = multi
        self.limits = limits
    }

    /// Starts a transfer, or lets it wait, or refuses it when as many wait as may.
    func admit(_ transfer: CurlTransfer) {
        if transfer.cancellation.isSet {
            transfer.finish(.failure(.notSent(.cancelled)))
        } else if !transfer.isWellFormed {
            transfer.finish(.failure(.notSent(.invalidRequest)))
        } else if active.count < limits.inFlightLimit {
            begin(transfer)
        } else if waiting.count < limits.waitingLimit {
            waiting.append(transfer)
        } else {
            transfer.finish(.failure(.notSent(.overloaded)))
        }
    }

    /// Ends a transfer because its task was cancelled; one that has ended, or not come yet, is not here.
    func cancel(_ id: UInt64) {
        if let transfer = active[id] {
            end(transfer, with: .failure(transfer.error(.cancelled)))
        } else if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index).finish(.failure(.notSent(.cancelled)))
        }
    }

    /// Lets libcurl work, ends what is done or late, starts what waits, and sleeps until something happens.
    func turn() {
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        collect()
        expire()
        while active.count < limits.inFlightLimit, !waiting.isEmpty { begin(waiting.removeFirst()) }
        curl_multi_poll(multi, nil, 0, Int32(clamping: nextDeadline()), nil)
    }

    /// Ends everything.
    func close() {
        for transfer in Array(active.values) { end(transfer, with: .failure(transfer.error(.shutdown))) }
        for transfer in waiting { transfer.finish(.failure(.notSent(.shutdown))) }
        waiting = []
    }

    private func begin(_ transfer: CurlTransfer) {
        let remaining = transfer.deadline - .now
        guard remaining > .zero else { return transfer.finish(.failure(.notSent(.timeout))) }
        guard transfer.prepare(limits, remaining: remaining), let easy = transfer.easy,
            curl_multi_add_handle(multi, easy) == CURLM_OK
        else {
            transfer.release()
            return transfer.finish(.failure(.notSent(.invalidRequest)))
        }
        active[transfer.id] = transfer
    }

    private func end(_ transfer: CurlTransfer, with result: Result<HTTPResponse, HTTPClientError>) {
        curl_multi_remove_handle(multi, transfer.easy)
        transfer.release()
        active[transfer.id] = nil
        transfer.finish(result)
    }

    private func collect() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            let code = saga_curl_message_result(message)
            var context: UnsafeMutableRawPointer?
            saga_curl_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            guard let context else { preconditionFailure("every easy handle carries its transfer") }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            end(transfer, with: transfer.result(code))
        }
    }

    private func expire() {
        let now = ContinuousClock.now
        for transfer in Array(active.values) {
            if transfer.deadline <= now {
                end(transfer, with: .failure(transfer.error(transfer.sendingSince == nil ? .connectTimeout : .timeout)))
            } else if let deadline = transfer.firstByteDeadline, deadline <= now {
                end(transfer, with: .failure(transfer.error(.firstByteTimeout)))
            }
        }
        for transfer in waiting where transfer.deadline <= now { transfer.finish(.failure(.notSent(.timeout))) }
        waiting.removeAll { $0.deadline <= now }
    }

    /// Milliseconds until the earliest deadline, at most a minute.
    private func nextDeadline() -> Int {
        var earliest = ContinuousClock.now + .seconds(60)
        for transfer in active.values {
            earliest = min(earliest, transfer.deadline, transfer.firstByteDeadline ?? earliest)
        }
        for transfer in waiting { earliest = min(earliest, transfer.deadline) }
        let left = earliest - .now
        return left > .zero ? left.milliseconds : 0
    }
}
