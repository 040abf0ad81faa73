/// What becomes of the moments that nobody looked at in time, because no runner was there.
public enum CatchUp: String, CaseIterable, Sendable {
    /// None of them is made up for.
    case skip
    /// The newest of them is.
    case last
    /// Each of them is, the newest ``Schedule/mostMadeUpFor`` at most.
    case all
}
