/// Takes events; must not block or fail.
public protocol EventSink: Sendable {
    /// Takes one event.
    func record(_ event: EngineEvent)
}

/// Takes events and forgets them.
public struct SilentSink: EventSink {
    /// Makes a sink that keeps nothing.
    public init() {}

    /// Forgets the event.
    public func record(_ event: EngineEvent) {}
}
