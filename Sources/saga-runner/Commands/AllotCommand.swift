internal import Adapters
internal import SettlementFlows

/// `saga-runner allot`: the allotment alone, from files to standard output; it touches nothing else.
///
/// Nothing is written before everything is read, checked and allotted.
struct AllotCommand {
    static let help = """
        Usage: saga-runner allot --offering FILE --subscriptions FILE [--investors FILE] [--json]

        Allots an offering pro rata over its subscription log and prints one line per investor with live demand:
        investor_id,subscribed_units,allotted_units,payable,refund, sorted by investor id. Nothing is stored or sent.

          --offering FILE       the offering's terms (offering.json)
          --subscriptions FILE  the subscription log (CSV)
          --investors FILE      the investors (CSV); when given, every investor in the log must be one of them
          --json                one JSON document with the totals and the lines, instead of CSV

        A file that cannot be is refused with the line and column of up to 20 bad rows, and nothing is printed on
        standard output. No field of the CSV begins with =, +, - or @, which spreadsheets take for a formula.
        Exit status: 0 done, 1 failed, 2 wrong usage.

        Example:
          saga-runner allot --offering offering.json --subscriptions subscriptions.csv > allotments.csv

        """

    private let output: OutputFile
    private let messages: OutputFile

    init(output: OutputFile = .standardOutput, messages: OutputFile = .standardError) {
        self.output = output
        self.messages = messages
    }

    /// Runs the command with what follows `allot` on the command line, and answers with the exit status.
    static func run(arguments: [String]) async -> Int32 {
        await AllotCommand().run(arguments)
    }

    func run(_ arguments: [String]) async -> Int32 {
        do {
            let options = try AllotOptions(arguments)
            if options.wantsHelp {
                try await output.write(Self.help)
            } else {
                try await allot(options)
            }
            return 0
        } catch let error as UsageError {
            await FailureDocument.write(error, for: arguments, to: output)
            await say("\(error)\nTry: saga-runner allot --help")
            return 2
        } catch {
            await FailureDocument.write(error, for: arguments, to: output)
            await say("\(error)")
            return 1
        }
    }

    private func allot(_ options: AllotOptions) async throws {
        let offering = try await readOffering(options.offering)
        let book = try await OfferingTables.temporary()
        do {
            let loader = OfferingLoader(book: book)
            if let investors = options.investors {
                _ = try await loader.load(.investors, of: offering.id, from: FileChunks(path: investors))
            }
            _ = try await loader.load(
                .subscriptions, of: offering.id, from: FileChunks(path: options.subscriptions))
            let input = try await book.seal(offering, investors: .optional)
            let summary = try await book.allot(offering.id, input: input)
            try await AllotReport(book: book, summary: summary, output: output).write(asJSON: options.asJSON)
            if summary.outcome == .failed {
                await say(
                    "offering \(offering.id) is below its minimum: \(summary.subscribed) of \(offering.minimumUnits) "
                        + "units subscribed; nothing is allotted and everyone is refunded in full")
            }
        } catch OfferingBookError.badRows(let faults) {
            throw BadRows(faults, path: options.path)
        }
    }

    private func readOffering(_ path: String) async throws -> Offering {
        let bytes = try await FileReader(path: path).all(limit: OfferingFile.largestBytes)
        do {
            return try OfferingFile.read(bytes)
        } catch {
            throw BadTerms(path: path, error: error)
        }
    }

    /// A message that cannot be written has nowhere to be told; the exit status says the rest.
    private func say(_ text: String) async {
        do {
            try await messages.write("saga-runner allot: \(text)\n")
        } catch {
            return
        }
    }
}

/// Terms that cannot be, with the file as the user named it.
private struct BadTerms: Error, CustomStringConvertible {
    let path: String
    let error: OfferingError

    var description: String { "\(path): \(error)" }
}
