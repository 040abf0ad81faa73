internal import RunnerTheatre

/// One offering that was under way when the copy was made or soon after, and another one with the same investors.
struct UnderWayCase {
    /// What had become of it by the time the copy was put back.
    enum Before: String {
        case untouched, whole, part, halfCalledOff, unfunded
    }

    /// What becomes of it then.
    enum After: String {
        /// It goes forward by itself, once it is handed in.
        case forward
        /// Persons try to call it off in vain, and resume it.
        case forwardAfterAll
        /// It is called off, and everybody has their money back.
        case cancelled
        /// It is called off, and nothing has moved.
        case discarded
    }

    let before: Before
    let after: After
    /// Whether the copy has it, waiting for its day; otherwise it is handed in again.
    let isInCopy: Bool
    let offering: MadeUpOffering
    let other: MadeUpOffering

    /// The line that is held up where only a part has moved: the one that pays most.
    var heldUp: MadeUpOffering.Line {
        offering.lines.max { $0.payable < $1.payable } ?? offering.lines[0]
    }

    /// A line whose token account is frozen, so that nothing goes on while persons look.
    var blocked: MadeUpOffering.Line { heldUp }

    var words: String {
        "\(offering.id), \(before.rawValue)\(isInCopy ? ", in the copy" : ""), then \(after.rawValue)"
    }

    /// Every combination that there is a right end for.
    static let all: [(before: Before, after: After, isInCopy: Bool)] = [
        (.whole, .forward, false), (.part, .forward, false), (.whole, .forwardAfterAll, false),
        (.part, .forwardAfterAll, false), (.whole, .forward, true), (.part, .forward, true),
        (.whole, .forwardAfterAll, true), (.part, .forwardAfterAll, true), (.halfCalledOff, .cancelled, false),
        (.halfCalledOff, .cancelled, true), (.untouched, .discarded, true), (.untouched, .cancelled, false),
        (.unfunded, .discarded, false),
    ]
}
