internal import Adapters
internal import SagaEngine

/// That a daemon began a new life of the data, for its log and for whoever started it.
struct RestoreWords {
    let reincarnation: StoreReincarnation

    /// What there is to log: always that it took place, and whether nothing asked for it.
    var lines: [LogLine] {
        var lines = [
            LogLine(
                "store.reincarnated", .warning,
                [
                    .init("old", .number(JSONNumber(reincarnation.old))),
                    .init("new", .number(JSONNumber(reincarnation.new))),
                    .init("anchor", .string(reincarnation.standing.code)),
                ])
        ]
        if reincarnation.standing == .level { lines.insert(LogLine("store.restore_unasked", .warning), at: 0) }
        return lines
    }

    /// The same as a sentence.
    var sentence: String {
        let begins =
            "incarnation \(reincarnation.new) of the data begins after \(reincarnation.old): every first send asks first"
        guard reincarnation.standing == .level else { return begins }
        return "the database is level with its anchor, so nothing shows that a copy was put back; if none was, leave "
            + "--after-restore away from the next start on; \(begins)"
    }
}
