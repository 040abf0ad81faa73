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
    /// The quarantine, or the shelf of conflicting notices, is full; the notice was not kept and must not be
    /// acknowledged.
    case full
    /// The sagas taken.
    case claimed([Claim])
    /// The lease held; a request that was made under a lease of an earlier life of the data is `fenced`.
    case leased(Lease)
    /// Done; there is nothing to add.
    case done
    /// There is no such saga or notice; nothing was written.
    case missing
}
