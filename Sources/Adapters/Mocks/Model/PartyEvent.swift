public import SagaEngine

/// What happened at a counterparty, in its own journal; its book is nothing but the sum of these.
public enum PartyEvent: Sendable, Equatable {
    /// An account was opened.
    case opened(account: String)
    /// An offering's accounts were opened, once and for all.
    case preloaded(offering: String)
    /// An account was given something from nowhere: before the first order, or later by a person under a reference.
    case deposited(account: String, asset: String, amount: String, reference: String? = nil)
    /// An account was frozen, unfrozen or closed.
    case standing(account: String, AccountStanding)
    /// A request for an order reached the counterparty, whatever became of it.
    case attempted(reference: String)
    /// An order was put aside, to be taken in at a moment.
    case deferred(reference: String, SandboxOrder, until: Timestamp)
    /// An order was taken in.
    case accepted(reference: String, id: String, SandboxOrder, at: Timestamp)
    /// An order had its effect.
    case effect(PartyEffect)
    /// An order will never have its effect.
    case refused(reference: String, code: String, message: String, at: Timestamp)
    /// A notice is owed under an id; `amount` is what it states when that is not the truth.
    case noticeOwed(id: String, reference: String, state: SandboxRecord.State, amount: String?, at: Timestamp)
    /// A notice was acknowledged, or given up.
    case noticeClosed(id: String)
}
