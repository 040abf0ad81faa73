import Adapters
import Foundation
import Testing

@testable import saga_runner

@Suite struct AllotCommandTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/offerings").standardizedFileURL

    private struct Outcome {
        let status: Int32
        let output: String
        let messages: String
    }

    /// A folder that is gone when the test is.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "allot-\(UUID().uuidString)")
        init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
        deinit {
            do {
                try FileManager.default.removeItem(at: url)
            } catch {
                Issue.record(error)
            }
        }
        func write(_ text: String, as name: String) throws -> String {
            let file = url.appending(path: name)
            try Data(text.utf8).write(to: file)
            return file.path
        }
    }

    private func run(_ arguments: [String]) async throws -> Outcome {
        let folder = try Folder()
        let output = try FileHandle(forUpdating: URL(filePath: folder.write("", as: "out")))
        let messages = try FileHandle(forUpdating: URL(filePath: folder.write("", as: "messages")))
        let command = AllotCommand(
            output: OutputFile(descriptor: output.fileDescriptor),
            messages: OutputFile(descriptor: messages.fileDescriptor))
        let status = await command.run(arguments)
        try output.seek(toOffset: 0)
        try messages.seek(toOffset: 0)
        return Outcome(
            status: status, output: String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self),
            messages: String(decoding: try messages.readToEnd() ?? Data(), as: UTF8.self))
    }

    private func files(_ name: String, investors: Bool = true) -> [String] {
        let folder = Self.fixtures.appending(path: name).path
        let arguments = ["--offering", folder + "/offering.json", "--subscriptions=" + folder + "/subscriptions.csv"]
        return investors ? arguments + ["--investors", folder + "/investors.csv"] : arguments
    }

    @Test(arguments: ["sg-tower-1k", "sg-tower-under", "sg-tower-failing", "sg-tower-hard"])
    func `the example offerings come out byte for byte`(name: String) async throws {
        let expected = try Data(contentsOf: Self.fixtures.appending(path: "\(name)/expected-allotments.csv"))
        for investors in [true, false] {
            let outcome = try await run(files(name, investors: investors))
            #expect(outcome.status == 0)
            #expect(Data(outcome.output.utf8) == expected)
            #expect(outcome.messages.isEmpty == (name != "sg-tower-failing"))
        }
    }

    @Test func `an offering below its minimum says so`() async throws {
        let outcome = try await run(files("sg-tower-failing"))
        #expect(outcome.messages.contains("below its minimum: 40146 of 40147 units"))
    }

    @Test func `as JSON there is one document with totals and lines`() async throws {
        let outcome = try await run(files("sg-tower-hard") + ["--json"])
        let answer = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(answer.keys.elementsEqual(["data"]))
        let document = try #require(answer["data"] as? [String: Any])
        #expect(document["offering_id"] as? String == "SG-TOWER-4")
        #expect(document["outcome"] as? String == "prorated")
        let lines = try #require(document["lines"] as? [[String: String]])
        #expect(lines.count == 8)
        #expect(lines.first?["payable"] == "31840449365509.33")
    }

    private static let header = "subscription_id,investor_id,submitted_at,action,units\n"
    private static let good = "S1,INV-A,2026-03-02T01:00:00Z,apply,5\n"

    /// What follows the header, and how the one line on standard error goes on after the file's name.
    private static let badLogs: [(String, String)] = [
        (
            good + "S2,INV-B,2026-03-03T00:00:00Z,withdraw,5\n",
            ":3:4: action must be apply, amend or cancel, not \"withdraw\""
        ),
        (good + "S2,INV-A,2026-03-03T00:00:00Z,amend,5\n", ":3:1: subscription_id names no live subscription to amend"),
        (
            good + "S2,INV-A,2026-03-03T00:00:00Z,cancel,\n",
            ":3:1: subscription_id names no live subscription to cancel"
        ),
        (
            good + "S1,INV-A,2026-03-03T00:00:00Z,cancel,0\nS1,INV-A,2026-03-03T00:00:01Z,amend,1\n",
            ":4:1: subscription_id names no live"
        ),
        (good + "S1,INV-B,2026-03-03T00:00:00Z,amend,5\n", ":3:2: investor_id is not the investor who applied"),
        (good + "S1,INV-B,2026-03-03T00:00:00Z,cancel,\n", ":3:2: investor_id is not the investor who applied"),
        (good + "S1,INV-A,2026-03-03T00:00:00Z,apply,5\n", ":3:1: subscription_id has been applied for already"),
        (good + "S1,INV-B,2026-03-03T00:00:00Z,apply,5\n", ":3:1: subscription_id has been applied for already"),
        (
            good + "S1,INV-A,2026-03-03T00:00:00Z,cancel,0\nS1,INV-A,2026-03-04T00:00:00Z,apply,5\n",
            ":4:1: subscription_id has been applied for already"
        ),
        (good + "S2,INV-B,2026-03-03T00:00:00Z,apply,-5\n", ":3:5: units must be a whole number from 1 to"),
        (good + "S2,INV-B,2026-03-03T00:00:00Z,apply,0\n", ":3:5: units must be a whole number from 1 to"),
        (good + "S2,INV-B,2026-03-03T00:00:00Z,apply,\n", ":3:5: units must be a whole number from 1 to"),
        (
            good + "S2,INV-B,2026-03-03T00:00:00Z,apply,1.5\n",
            ":3:5: units must be a whole number from 1 to 18446744073709551615, not \"1.5\""
        ),
        (good + "S2,INV-B,2026-03-03T00:00:00Z,apply,1e3\n", ":3:5: units must be"),
        (good + "S2,INV-B,2026-03-03T00:00:00Z,apply,18446744073709551616\n", ":3:5: units must be"),
        (good + "S1,INV-A,2026-03-03T00:00:00Z,amend,0\n", ":3:5: units must be"),
        (
            good + "S1,INV-A,2026-03-03T00:00:00Z,cancel,5\n",
            ":3:5: units must be 0 or empty where the action is cancel"
        ),
        (good + "S2,INV-B,2026-03-01T00:00:00Z,apply,5\n", ":3:3: submitted_at must not be before the row above"),
        (good + "S2,INV-B,2026-02-30T00:00:00Z,apply,5\n", ":3:3: submitted_at must be a time such as"),
        (good + "S2,INV-B,yesterday,apply,5\n", ":3:3: submitted_at must be a time such as"),
        (
            good + "S2,INV-B,2026-03-16T09:00:00.001Z,apply,5\n",
            ":3:3: submitted_at must not be after the offering's closes_at"
        ),
        (good + "S2,INV-B,2026-03-03T00:00:00Z,apply\n", ":3:5: the row has 4 of the 5 columns"),
        (good + "S2,INV-B,2026-03-03T00:00:00Z,apply,5,6\n", ":3:6: the row has more than the 5 columns"),
        (good + "S2,\"INV-B,2026-03-03T00:00:00Z,apply,5\n", ":3:2: this field's quote is never closed"),
        (good + "S2,INV-Z,2026-03-03T00:00:00Z,apply,5\n", ":3:2: investor_id is not one of the investors"),
        (good + "S2,,2026-03-03T00:00:00Z,apply,5\n", ":3:2: investor_id: investor id must not be empty"),
        (good + "S2,INV/A,2026-03-03T00:00:00Z,apply,5\n", ":3:2: investor_id: investor id must not hold"),
        // Of several faults that only the whole log shows, the first is named, whatever the order of ids.
        (
            "S9,INV-I,2026-03-03T00:00:00Z,amend,5\nS1,INV-A,2026-03-03T00:00:00Z,amend,5\n",
            ":2:1: subscription_id names no live"
        ),
    ]

    @Test(arguments: badLogs.indices)
    func `a bad row of the log is refused with its place, and nothing is printed`(index: Int) async throws {
        let (rows, message) = Self.badLogs[index]
        let folder = try Folder()
        let log = try folder.write(Self.header + rows, as: "subscriptions.csv")
        let hard = Self.fixtures.appending(path: "sg-tower-hard").path
        let outcome = try await run([
            "--offering", hard + "/offering.json", "--investors", hard + "/investors.csv", "--subscriptions", log,
        ])
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.messages.hasPrefix("saga-runner allot: \(log)\(message)"), "\(outcome.messages)")
        #expect(outcome.messages.filter { $0 == "\n" }.count == (index == 27 ? 2 : 1), "one line for each bad row")
    }

    @Test func `a row at the closing moment and units of 64 bits are taken`() async throws {
        let folder = try Folder()
        let rows = Self.good + "S2,INV-B,2026-03-16T09:00:00.000Z,apply,18446744073709551615\n"
        let log = try folder.write(Self.header + rows, as: "subscriptions.csv")
        let hard = Self.fixtures.appending(path: "sg-tower-hard").path
        let outcome = try await run(["--offering", hard + "/offering.json", "--subscriptions", log])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("\nINV-B,18446744073709551615,454863562364422,"))
    }

    @Test func `bad investors are refused with their place`() async throws {
        let folder = try Folder()
        let header =
            "investor_id,name,email,escrow_account,deposit_account,token_account,token_address,bank_account,bank_bic\n"
        let (one, two) = ("0x" + String(repeating: "a", count: 40), "0x" + String(repeating: "B", count: 40))
        let row = "INV-A,N,e@f,ESC,DEP,TOK,\(one),1,DBSSSGSG\n"
        let tail = "\(two),1,DBSSSGSGXXX\n"
        for (text, message) in [
            (header + row + "INV-B,N,,E,D,T,\(two),1,\n" + row, ":4:1: investor_id is listed already"),
            (header + row + "INV-B,N,e@f,ESC,D,T,\(tail)", ":3:4: escrow_account is the one of line 2; no two"),
            (header + row + "INV-B,N,e@f,E,DEP,TOK,\(tail)", ":3:5: deposit_account is the one of line 2; no two"),
            (
                header + row + "INV-B,N,e@f,E,D,T,\(tail)INV-C,N,e@f,E3,D3,T,\(tail)INV-D,N,e@f,E,D4,T4,\(tail)",
                ":4:6: token_account is the one of line 3; no two"
            ),
            (header + "INV-A,N,e@f,,DEP,TOK,\(tail)", ":2:4: escrow_account: account must not be empty"),
            ("name\n" + row, ":1:1: the header must be exactly \"investor_id,name,"),
        ] {
            let (path, outcome) = try await refused(investors: text, in: folder)
            #expect(outcome.messages.hasPrefix("saga-runner allot: \(path)\(message)"), "\(outcome.messages)")
        }
    }

    /// Allots with these investors, which must be refused without a word on standard output.
    private func refused(investors text: String, in folder: Folder) async throws -> (String, Outcome) {
        let hard = Self.fixtures.appending(path: "sg-tower-hard").path
        let investors = try folder.write(text, as: "investors.csv")
        let outcome = try await run([
            "--offering", hard + "/offering.json", "--subscriptions", hard + "/subscriptions.csv", "--investors",
            investors,
        ])
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        return (investors, outcome)
    }

    @Test func `a BIC, address, mail address or id of an impossible form is refused without being told`() async throws {
        let folder = try Folder()
        let address = "0x" + String(repeating: "0", count: 40)
        let header =
            "investor_id,name,email,escrow_account,deposit_account,token_account,token_address,bank_account,bank_bic\n"
        func row(_ id: String = "I", mail: String = "a@b", at: String = address, bic: String = "DBSSSGSG") -> String {
            "\(id),N,\(mail),E,D,T,\(at),1,\(bic)\n"
        }
        let bad: [(String, String)] =
            ["DBSSSGS", "DBSSSGSGX", "DBSSSGSGXX", "DBSS5GSG", "dbsssgsg", "DBSSSG-G"].map {
                (row(bic: $0), ":2:9: bank_bic must be a BIC")
            }
            + ["0x1", address + "0", String(address.dropLast()) + "g", "00" + address.dropFirst(2)].map {
                (row(at: $0), ":2:7: token_address must be 0x and 40")
            }
            + ["e", "@b", "a@", "a@b@c", "a b@c"].map { (row(mail: $0), ":2:3: email must be one @") }
            + ["=1", "+1", "-1", "@a"].map { (row($0), ":2:1: investor_id must not begin with =") }
        for (text, message) in bad {
            let (path, outcome) = try await refused(investors: header + text, in: folder)
            #expect(outcome.messages.hasPrefix("saga-runner allot: \(path)\(message)"), "\(outcome.messages)")
        }
        let (_, outcome) = try await refused(investors: header + row(mail: "private"), in: folder)
        #expect(!outcome.messages.contains("private"))
    }

    @Test func `up to twenty bad rows are named, and the others counted`() async throws {
        let folder = try Folder()
        let offering = Self.fixtures.appending(path: "sg-tower-hard").path + "/offering.json"
        let bad = (0..<50).map { "S2,INV-B,2026-03-03T00:00:00Z,\($0 < 25 ? "apply,0" : "sell,1")\n" }.joined()
        let form = try folder.write(Self.header + Self.good + bad, as: "form.csv")
        let repeated = (1...23).map { "S1,INV-A,2026-03-03T00:00:\($0 + 10)Z,apply,5\n" }.joined()
        let whole = try folder.write(Self.header + Self.good + repeated, as: "whole.csv")
        for (log, column, count, first) in [(form, 5, 50, 3), (whole, 1, 23, 3)] {
            let outcome = try await run(["--offering", offering, "--subscriptions", log])
            #expect(outcome.status == 1 && outcome.output.isEmpty)
            let lines = outcome.messages.split(separator: "\n")
            #expect(lines.count == 21)
            #expect(lines.first?.hasPrefix("saga-runner allot: \(log):\(first):\(column): ") == true)
            #expect(lines.dropFirst().first?.hasPrefix("\(log):\(first + 1):\(column): ") == true)
            #expect(lines.last == "and \(count - 20) more")
        }
        // The book's own checks see the rows above and beside a row of bad form.
        let mixed = try folder.write(
            Self.header + Self.good + "S2,INV-A,2026-03-01T00:00:00Z,apply,5\nS3,INV-A,2026-03-04T00:00:00Z,apply,x\n",
            as: "mixed.csv")
        let outcome = try await run(["--offering", offering, "--subscriptions", mixed])
        #expect(outcome.messages.contains("\(mixed):3:3: submitted_at must not be before"))
        #expect(outcome.messages.contains("\(mixed):4:5: units must be"))
    }

    @Test func `an id with a comma or a quote is quoted on the way out`() async throws {
        let folder = try Folder()
        let log = try folder.write(
            Self.header + "S1,\"a,\"\"b\"\"\",2026-03-02T01:00:00Z,apply,5\n", as: "subscriptions.csv")
        let hard = Self.fixtures.appending(path: "sg-tower-hard").path
        let outcome = try await run(["--offering", hard + "/offering.json", "--subscriptions", log])
        #expect(outcome.output.hasSuffix("\n\"a,\"\"b\"\"\",5,5,0.35,0.00\n"))
    }

    @Test(arguments: [
        [], ["--offering", "x"], ["--subscriptions", "x"], ["--offering"], ["--offering", "--subscriptions", "x"],
        ["--what", "x"], ["extra"], ["--offering", "a", "--offering", "b", "--subscriptions", "c"],
    ])
    func `wrong usage ends with 2`(arguments: [String]) async throws {
        let outcome = try await run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.messages.contains("--help"))
    }

    @Test func `help is printed with an example`() async throws {
        let outcome = try await run(["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("Example:"))
    }

    @Test func `a file that is missing and terms that cannot be are named`() async throws {
        let missing = try await run(["--offering", "/nonexistent.json", "--subscriptions", "x"])
        #expect(missing.status == 1)
        #expect(missing.messages.contains("cannot open /nonexistent.json"))
        let folder = try Folder()
        let terms = try folder.write("{}", as: "offering.json")
        let bad = try await run(["--offering", terms, "--subscriptions", "x"])
        #expect(bad.status == 1)
        #expect(bad.messages.contains("\(terms): offering_id is missing"))
    }

    @Test func `a reader that has gone is a failure, not a crash`() async throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let folder = try Folder()
        let messages = try FileHandle(forUpdating: URL(filePath: folder.write("", as: "messages")))
        let command = AllotCommand(
            output: OutputFile(descriptor: pipe.fileHandleForWriting.fileDescriptor),
            messages: OutputFile(descriptor: messages.fileDescriptor))
        #expect(await command.run(files("sg-tower-1k")) == 1)
        try messages.seek(toOffset: 0)
        let said = String(decoding: try messages.readToEnd() ?? Data(), as: UTF8.self)
        #expect(said.contains("the reader closed the output"))
    }
}
