internal import SagaEngine

/// Watches a settlement until it ends, or until nothing but a person can move it.
struct DemoProgress: Sendable {
    private static let interval = Duration.milliseconds(250)
    /// Without a terminal, a line every so many looks.
    private static let lineEvery = 8

    let house: DemoHouse
    let stage: DemoStage
    let limit: Duration

    /// Watches until the saga has ended or as many sagas are stuck as expected; answers with how it stands, and tells
    /// `onLook` each time it looks.
    func watch(
        _ id: String, untilStuck expected: Int64? = nil, onLook: (JSONValue) async throws -> Void = { _ in }
    ) async throws -> JSONValue {
        let start = ContinuousClock.now
        var looks = 0
        while true {
            if let obituary = house.obituary { throw CommandFailure(.failed, obituary) }
            let saga = try await house.client.get(APIPath("sagas", id)).data
            try await onLook(saga)
            let spent = ContinuousClock.now - start
            let isOver = SagaStatus(rawValue: saga.text("status"))?.isTerminal ?? false
            let stuck = saga["census"]?["counts"]?.integer("stuck") ?? 0
            let isHalted = expected.map { stuck >= $0 && !isBusy(saga) } ?? false
            if stage.console.showsProgress {
                await stage.console.progress(line(saga, spent))
            } else if looks % Self.lineEvery == 0 || isOver || isHalted {
                try await stage.tell("  " + line(saga, spent))
            }
            if isOver || isHalted {
                await stage.console.endProgress()
                return saga
            }
            guard spent < limit else {
                await stage.console.endProgress()
                throw CommandFailure(.failed, "\(id) has not ended within \(limit): " + line(saga, spent))
            }
            looks += 1
            if await Pause.of(Self.interval) == .cancelled { throw CommandFailure(.failed, "stopped by a signal") }
        }
    }

    /// Whether some line can still move by itself: the saga itself waits for its children all the while.
    private func isBusy(_ saga: JSONValue) -> Bool {
        let counts = saga["census"]?["counts"] ?? .null
        return counts.integer("running") + counts.integer("pending") > 0 || counts.integer("waiting") > 1
    }

    private func line(_ saga: JSONValue, _ spent: Duration) -> String {
        let counts = saga["census"]?["counts"] ?? .null
        let stages = saga.list("stages")
        let here = stages.last { $0.text("progress") != StageSnapshot.Progress.ahead.rawValue }?.text("name") ?? "-"
        let done = stages.count { $0.text("progress") == StageSnapshot.Progress.done.rawValue }
        let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
        let tenths = (seconds * 10).rounded() / 10
        var parts = ["stage \(here) (\(done) of \(stages.count) done)"]
        for status in SagaStatus.allCases {
            let count = counts.integer(status.rawValue)
            if count > 0 { parts.append("\(count) \(status.rawValue)") }
        }
        return "\(String(tenths).rightAligned(to: 5)) s  " + parts.joined(separator: ", ")
    }
}
