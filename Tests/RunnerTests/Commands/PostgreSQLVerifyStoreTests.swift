import Foundation
import Testing

@testable import saga_runner

@Suite struct PostgreSQLVerifyStoreTests {
    private static let variables = ProcessInfo.processInfo.environment
    private static let url = variables["SAGA_TEST_POSTGRES"] ?? ""

    /// `PostgreSQLStoreTests` checks them all; here it is the command that is looked at.
    @Test(.enabled(if: !url.isEmpty, "no PostgreSQL server: run scripts/with-postgres"))
    func `the laws are checked in the database that a variable names`() async throws {
        let run = try await CommandLineRun.of(
            ["verify-store", "--url-env", "THERE", "--law", "seal", "--json"], variables: ["THERE": Self.url])
        #expect(run.status == 0)
        #expect(run.output.contains(#""broken":0"#) && run.output.contains(#""kept":true"#))
        #expect(!run.output.contains(Self.url) && !run.messages.contains(Self.url))
    }

    @Test func `a database that cannot be reached is named once, by its variable`() async throws {
        let run = try await CommandLineRun.of(
            ["verify-store", "--url-env", "THERE"], variables: ["THERE": "postgresql://nobody:secret@127.0.0.1:1/none"])
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.messages.contains("THERE") && run.messages.contains("cannot connect"))
        #expect(!run.messages.contains("secret"))
    }

    @Test func `a law that there is not is wrong usage, and nothing is checked`() async throws {
        let run = try await CommandLineRun.of(
            ["verify-store", "--url-env", "THERE", "--law", "gravity"], variables: ["THERE": Self.url])
        #expect(run.status == 2)
        #expect(run.output.isEmpty && run.messages.contains("--law gravity"))
    }

    @Test func `a variable that is not there is wrong usage`() async throws {
        let run = try await CommandLineRun.of(["verify-store", "--url-env", "NOWHERE"], variables: [:])
        #expect(run.status == 2)
        #expect(run.messages.contains("NOWHERE"))
    }
}
