/// What an operator can do to a saga.
public enum OperatorAction: Sendable, Equatable, Codable {
    /// Do the waiting attempt now.
    case retry
    /// The cause is mended: go on; after a proved refusal, with the next key.
    case resume
    /// Persons settle what nothing else can, with evidence; only for money, never for an approval.
    case resolve(stage: StageName, outcome: Resolution, evidence: String)
    /// Take the element out of the whole.
    case exclude
    /// Call the saga off before anything moved.
    case discard
    /// Call the saga off before the point of no return, and put back what there is.
    case cancel

    /// How persons settle a stage.
    public enum Resolution: String, Sendable, Codable {
        /// It has happened.
        case settled
        /// The counterparty has refused it, and says so when asked.
        case refused
    }

    /// The action's name, as commands and prints have it.
    public var name: String {
        switch self {
        case .retry: "retry"
        case .resume: "resume"
        case .resolve: "resolve"
        case .exclude: "exclude"
        case .discard: "discard"
        case .cancel: "cancel"
        }
    }
}
