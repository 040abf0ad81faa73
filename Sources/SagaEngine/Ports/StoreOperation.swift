/// One thing to be written. Every operation is carried out whole or not at all.
///
/// The wide ones are behind one reference: they are handed on through several queues.
public enum StoreOperation: Sendable {
    /// Start a saga, or learn that it exists.
    indirect case submit(NewSaga)
    /// Extend a saga's journal and say what becomes of it.
    indirect case append(Append)
    /// Keep a notice and wake the saga that waits for it.
    indirect case notice(NewNotice)
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
