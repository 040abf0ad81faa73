import RunnerTheatre
import SagaEngine

/// How a settlement ended, by the daemon's word, held against the allotment and the counterparties' journals.
struct SettlementEnd {
    private(set) var faults: [String] = []

    /// Compares the end with the allotment as the stand-alone command made it, and with what was carried out.
    init(_ end: JSONValue, _ offering: MadeUpOffering, _ done: CounterpartyTail.Count) {
        let output = end["output"]
        if end["status"]?.stringValue != "completed" { faults.append("it is \(end["status"]?.stringValue ?? "?")") }
        if output?["outcome"]?.stringValue != "settled" {
            faults.append("its outcome is \(output?["outcome"]?.stringValue ?? "unknown")")
        }
        expect("lines", output?["lines"]?.integerValue.map { Int($0) }, offering.lines.count)
        expect("transfers at the custodian", done.transfers, offering.lines.count { $0.payable > 0 })
        expect("deliveries at the custodian", done.deliveries, offering.lines.count { $0.units > 0 })
        expect("mints", done.mints, 1)
        let figures = output?["figures"]?.arrayValue ?? []
        if figures.isEmpty { faults.append("no book was compared") }
        for figure in figures where figure["expected"]?.text() != figure["actual"]?.text() {
            faults.append("a book differs: \(figure.text())")
        }
    }

    private mutating func expect(_ what: String, _ actual: Int?, _ expected: Int) {
        if actual != expected { faults.append("\(what): \(actual.map(String.init) ?? "nothing"), not \(expected)") }
    }

    /// From the root saga's creation to its end, by the daemon's own rows.
    static func seconds(of end: JSONValue) throws -> Double {
        guard let began = end["created_at"]?.stringValue.flatMap({ Timestamp(rfc3339: $0) }),
            let ended = end["updated_at"]?.stringValue.flatMap({ Timestamp(rfc3339: $0) })
        else { throw BenchFailure("the saga tells no times") }
        return Double((ended - began).milliseconds) / 1_000
    }
}
