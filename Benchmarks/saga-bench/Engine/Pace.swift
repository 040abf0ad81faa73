/// Lets through what comes at a steady rate: what waits goes one after the other, and what was late is not made up for.
struct Pace: Sendable {
    let perSecond: Int

    func run(_ items: AsyncStream<String>, _ send: (String) -> Void) async throws {
        let clock = ContinuousClock()
        let interval = Duration.seconds(1) / perSecond
        var next = clock.now
        for await item in items {
            try await clock.sleep(until: next, tolerance: .zero)
            send(item)
            next = max(next + interval, clock.now)
        }
    }
}
