/// Who a process is that works on a store, for the others and for people to see.
public struct RunnerIdentity: Sendable, Equatable {
    /// The first part of the names of its leases; no two processes have the same.
    public var name: String
    /// Where it can be spoken to; empty for nowhere.
    public var address: String
    /// Which version of the program it runs.
    public var version: String
    /// The machine it runs on.
    public var host: String

    /// Describes a process.
    public init(name: String, address: String, version: String, host: String) {
        self.name = name
        self.address = address
        self.version = version
        self.host = host
    }
}
