internal import SagaEngine

/// What a notice claims as bytes in a row, without the reference, which has a column of its own: the verdict's letter,
/// the texts that belong to it, then name and value of each fact.
///
/// A text is its length in UTF-8 bytes, a colon and the bytes, so nothing has to be escaped: `s6:amount4:1.00` claims
/// that an amount of 1.00 is settled. A capital letter says that the operation and the counterparty's own name for it
/// come first, each empty when it is not stated: `S4:mint3:T-16:amount4:1.00`.
enum ClaimText {
    private static let settled = UInt8(ascii: "s")
    private static let refused = UInt8(ascii: "r")
    private static let progress = UInt8(ascii: "p")
    private static let colon = UInt8(ascii: ":")
    /// The bit that tells a small letter from a capital one.
    private static let lowercase: UInt8 = 0x20

    private static func letter(of verdict: Notice.Verdict) -> UInt8 {
        switch verdict {
        case .settled: settled
        case .refused: refused
        case .progress: progress
        }
    }

    static func write(_ claim: Notice.Claim) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128)
        let isNamed = claim.operation != nil || claim.receiptID != nil
        bytes.append(letter(of: claim.verdict) & (isNamed ? ~lowercase : 0xff))
        if isNamed {
            append(claim.operation ?? "", to: &bytes)
            append(claim.receiptID ?? "", to: &bytes)
        }
        switch claim.verdict {
        case .settled: break
        case .refused(let reason):
            append(reason.code, to: &bytes)
            append(reason.message, to: &bytes)
        case .progress(let word): append(word, to: &bytes)
        }
        for fact in claim.facts.pairs {
            append(fact.name, to: &bytes)
            append(fact.value, to: &bytes)
        }
        return bytes
    }

    /// The claim that some bytes hold; `nil` when they hold none.
    static func read(_ bytes: UnsafeRawBufferPointer, reference: String) -> Notice.Claim? {
        guard let letter = bytes.first else { return nil }
        var rest = Slice(base: bytes, bounds: 1..<bytes.count)
        var named: (operation: String?, receiptID: String?)
        if letter & lowercase == 0 {
            guard let operation = text(&rest), let receiptID = text(&rest) else { return nil }
            named = (operation.isEmpty ? nil : operation, receiptID.isEmpty ? nil : receiptID)
        }
        let verdict: Notice.Verdict
        switch letter | lowercase {
        case settled:
            verdict = .settled
        case refused:
            guard let code = text(&rest), let message = text(&rest) else { return nil }
            verdict = .refused(RefusalReason(code: code, message: message))
        case progress:
            guard let word = text(&rest) else { return nil }
            verdict = .progress(word)
        default:
            return nil
        }
        var facts: [Facts.Fact] = []
        facts.reserveCapacity(6)
        while !rest.isEmpty {
            guard let name = text(&rest), let value = text(&rest) else { return nil }
            facts.append(Facts.Fact(name, value))
        }
        return Notice.Claim(
            reference: reference, verdict: verdict, facts: Facts(facts), operation: named.operation,
            receiptID: named.receiptID)
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        appendLength(text.utf8.count, to: &bytes)
        bytes.append(colon)
        text.withBytes { bytes.append(contentsOf: $0) }
    }

    private static func appendLength(_ length: Int, to bytes: inout [UInt8]) {
        if length > 9 { appendLength(length / 10, to: &bytes) }
        bytes.append(UInt8(ascii: "0") + UInt8(length % 10))
    }

    /// Takes the next text; `nil` when there is none.
    private static func text(_ rest: inout Slice<UnsafeRawBufferPointer>) -> String? {
        var length = 0
        var start = rest.startIndex
        while start < rest.endIndex, rest[start] != colon {
            let digit = Int(rest[start]) - Int(UInt8(ascii: "0"))
            // What is longer than everything that is left need not be counted to its end, nor can it overflow.
            guard 0...9 ~= digit, length <= rest.count else { return nil }
            length = length * 10 + digit
            start += 1
        }
        guard start > rest.startIndex, start < rest.endIndex, length < rest.endIndex - start else { return nil }
        let end = start + 1 + length
        defer { rest = rest[end...] }
        return String(decoding: rest[(start + 1)..<end], as: UTF8.self)
    }
}

extension ClaimText {
    /// Turns the JSON that claims were stored as up to schema 6 into this text.
    static let migration = """
        UPDATE notice SET claim = CAST(
            CASE
                WHEN json_type(CAST(claim AS TEXT), '$.verdict.refused') IS NOT NULL THEN 'r'
                    || \(field("json_extract(CAST(claim AS TEXT), '$.verdict.refused._0.code')"))
                    || \(field("json_extract(CAST(claim AS TEXT), '$.verdict.refused._0.message')"))
                WHEN json_type(CAST(claim AS TEXT), '$.verdict.progress') IS NOT NULL THEN 'p'
                    || \(field("json_extract(CAST(claim AS TEXT), '$.verdict.progress._0')"))
                ELSE 's'
            END
            || coalesce((SELECT group_concat(\(field("key")) || \(field("value")), '')
                FROM json_each(CAST(claim AS TEXT), '$.facts')), '') AS BLOB);
        """

    private static func field(_ text: String) -> String {
        "length(CAST(\(text) AS BLOB)) || ':' || \(text)"
    }
}
