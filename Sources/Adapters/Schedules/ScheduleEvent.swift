public import SagaEngine

/// What a scheduler has to tell.
public enum ScheduleEvent: Sendable, Equatable {
    /// A schedule is in force from now on; with `anew` it was before, at other times.
    case begun(ScheduleName, anew: Bool)
    /// A schedule is no more, or is switched off.
    case ended(ByteText)
    /// A saga was started, so long after its moment; `isNew` tells whether it was there already.
    case fired(ScheduleFiring, isNew: Bool, late: Span)
    /// Moments that were missed: how many are made up for, how many are not.
    case missed(ScheduleName, madeUpFor: Int, passedOver: Int)
    /// A saga cannot be started, and will not be.
    case refused(ScheduleFiring, String)
    /// A saga could not be started yet.
    case held(ScheduleFiring, String)
    /// A runner that started later has other terms, or no such schedule: this one leaves it alone.
    case superseded(ScheduleName)
    /// Something was decided that lies ahead of the clock: nothing is due before that.
    case ahead(ScheduleName, until: Timestamp)
}
