/// Where sagas live. One port, one suite of laws (`StoreLaws`), however many databases.
///
/// There is one way to write: `commit`, a batch of operations in one transaction that is durable when it returns. Each
/// operation stands alone in it: one that is refused changes nothing and spoils no other. Reading is in
/// ``SagaArchive``.
public protocol SagaStore: SagaArchive {
    /// The store's clock: the database's own where there is one.
    var clock: any SagaClock { get }

    /// Which life of the data this is; it changes when a backup is restored.
    func incarnation() async throws(StoreError) -> Incarnation

    /// Writes a batch durably, each operation by itself.
    ///
    /// - Returns: one result for each operation, in order.
    /// - Throws: ``StoreError`` when it is not known whether the batch is durable, or the store is away. The caller must
    ///   then forget what it holds in memory and load it again.
    func commit(_ batch: [StoreOperation], under lease: Lease?) async throws(StoreError) -> [StoreResult]

    /// Reads claimed sagas back, with their journals and the notices that wait for them.
    func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga]

    /// The earliest moment at which a waiting saga wants to be woken.
    func nextWake() async throws(StoreError) -> Timestamp?
}

/// One thing to be written. Every operation is carried out whole or not at all.
public enum StoreOperation: Sendable {
    /// Start a saga, or learn that it exists.
    case submit(NewSaga)
    /// Extend a saga's journal and say what becomes of it.
    case append(Append)
    /// Keep a notice and wake the saga that waits for it.
    case notice(NewNotice)
    /// Give a notice another standing, and perhaps a saga.
    case assign(NoticeAssignment)
    /// Take sagas that have something to do.
    case claim(ClaimRequest)
    /// Start or prolong a runner's lease.
    case lease(LeaseRequest)
    /// Give up a lease and everything held under it.
    case release(RunnerID)
    /// Keep a print of something an operator did or was refused.
    case print(OperatorPrint)
    /// Begin a new life of the data, after a restore.
    case reincarnate(reason: String)
}

/// What became of one operation.
public enum StoreResult: Sendable {
    /// The saga is new.
    case submitted(SagaNumber)
    /// The saga was there already; whether flow and input are the same.
    case exists(SagaNumber, same: Bool)
    /// The journal is extended. `held` tells whether the saga is still the caller's to carry on: something it was about
    /// to wait for is already there.
    case appended(held: Bool)
    /// The saga is no longer the caller's; nothing was written.
    case fenced
    /// The saga has moved on since the caller looked; nothing was written.
    case stale(sequence: Int)
    /// A runner is working on the saga just now; nothing was written.
    case busy
    /// A record would break a rule of the books; nothing of this operation was written.
    case violated(RecordViolation)
    /// The notice is kept; `saga` is the one that it is for, if any.
    case noticed(Int64, standing: NoticeStanding, saga: SagaID?)
    /// This very notice is stored already.
    case duplicate(Int64)
    /// The quarantine is full; the notice was not kept.
    case full
    /// The sagas taken.
    case claimed([Claim])
    /// The lease held.
    case leased(Lease)
    /// Done; there is nothing to add.
    case done
    /// There is no such saga or notice; nothing was written.
    case missing
}

/// A store's failure. Nothing about it says whether the last batch is durable.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure, of a bounded set.
    public let code: Code
    /// What happened, for the operator; no data.
    public let detail: String

    /// The kinds of failure.
    public enum Code: String, Sendable, CaseIterable {
        /// The store cannot be reached or is full; it may come back.
        case unavailable
        /// The disk failed under a write; the process must stop and recover from disk.
        case damaged
        /// The stored data does not make sense.
        case corrupt
        /// The caller asked for something impossible.
        case misuse
        /// A crash that a test simulates.
        case simulated
    }

    /// Reports a failure.
    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Code and detail.
    public var description: String { "store.\(code.rawValue): \(detail)" }
}

/// Which life of the data this is.
public struct Incarnation: Sendable, Equatable, Codable {
    /// 0 for data that was never restored; each restore adds one.
    public let number: Int
    /// When this life began, by the store's clock.
    public let since: Timestamp

    /// Names a life.
    public init(number: Int, since: Timestamp) {
        self.number = number
        self.since = since
    }

    /// Whether effects may exist out there that this data does not remember.
    public var mayHaveForgotten: Bool { number > 0 }
}
