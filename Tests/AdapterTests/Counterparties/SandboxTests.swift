import Adapters
import Foundation
import SagaEngine
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(1))) struct SandboxTests {
    private func directory() throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(path: "sandbox-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }

    @Test func `a sandbox that is started again has forgotten nothing`() async throws {
        let journal = try directory()
        defer { try? FileManager.default.removeItem(atPath: journal) }
        var request: WireRequest?
        try await SandboxBench.run(.custodian) {
            $0.journalDirectory = journal
            $0.preparation = { BenchAccounts.open(in: &$0) }
        } _: { bench in
            await bench.arm([FaultRule(.noticeLost)])
            let sent = try bench.counterparty.render(bench.instruction(1), as: try key())
            _ = await bench.counterparty.deliver(sent)
            // The bank's payment leaves the same escrow account and must be taken up again, too.
            request = sent
            while await bench.effects(of: sent.reference) == 0 {
                _ = await bench.counterparty.find(sent)
            }
        }
        let sent = try #require(request)
        // A crash in the middle of a write leaves a line without its end.
        let path = journal + "/custodian.ndjson"
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"event":"acc"#.utf8))
        try handle.close()
        try await SandboxBench.run(.custodian) {
            $0.journalDirectory = journal
        } _: { bench in
            // The notice is still owed.
            let notice = await bench.finalNotice(about: sent.reference)
            #expect(notice.claim.verdict == .settled)
            guard case .receipt = await bench.counterparty.deliver(sent) else {
                Issue.record("not known any more")
                return
            }
            #expect(await bench.effects(of: sent.reference) == 1)
            let body = await bench.expectDone(.get, "/custody/v1/accounts/ESC-1", [])
            #expect(body.map { String(decoding: $0, as: UTF8.self) }?.contains("998998.50") == true)
        }
    }

    @Test func `a journal with a damaged line is named and not used`() async throws {
        let journal = try directory()
        defer { try? FileManager.default.removeItem(atPath: journal) }
        try Data("{\"event\":\"opened\",\"account\":\"A\"}\nnonsense\n".utf8)
            .write(to: URL(filePath: journal + "/bank.ndjson"))
        let error = await #expect(throws: SandboxError.self) {
            try await SandboxBench.run(.bank) {
                $0.journalDirectory = journal
            } _: { _ in
            }
        }
        #expect(error?.description.contains("bank.ndjson:2") == true)
    }

    @Test func `a journal whose folder would stand in none is told how to make one`() async throws {
        let error = await #expect(throws: SandboxError.self) {
            try await SandboxBench.run(.bank) {
                $0.journalDirectory = "/nowhere/var/sandbox"
            } _: { _ in
            }
        }
        #expect(error?.description.contains("mkdir -p /nowhere/var/sandbox") == true)
    }

    @Test func `an offering's escrow accounts hold what was paid, and everything else is empty`() async throws {
        let data = try directory()
        defer { try? FileManager.default.removeItem(atPath: data) }
        let files = [
            "offering.json": """
            {"offering_id":"O-1","name":"One","currency":"SGD","unit_price":"0.07","units_offered":100,
            "minimum_units":1,"issuer_account":"ISS","treasury_account":"TRE","token_asset":"DABS-O-1",
            "refund_to":"deposit","closes_at":"2026-03-16T09:00:00Z","allotment_at":"2026-03-18T02:00:00Z",
            "time_zone":"Asia/Singapore"}
            """,
            "investors.csv": """
            investor_id,name,email,escrow_account,deposit_account,token_account,token_address,bank_account,bank_bic
            I-1,A,,ESC-1,DEP-1,TOK-1,0x0000000000000000000000000000000000000001,1,DBSSSGSG
            I-2,B,,ESC-2,DEP-2,TOK-2,0x0000000000000000000000000000000000000002,2,DBSSSGSG

            """,
            "subscriptions.csv": """
            subscription_id,investor_id,submitted_at,action,units
            S-1,I-1,2026-03-02T00:00:00Z,apply,9007199254740993
            S-2,I-2,2026-03-02T00:00:01Z,apply,5
            S-3,I-1,2026-03-02T00:00:02Z,apply,10
            S-2,I-2,2026-03-02T00:00:03Z,cancel,
            S-3,I-1,2026-03-02T00:00:04Z,amend,7
            """,
        ]
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(data)/\(name)")) }
        try await SandboxBench.run(.custodian) {
            $0.offerings = [data]
        } _: { bench in
            let http = try HTTPClient()
            let reader = SandboxBooksReader(of: .custodian, address: bench.address, http: http)
            let (first, next) = try await reader.accounts(limit: 5)
            let (rest, end) = try await reader.accounts(after: next, limit: 5)
            #expect(end == nil)
            let held = (first + rest).map { ($0.name, $0["SGD"]) }
            #expect(held.map(\.0) == ["DEP-1", "DEP-2", "ESC-1", "ESC-2", "ISS", "TOK-1", "TOK-2", "TRE"])
            // (2^53 + 1 + 7) units at 0.07
            #expect(held.compactMap(\.1) == ["630503947831870.00"])
            await http.shutdown()
        }
    }

    @Test func `every kind of fault is met, counted and overcome over HTTP`() async throws {
        try await SandboxBench.run(.custodian) {
            $0.preparation = { BenchAccounts.open(in: &$0) }
            $0.faults = FaultPlan(
                rules: FaultKind.allCases.enumerated().map { index, kind in
                    FaultRule(
                        kind, references: kind == .listingLags ? [] : ["*INV-\(index):*"], delay: .milliseconds(20))
                })
        } _: { bench in
            let http = try HTTPClient()
            for index in FaultKind.allCases.indices {
                let saga = "O/fund/INV-\(index)"
                let request = try bench.counterparty.render(bench.instruction(index), as: try key("t", saga))
                // Once for the fault and once to get over it, as the engine does after asking.
                _ = await bench.counterparty.deliver(request)
                _ = await bench.counterparty.find(request)
                _ = await bench.counterparty.deliver(request)
                _ = await bench.counterparty.requestNotice(for: request)
                if FaultKind.allCases[index] == .noticeLost {
                    while await bench.effects(of: request.reference) == 0 { _ = await bench.counterparty.find(request) }
                    _ = await bench.counterparty.requestNotice(for: request)
                }
                _ = await bench.finalNotice(about: request.reference)
            }
            _ = try await SandboxBooksReader(of: .custodian, address: bench.address, http: http).records()
            let body = try #require(await bench.expectDone(.get, "/admin/faults", []))
            let cells = try #require(try JSONValue.parse(body)["faults"]?.arrayValue)
            let met = Set(
                cells.filter { ($0["count"]?.integerValue ?? 0) > 0 }.compactMap { $0["kind"]?.stringValue })
            #expect(Set(FaultKind.allCases.map(\.rawValue)).subtracting(met) == [])
            #expect(bench.shelf.refused == 1)
            #expect(bench.shelf.chunked > 0)
            await http.shutdown()
        }
    }

    @Test func `a notice that is not acknowledged is sent again under its id until it is`() async throws {
        try await SandboxBench.run(.custodian) {
            $0.preparation = { BenchAccounts.open(in: &$0) }
        } _: { bench in
            bench.shelf.refuseNext(3)
            let request = try bench.counterparty.render(bench.instruction(1), as: try key())
            _ = await bench.counterparty.deliver(request)
            _ = await bench.finalNotice(about: request.reference)
            #expect(bench.shelf.ids.count == 4)
            #expect(Set(bench.shelf.ids).count == 1)
        }
    }

    @Test func `callbacks go to each of several addresses in turn`() async throws {
        let away = Locked(0)
        var router = Router()
        router.on(.post, "/webhooks/custodian") { _ in
            away.withLock { $0 += 1 }
            return .text(503, "later")
        }
        let other = try HTTPServer.start(router: router)
        var receiver = ""
        try await SandboxBench.run(.custodian) {
            $0.preparation = { BenchAccounts.open(in: &$0) }
            receiver = $0.callbackAddress ?? ""
        } _: { bench in
            let addresses = ["http://127.0.0.1:\(other.port)/webhooks", receiver].map { "\"\($0)\"" }
            let body = Array(#"{"addresses":[\#(addresses.joined(separator: ","))]}"#.utf8)
            #expect(await bench.expectDone(.put, "/admin/callback", body) != nil)
            for number in 1...3 {
                let request = try bench.counterparty.render(bench.instruction(number), as: try key("transfer\(number)"))
                _ = await bench.counterparty.deliver(request)
                _ = await bench.finalNotice(about: request.reference)
                #expect(away.withLock { $0 } == number)
                #expect(bench.shelf.ids.count == number)
            }
        }
        await other.stop()
    }

    @Test func `a bank payment leaves the custodian's escrow account`() async throws {
        try await SandboxBench.run(.bank) {
            $0.preparation = { BenchAccounts.open(in: &$0) }
        } _: { bench in
            let request = try bench.counterparty.render(bench.instruction(1), as: try key("pay"))
            _ = await bench.counterparty.deliver(request)
            _ = await bench.finalNotice(about: request.reference)
            let escrow = await bench.expectDone(.get, "/custody/v1/accounts/ESC-1", [])
            #expect(escrow.map { String(decoding: $0, as: UTF8.self) }?.contains("998998.50") == true)
            let account = await bench.expectDone(.get, "/bank/v1/accounts/1439024951", [])
            #expect(account.map { String(decoding: $0, as: UTF8.self) }?.contains("1001.50") == true)
        }
    }
}
