internal import Adapters
internal import Foundation
internal import RunnerTheatre
internal import SagaEngine

/// What the counterparties' own journals say of money that left escrow accounts, by our references.
///
/// Offerings share accounts here, so whose money moved is told by the reference alone.
struct MoneyJournal {
    private struct Movement {
        let reference: String
        let operation: String
        let from: String
        let amount: Int128
    }

    private var movements: [Movement] = []
    private var records: Set<String> = []

    init(of theatre: Theatre) throws {
        for party in ["custodian", "blockchain", "bank"] {
            let path = "\(theatre.folder)/counterparties/\(party).ndjson"
            let text = try Data(contentsOf: URL(fileURLWithPath: path))
            let end = text.lastIndex(of: UInt8(ascii: "\n")) ?? text.startIndex
            for line in text[..<end].split(separator: UInt8(ascii: "\n")) {
                guard case .effect(let effect)? = PartyEvent(line: Array(line)) else { continue }
                if party == "blockchain" { records.insert(effect.reference) }
                guard let from = effect.order.facts["from"], from.hasPrefix("ESC-") else { continue }
                movements.append(
                    Movement(
                        reference: effect.reference, operation: effect.order.operation, from: from,
                        amount: Int128((effect.order.facts["amount"] ?? "").filter { $0 != "." }) ?? 0))
            }
        }
    }

    var isEmpty: Bool { movements.isEmpty }
    var count: Int { movements.count }

    /// How many lines of an offering are paid out and recorded as that.
    func linesRecorded(of offering: String) -> Int {
        records.count { $0.hasPrefix("\(offering):") && $0.hasSuffix(":record~0") && !$0.contains(":distribute:") }
    }

    /// What an offering and the one beside it moved twice, or did not move.
    func faults(of item: UnderWayCase) -> [String] {
        let settled = item.after == .forward || item.after == .forwardAfterAll
        let left = item.after == .discarded
        return faults(of: item.offering, isSettled: settled, isDiscarded: left).map { "\(item.words): \($0)" }
            + faults(of: item.other, isSettled: false, isDiscarded: false).map { "\(item.words), beside it: \($0)" }
    }

    /// A judge of these very journals must see one movement too many, and one too few, or its silence means nothing.
    func blindness(to cases: [UnderWayCase]) -> [String] {
        var (doubled, lacking) = (self, self)
        if let first = movements.first { doubled.movements.append(first) }
        if !movements.isEmpty { lacking.movements.removeFirst() }
        return [("doubled", doubled), ("lost", lacking)].compactMap { word, spoiled in
            cases.flatMap(spoiled.faults(of:)).contains { $0.contains(": \(word): ") }
                ? nil : "harness: the judge is blind to what is \(word)"
        }
    }

    private func faults(of offering: MadeUpOffering, isSettled: Bool, isDiscarded: Bool) -> [String] {
        let own = movements.filter { $0.reference.hasPrefix("\(offering.id):") }
        var faults: [String] = []
        for (reference, group) in Dictionary(grouping: own, by: \.reference).sorted(by: { $0.key < $1.key })
        where group.count > 1 {
            faults.append("doubled: \(reference) moved \(group.count) times")
        }
        for line in offering.lines {
            let out = own.filter { $0.from == line.escrow }
            let paid = out.filter { $0.operation == "transfer" }.reduce(0) { $0 + $1.amount }
            let back = out.reduce(0) { $0 + $1.amount } - paid
            let (duePaid, dueBack): (Int128, Int128) =
                isSettled ? (line.payable, line.paid - line.payable) : isDiscarded ? (0, 0) : (0, line.paid)
            if paid > duePaid || back > dueBack { faults.append("doubled: \(line.escrow) paid \(paid), back \(back)") }
            if paid < duePaid || back < dueBack { faults.append("lost: \(line.escrow) paid \(paid), back \(back)") }
        }
        return faults
    }
}
