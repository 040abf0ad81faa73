/// A wait of the command line's own, for looking at something again after a while.
enum Pause {
    enum Ending { case over, cancelled }

    static func of(_ length: Duration) async -> Ending {
        do {
            try await Task.sleep(for: length)
            return .over
        } catch {
            return .cancelled
        }
    }
}
