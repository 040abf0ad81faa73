/// What a saga's journal says has become of one effect, for a store that looks whether a notice contradicts it.
///
/// A store asks this where no turn of the saga will look at the notice: of a saga that has ended, or that is stuck and
/// is not woken by notices.
public struct DecidedEffect: Sendable {
    private let key: IdempotencyKey
    /// The refusals of the key's stage so far: a settlement is of the key that comes next.
    private var refusals = 0
    private var isRefused = false
    private var isSettled = false
    /// What the settlement states; nothing when it states no facts.
    private var settled: Facts = [:]

    /// Begins before the journal's first entry.
    public init(of key: IdempotencyKey) {
        self.key = key
    }

    /// The kinds of entries that can contradict a verdict, or what is stated with it; empty when nothing can.
    public static func kinds(against verdict: Notice.Verdict) -> [EntryKind] {
        verdict.isFinal ? [.refused, .notice, .found, .resolved] : []
    }

    /// Takes the next entry in the order of the journal; other kinds than ``kinds(against:)`` may be left out.
    public mutating func take(_ kind: EntryKind, of stage: StageName, refusals count: Int, body: [UInt8]) {
        switch kind {
        case .refused:
            guard stage == key.stage else { return }
            refusals = max(refusals, count + 1)
            if count == key.refusals { isRefused = true }
        case .notice, .found, .resolved:
            guard refusals == key.refusals, let settlement = Self.settlement(in: body),
                settlement.order == key.stage
            else { return }
            isSettled = true
            settled = settlement.facts ?? settlement.receipt?.facts ?? [:]
        case .intent, .attempt, .receipt, .value, .slept, .posted, .spawned, .barrier, .pivot, .stuck, .action,
            .outcome:
            return
        }
    }

    /// Whether the journal has the opposite of what a notice claims as the effect's end, or another fact with it.
    public func isContradicted(by claim: Notice.Claim) -> Bool {
        switch claim.verdict {
        case .settled: isRefused || (isSettled && claim.facts.contradict(settled))
        case .refused: isSettled && !isRefused
        case .progress: false
        }
    }

    private static func settlement(in body: [UInt8]) -> Settlement? {
        do {
            return try JournalDecoder().decode(Settlement.self, from: body)
        } catch {
            // A body that cannot be read is the audit's to name; the notice is to be kept all the same.
            return nil
        }
    }

    /// What the bodies of all settlements have in common; the facts of one that was found by asking are its receipt's.
    private struct Settlement: Decodable {
        var order: StageName
        var facts: Facts?
        var receipt: Answer?

        struct Answer: Decodable {
            var facts: Facts
        }
    }
}
