public import SagaEngine
public import SettlementFlows

/// Reads back what the sandbox's counterparties moved under our references.
///
/// A page that does not come is asked for again at once, a few times: reading changes nothing, and a settlement of a
/// million lines has ten thousand pages.
public struct SandboxMovements: MovementBooks {
    /// How often a page is asked for before the reading is given up.
    public static let attempts = 4

    private let sources: [CounterpartyName: any SandboxRecordSource]

    /// Reads over HTTP.
    public init(readers: [CounterpartyName: SandboxBooksReader]) {
        sources = readers
    }

    init(sources: [CounterpartyName: any SandboxRecordSource]) {
        self.sources = sources
    }

    /// What is known about some effects.
    public func movements(under effects: [BookEffect]) async throws -> [BookFinding] {
        precondition(effects.count <= BookEffect.largestPage, "ask about \(BookEffect.largestPage) effects at most")
        var findings: [BookFinding?] = Array(repeating: nil, count: effects.count)
        // In a fixed order, so that the same questions always come in the same order.
        for party in sources.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let source = sources[party] else { continue }
            var open = effects.indices.filter { effects[$0].party == party }
            // The sandbox keeps every refusal, so the numbers of an effect's references have no gap.
            var refusals = 0
            while !open.isEmpty {
                open = try await look(under: effects, open, refusals, in: source, &findings)
                refusals += 1
            }
        }
        return zip(effects, findings).map { effect, finding in
            finding ?? .nothing(reference: SandboxReference.text(of: effect.key(afterRefusals: 0)))
        }
    }

    /// A page of everything under an offering.
    public func movements(
        of offering: OfferingID, at party: CounterpartyName, after place: String?
    ) async throws -> BookPage {
        guard let source = sources[party] else { return BookPage(movements: [], next: nil) }
        let family = SandboxReference.family(ofRoot: offering.rawValue)
        let (page, next) = try await Self.insisting { () async throws(SandboxReadError) in
            try await source.records(under: family, after: place)
        }
        let movements = page.filter { SandboxReference.isOf(root: offering.rawValue, $0.reference) }
            .compactMap(Self.movement)
        return BookPage(movements: movements, next: next)
    }

    /// Looks under the references of a number; answers which effects were refused under it.
    private func look(
        under effects: [BookEffect], _ open: [Int], _ refusals: Int, in source: any SandboxRecordSource,
        _ findings: inout [BookFinding?]
    ) async throws -> [Int] {
        var refused: [Int] = []
        for start in stride(from: 0, to: open.count, by: SandboxDialect.pageLimit) {
            let part = open[start...].prefix(SandboxDialect.pageLimit)
            let references = part.map { SandboxReference.text(of: effects[$0].key(afterRefusals: refusals)) }
            let records = try await Self.insisting { () async throws(SandboxReadError) in
                try await source.records(of: references)
            }
            var known: [ByteText: SandboxRecord] = [:]
            for record in records { known[ByteText(record.reference)] = record }
            for (index, reference) in zip(part, references) {
                guard let record = known[ByteText(reference)] else {
                    findings[index] = .nothing(reference: reference)
                    continue
                }
                if let movement = Self.movement(record) {
                    findings[index] = .moved(movement)
                } else {
                    refused.append(index)
                }
            }
        }
        return refused
    }

    private static func insisting<Value>(
        _ read: () async throws(SandboxReadError) -> Value
    ) async throws(SandboxReadError) -> Value {
        for _ in 1..<attempts {
            do {
                return try await read()
            } catch {
                continue
            }
        }
        return try await read()
    }

    /// What an order moves; `nil` for one that was refused.
    private static func movement(_ record: SandboxRecord) -> BookMovement? {
        let isSettled: Bool
        switch record.state {
        case .refused: return nil
        case .settled: isSettled = true
        case .accepted, .progress: isSettled = false
        }
        let sides = record.order.movements
        return BookMovement(
            reference: record.reference, id: record.id, asset: record.order.facts["asset"] ?? "",
            amount: record.order.facts["amount"] ?? "", from: sides.first { $0.gain < 0 }?.account,
            to: sides.first { $0.gain > 0 }?.account, isSettled: isSettled)
    }
}
