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

    /// Begins before the journal's first entry.
    public init(of key: IdempotencyKey) {
        self.key = key
    }

    /// The kinds of entries that can say the opposite of a verdict; empty when nothing can.
    public static func kinds(against verdict: Notice.Verdict) -> [EntryKind] {
        switch verdict {
        case .settled: [.refused]
        case .refused: [.refused, .notice, .found, .resolved]
        case .progress: []
        }
    }

    /// Takes the next entry in the order of the journal; other kinds than ``kinds(against:)`` may be left out.
    public mutating func take(_ kind: EntryKind, of stage: StageName, refusals count: Int, body: [UInt8]) {
        switch kind {
        case .refused:
            guard stage == key.stage else { return }
            refusals = max(refusals, count + 1)
            if count == key.refusals { isRefused = true }
        case .notice, .found, .resolved:
            if refusals == key.refusals, Self.order(settledBy: body) == key.stage { isSettled = true }
        case .intent, .attempt, .receipt, .value, .slept, .posted, .spawned, .barrier, .pivot, .stuck, .action,
            .outcome:
            return
        }
    }

    /// Whether the journal has the opposite of a verdict as the effect's end.
    public func isContradicted(by verdict: Notice.Verdict) -> Bool {
        switch verdict {
        case .settled: isRefused
        case .refused: isSettled && !isRefused
        case .progress: false
        }
    }

    private static func order(settledBy body: [UInt8]) -> StageName? {
        do {
            return try JournalDecoder().decode(Settlement.self, from: body).order
        } catch {
            // A body that cannot be read is the audit's to name; the notice is to be kept all the same.
            return nil
        }
    }

    /// What the bodies of all settlements have in common.
    private struct Settlement: Decodable {
        var order: StageName
    }
}
