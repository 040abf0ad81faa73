#if PLANTED_BUGS
    /// Mistakes planted on purpose, to show that the sweeps, seeds and checker catch them; in no build but their own.
    public enum Planted: String, CaseIterable, Sendable {
        /// An append is accepted whoever holds the saga by now.
        case noFence
        /// A notice is acknowledged although its commit failed.
        case acknowledgedBeforeCommit
        /// An instruction is sent before its intent is durable.
        case sentBeforeIntent
        /// Each delivery gets a key of its own.
        case volatileKey
        /// No answer counts as a refusal.
        case unknownIsRefused
        /// What may have been sent is sent again without asking.
        case sentAgainUnasked
        /// The same notice is stored each time it comes.
        case noticeNotDeduplicated
        /// A notice that comes before its saga waits for it is left lying.
        case earlyNoticeDropped
        /// The barrier opens before the last child has ended.
        case mintBeforeLast
        /// Sums are computed in floating point.
        case floatingMoney
        /// A notice approves whatever it says.
        case approvalUnbound
        /// A failed commit counts as done.
        case swallowedError
        /// A flow that catches the engine's unwinding may go on.
        case notPoisoned
        /// The last child to end does not wake its parent.
        case lostChildWake
        /// After a proved refusal the same key is used again.
        case sameKeyAfterRefusal
        /// Links leave their predecessor out.
        case brokenChain
        /// Postings are written before it is clear that their stage is.
        case postedOutside
        /// A line is taken out without proof that nothing has moved.
        case excludedUnproved
        /// A saga is called off past its point of no return.
        case cancelledPastPivot
        /// A stuck saga does not say why.
        case stuckWithoutReason

        /// The one that is switched on; set before anything runs.
        nonisolated(unsafe) public static var current: Planted?

        /// Whether this one is switched on.
        public static func `is`(_ bug: Planted) -> Bool { current == bug }
    }
#endif
