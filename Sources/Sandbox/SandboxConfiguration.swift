public import Adapters
public import SagaEngine

/// How the sandbox is to be run.
public struct SandboxConfiguration: Sendable {
    /// The port, on loopback; 0 lets the system choose.
    public var port: UInt16
    /// The counterparties; their names must be `custodian`, `blockchain` and `bank`.
    public var profiles: [PartyProfile]
    /// Which faults strike.
    public var faults: FaultPlan
    /// Where callbacks go: `http://127.0.0.1:8080/webhooks`, to which `/custodian` and the like are appended.
    public var callbackAddress: String?
    /// What signs the callbacks.
    public var secret: WebhookSecret
    /// The directory of the journals; `nil` keeps them in memory alone.
    public var journalDirectory: String?
    /// The directories of offerings whose accounts are opened.
    public var offerings: [String]
    /// The time; the system's own unless a test brings another.
    public var clock: any SagaClock

    /// What else is done to the world before anybody calls, such as opening accounts.
    public var preparation: @Sendable (inout SimulatedWorld) -> Void = { _ in }

    /// Describes a sandbox.
    public init(
        port: UInt16 = 0, profiles: [PartyProfile] = [.custodian(), .blockchain(), .bank()],
        faults: FaultPlan = FaultPlan(), callbackAddress: String? = nil, secret: WebhookSecret,
        journalDirectory: String? = nil, offerings: [String] = [], clock: any SagaClock = SandboxClock()
    ) {
        self.port = port
        self.profiles = profiles
        self.faults = faults
        self.callbackAddress = callbackAddress
        self.secret = secret
        self.journalDirectory = journalDirectory
        self.offerings = offerings
        self.clock = clock
    }
}
