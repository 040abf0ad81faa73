import SagaEngine

/// Money to the issuer and units to the investor, posted once the units are delivered.
struct BenchPosting: Postable {
    let investor: String
    let legs: [BenchLeg]
    let approval: Approved<BenchDelivery>

    init(_ line: BenchLine, approvedBy approval: Approved<BenchDelivery>) {
        investor = line.investor
        legs = [
            BenchLeg(account: "treasury", asset: "DABS", gain: -9_700),
            BenchLeg(account: line.token, asset: "DABS", gain: 9_700),
            BenchLeg(account: line.escrow, asset: "AED", gain: -97_000_000),
            BenchLeg(account: line.issuer, asset: "AED", gain: 97_000_000),
        ]
        self.approval = approval
    }

    func records() throws -> [Record] {
        let set = BenchPostingSet(investor: investor, legs: legs)
        return [Record(kind: BenchLedger.kind, body: try JournalEncoder().line(set))]
    }

    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("investor", investor)
            try line.array("legs", of: legs)
            try line.member("approval", approval)
        }
    }
}

struct BenchLeg: Codable, Sendable, JSONReadable, JSONWritable {
    let account: String
    let asset: String
    let gain: Int64

    init(account: String, asset: String, gain: Int64) {
        self.account = account
        self.asset = asset
        self.gain = gain
    }

    init(_ object: JSONObject) throws(CodecError) {
        self.init(
            account: try object.string("account"), asset: try object.string("asset"), gain: try object.integer("gain"))
    }

    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("account", account)
            line.member("asset", asset)
            line.member("gain", gain)
        }
    }
}

struct BenchPostingSet: Codable, JSONReadable, JSONWritable {
    let investor: String
    let legs: [BenchLeg]

    init(investor: String, legs: [BenchLeg]) {
        self.investor = investor
        self.legs = legs
    }

    init(_ object: JSONObject) throws(CodecError) {
        self.init(investor: try object.string("investor"), legs: try object.array("legs"))
    }

    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("investor", investor)
            try line.array("legs", of: legs)
        }
    }
}

/// The books in the transaction: as many reads, checks and writes as the settlement's own ledger makes for a line.
struct BenchLedger: RecordHandler {
    static let kind = "bench-ledger"
    private static let offering = "offering"

    var kind: String { Self.kind }

    private struct Row: Codable, JSONReadable, JSONWritable {
        var units: Int64
        var causes: [String]

        init(units: Int64, causes: [String]) {
            self.units = units
            self.causes = causes
        }

        init(_ object: JSONObject) throws(CodecError) {
            self.init(units: try object.integer("units"), causes: try object.strings("causes"))
        }

        func write(to line: inout JSONLine) throws(CodecError) {
            try line.object { line throws(CodecError) in
                line.member("units", units)
                line.array("causes", of: causes)
            }
        }
    }

    func reads(_ record: Record) -> [(space: String, key: String)] {
        do {
            let set = try JournalDecoder().read(BenchPostingSet.self, from: record.body)
            return [("bench-offerings", Self.offering), ("bench-lines", "\(Self.offering)/\(set.investor)")]
        } catch {
            return []
        }
    }

    func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
        let set = try JournalDecoder().read(BenchPostingSet.self, from: record.body)
        for leg in set.legs {
            let sum = set.legs.reduce(into: Int64(0)) { if $1.asset == leg.asset { $0 += $1.gain } }
            guard sum == 0 else { throw RecordViolation(code: "bench.unbalanced", message: "\(leg.asset): \(sum)") }
        }
        _ = try books.value(of: Self.offering, in: "bench-offerings")
        let key = "\(Self.offering)/\(set.investor)"
        var row = Row(units: 0, causes: [])
        if let known = try books.value(of: key, in: "bench-lines") {
            row = try JournalDecoder().read(Row.self, from: known)
        }
        let mark = "\(cause.saga)/\(cause.stage)"
        guard !row.causes.contains(mark) else { throw RecordViolation(code: "bench.twice", message: mark) }
        row.units += 9_700
        row.causes.append(mark)
        try books.set(try JournalEncoder().line(row), for: key, in: "bench-lines")
        try books.append(record.body, to: "bench-ledger", key: key, cause: cause)
    }
}
