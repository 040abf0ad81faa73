internal import Adapters
internal import SettlementFlows

/// An offering on disk, and its lines as the demo itself works them out: independent of what the daemon did.
struct DemoOffering: Sendable {
    private static let pageLines = 1_000

    let directory: String
    let offering: Offering
    let lines: [AllotmentLine]

    static func read(_ directory: String) async throws -> DemoOffering {
        let terms = try await FileReader(path: directory + "/offering.json").all(limit: OfferingFile.largestBytes)
        let offering = try OfferingFile.read(terms)
        let book = try await OfferingTables.temporary()
        let loader = OfferingLoader(book: book)
        for part in OfferingPart.allCases {
            _ = try await loader.load(
                part, of: offering.id, from: FileChunks(path: "\(directory)/\(part.rawValue).csv"))
        }
        let input = try await book.seal(offering, investors: .required)
        _ = try await book.allot(offering.id, input: input)
        var lines: [AllotmentLine] = []
        var last: InvestorID?
        repeat {
            let page = try await book.lines(of: offering.id, input: input, after: last, limit: pageLines)
            lines += page
            last = page.last?.investor
        } while last != nil
        return DemoOffering(directory: directory, offering: offering, lines: lines)
    }

    /// The arguments of `saga-runner settle`.
    var settling: [String] {
        ["settle"]
            + ["offering.json", "investors.csv", "subscriptions.csv"].flatMap { file in
                ["--" + file.prefix { $0 != "." }, "\(directory)/\(file)"]
            }
    }
}
