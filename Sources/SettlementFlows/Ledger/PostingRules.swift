internal import SagaEngine

/// The rules of the books, as pure functions from a row and a posting set to the next row or a violation.
enum PostingRules {
    /// What a set must be, whatever the books hold: its accounts belong to its event, and each asset comes to zero.
    static func checkForm(of set: PostingSet) throws(RecordViolation) {
        for leg in set.legs where !set.event.moves(leg.account, of: set.investor) {
            throw RecordViolation(
                code: "posting.foreign_account",
                message: "\(set.event.rawValue) of \(name(set)) may not move \(leg.account) by \(leg.gain) \(leg.asset)"
            )
        }
        var seen: [String] = []
        for leg in set.legs where !seen.contains(leg.asset) {
            seen.append(leg.asset)
            var sum: Int128 = 0
            for other in set.legs where other.asset.isSameBytes(as: leg.asset) {
                sum = try add(sum, other.gain, "the sum of \(leg.asset) in \(set.event.rawValue) of \(name(set))")
            }
            guard sum == 0 else {
                throw RecordViolation(
                    code: "posting.unbalanced",
                    message: "\(set.event.rawValue) of \(name(set)) comes to \(sum) \(leg.asset), not to zero")
            }
        }
    }

    /// The offering's row after a set that is about no line.
    static func offering(
        _ known: OfferingRow?, after set: PostingSet, by mark: String
    ) throws(RecordViolation) -> OfferingRow {
        if let known, known.causes.contains(mark) { throw duplicate(set, mark) }
        switch set.event {
        case .published:
            guard known == nil else { throw twice(set) }
            return OfferingRow(bounds: try bounds(of: set), causes: [mark])
        case .minted:
            guard var row = known else { throw unknown(set) }
            try checkAssets(of: set, in: row)
            guard row.minted == 0 else { throw twice(set) }
            row.minted = try gain(of: .treasury, in: set)
            let used = try add(row.minted, set.excludedUnits ?? 0, "units of \(set.offering)")
            guard row.minted > 0, (set.excludedUnits ?? 0) >= 0, used <= row.bounds.allotted else {
                throw RecordViolation(
                    code: "mint.above_allotted",
                    message: "minting \(row.minted) units of \(set.offering) beside \(set.excludedUnits ?? 0) "
                        + "excluded ones does not fit the \(row.bounds.allotted) allotted")
            }
            row.causes.append(mark)
            return row
        case .opened, .funded, .excluded, .returned, .distributed:
            throw RecordViolation(
                code: "posting.no_line", message: "\(set.event.rawValue) of \(set.offering) names no investor")
        }
    }

    /// The line's row after a set that is about it.
    static func line(
        _ known: LineRow?, after set: PostingSet, in offering: OfferingRow, by mark: String
    ) throws(RecordViolation) -> LineRow {
        if let known, known.causes.contains(mark) { throw duplicate(set, mark) }
        try checkAssets(of: set, in: offering)
        var row: LineRow
        switch set.event {
        case .opened: row = try open(known, set, in: offering)
        case .funded: row = try settle(known, set, as: .funded)
        case .excluded: row = try settle(known, set, as: .excluded)
        case .returned: row = try settle(known, set, as: .returned)
        case .distributed: row = try distribute(known, set, in: offering)
        case .published, .minted:
            throw RecordViolation(
                code: "posting.no_offering", message: "\(set.event.rawValue) of \(name(set)) is not about a line")
        }
        row.escrow = try balance(row.escrow, set, try changes(set, .escrow))
        let delivered = try changes(set, .units)
        row.units = try balance(row.units, set, delivered)
        guard delivered >= 0 else { throw backwards(set, "\(delivered) units") }
        row.causes.append(mark)
        return row
    }

    /// Money accounts move the offering's currency alone, unit accounts its token alone.
    private static func checkAssets(of set: PostingSet, in offering: OfferingRow) throws(RecordViolation) {
        for leg in set.legs {
            let due =
                switch leg.account {
                case .escrow, .custody, .refunded, .issuer: offering.bounds.currency
                case .units, .treasury, .issued: offering.bounds.token
                }
            guard leg.asset.isSameBytes(as: due) else {
                throw RecordViolation(
                    code: "posting.foreign_asset",
                    message: "\(set.event.rawValue) of \(name(set)) moves \(leg.gain) \(leg.asset) in "
                        + "\(leg.account), not \(due)")
            }
        }
    }

    // MARK: Lines

    private static func open(
        _ known: LineRow?, _ set: PostingSet, in offering: OfferingRow
    ) throws(RecordViolation) -> LineRow {
        guard known == nil else { throw twice(set) }
        let bounds = try bounds(of: set)
        guard bounds.paid <= offering.bounds.paid, bounds.allotted <= offering.bounds.allotted else {
            throw RecordViolation(
                code: "line.above_published",
                message: "\(name(set)) claims \(bounds.paid) paid and \(bounds.allotted) units allotted, of "
                    + "\(offering.bounds.paid) and \(offering.bounds.allotted) in all")
        }
        let held = try changes(set, .escrow)
        guard held == bounds.paid else {
            throw RecordViolation(
                code: "line.opening_differs", message: "\(name(set)) paid \(bounds.paid), but \(held) is opened with")
        }
        return LineRow(bounds: bounds, phase: .opened)
    }

    private static func settle(
        _ known: LineRow?, _ set: PostingSet, as phase: LineRow.Phase
    ) throws(RecordViolation) -> LineRow {
        guard var row = known else { throw unknown(set) }
        row.refunded = try add(row.refunded, try gain(of: .refunded, in: set), "refunds of \(name(set))")
        row.transferred = try add(row.transferred, try gain(of: .issuer, in: set), "transfers of \(name(set))")
        let used = try add(row.refunded, row.transferred, "money of \(name(set))")
        guard used <= row.bounds.paid else {
            throw RecordViolation(
                code: "line.above_paid",
                message: "\(name(set)): \(row.refunded) refunded and \(row.transferred) transferred exceed "
                    + "\(row.bounds.paid) paid")
        }
        guard row.phase == .opened else {
            throw RecordViolation(
                code: "line.settled_twice",
                message: "\(name(set)) is \(row.phase.rawValue) already and cannot be \(phase.rawValue)")
        }
        row.phase = phase
        return row
    }

    private static func distribute(
        _ known: LineRow?, _ set: PostingSet, in offering: OfferingRow
    ) throws(RecordViolation) -> LineRow {
        guard var row = known else { throw unknown(set) }
        guard offering.minted > 0 else {
            throw RecordViolation(
                code: "distribution.before_mint", message: "no units of \(set.offering) are made yet, for \(name(set))")
        }
        guard row.phase == .funded else {
            throw RecordViolation(
                code: "distribution.unfunded",
                message: "\(name(set)) is \(row.phase.rawValue), not funded, and gets no units")
        }
        row.distributed = try add(row.distributed, try changes(set, .units), "units of \(name(set))")
        guard row.distributed <= row.bounds.allotted, row.distributed <= offering.minted else {
            throw RecordViolation(
                code: "distribution.above_allotted",
                message: "\(name(set)): \(row.distributed) units delivered exceed \(row.bounds.allotted) allotted "
                    + "or \(offering.minted) made")
        }
        return row
    }

    // MARK: Sums

    private enum Customer { case escrow, units }

    private static func changes(_ set: PostingSet, _ kind: Customer) throws(RecordViolation) -> Int128 {
        var sum: Int128 = 0
        for leg in set.legs {
            switch (leg.account, kind) {
            case (.escrow, .escrow), (.units, .units): sum = try add(sum, leg.gain, "\(leg.account)")
            case (.escrow, .units), (.units, .escrow), (.custody, _), (.refunded, _), (.issuer, _), (.treasury, _),
                (.issued, _):
                continue
            }
        }
        return sum
    }

    /// What a house account gains in a set; no event takes anything from one.
    private static func gain(of account: LedgerAccount, in set: PostingSet) throws(RecordViolation) -> Int128 {
        var sum: Int128 = 0
        for leg in set.legs where leg.account == account {
            guard leg.gain >= 0 else { throw backwards(set, "\(leg.gain) \(leg.asset) from \(account)") }
            sum = try add(sum, leg.gain, "\(account)")
        }
        return sum
    }

    private static func balance(
        _ before: Int128, _ set: PostingSet, _ change: Int128
    ) throws(RecordViolation) -> Int128 {
        let after = try add(before, change, "the balance of \(name(set))")
        guard after >= 0 else {
            throw RecordViolation(
                code: "account.overdrawn",
                message: "\(set.event.rawValue) would take \(name(set)) from \(before) by \(change) to \(after)")
        }
        return after
    }

    private static func add(_ left: Int128, _ right: Int128, _ what: String) throws(RecordViolation) -> Int128 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else {
            throw RecordViolation(code: "posting.overflow", message: "\(what) does not fit 128 bits")
        }
        return sum
    }

    private static func bounds(of set: PostingSet) throws(RecordViolation) -> PostingSet.Bounds {
        guard let bounds = set.bounds, bounds.paid >= 0, bounds.allotted >= 0 else {
            throw RecordViolation(
                code: "posting.unbounded", message: "\(set.event.rawValue) of \(name(set)) does not say its bounds")
        }
        return bounds
    }

    // MARK: Words

    private static func name(_ set: PostingSet) -> String { LedgerSpace.key(of: set) }

    private static func duplicate(_ set: PostingSet, _ mark: String) -> RecordViolation {
        RecordViolation(
            code: "posting.duplicate", message: "\(mark) has posted \(set.event.rawValue) of \(name(set)) already")
    }

    private static func backwards(_ set: PostingSet, _ what: String) -> RecordViolation {
        RecordViolation(
            code: "posting.backwards", message: "\(set.event.rawValue) of \(name(set)) takes back: \(what)")
    }

    private static func twice(_ set: PostingSet) -> RecordViolation {
        RecordViolation(
            code: "posting.twice", message: "\(name(set)) is \(set.event.rawValue) already, by another stage")
    }

    private static func unknown(_ set: PostingSet) -> RecordViolation {
        RecordViolation(
            code: "posting.not_opened", message: "\(set.event.rawValue): the books of \(name(set)) are not open")
    }
}
