internal import Adapters
internal import Foundation
internal import SagaEngine

/// Several daemons of a theatre that share one PostgreSQL database.
package final class Troupe {
    /// One daemon with all its lives.
    package struct Member {
        package let number: Int
        package fileprivate(set) var process: ChildProcess?
        package fileprivate(set) var api: RunnerAPI?
        fileprivate var lives = 0
        /// Whether it has been stopped by SIGSTOP.
        package var isFrozen = false

        /// Whether it is there and can answer.
        package var isUp: Bool { process?.isRunning == true && api != nil && !isFrozen }
    }

    private let theatre: Theatre
    private let schema: String
    package private(set) var members: [Member]

    /// Writes a daemon's configuration, given the JSON of its store, its name and its outbox.
    package typealias Configuration = (_ store: String, _ runner: String, _ outbox: String) -> String

    /// Describes daemons; each has a URL of its own, since what stands between it and the server may be its own.
    package init(
        _ theatre: Theatre, schema: String, urls: [String], configuration: Configuration? = nil
    ) throws {
        self.theatre = theatre
        self.schema = schema
        members = urls.indices.map { Member(number: $0 + 1) }
        for (index, url) in urls.enumerated() {
            let number = index + 1
            try theatre.write("url-\(number)", url)
            let store =
                #"{"url": {"file": "url-\#(number)"}, "schema": "\#(schema)", "anchor": "anchor-\#(number)"}"#
            let (runner, outbox) = ("runner-\(number)", "outbox-\(number).ndjson")
            try theatre.write(
                "config-\(number).json",
                configuration?(store, runner, outbox)
                    ?? Theatre.impatient(theatre.sandboxAddress, store: store, runner: runner, outbox: outbox))
        }
    }

    /// How many lives there have been of the other version of the program.
    package private(set) var otherLives = 0

    /// Starts a life of one without waiting for it. Neighbours, and the lives of one, are of either version in turn.
    package func launch(_ index: Int) throws {
        members[index].lives += 1
        var program = theatre.options.program
        if let other = theatre.options.otherProgram, !(index + members[index].lives).isMultiple(of: 2) {
            program = other
            otherLives += 1
        }
        members[index].api = nil
        members[index].isFrozen = false
        members[index].process = try ChildProcess(
            "runner-\(index + 1)", program,
            ["serve", "--config", "\(theatre.folder)/config-\(index + 1).json", "--json"], in: theatre.folder,
            life: members[index].lives)
    }

    /// Waits until one answers; `false` when it ended instead, as one does that finds no server.
    package func answers(_ index: Int) async throws -> Bool {
        guard let process = members[index].process, let line = try await process.firstLine(within: .seconds(60)),
            let address = try JSONValue.parse(line)["data"]?["address"]?.stringValue
        else { return false }
        members[index].api = RunnerAPI(address: address, http: theatre.http)
        return true
    }

    /// Starts one, again and again while the server is away, as a supervisor does.
    package func start(_ index: Int) async throws {
        for _ in 0..<60 {
            try launch(index)
            if try await answers(index) { return }
            try await Task.sleep(for: .milliseconds(250))
        }
        throw TheatreFailure("runner-\(index + 1) does not start: \(try members[index].process?.said() ?? "")")
    }

    /// Has notices come to one that is up, the way a balancer does.
    package func balance() async throws {
        guard let up = members.first(where: \.isUp), let api = up.api else { return }
        try await theatre.redirect(to: api.address)
    }

    /// Has notices come to all that are up, one after the other.
    package func balanceAmongAll() async throws {
        let addresses = members.filter(\.isUp).compactMap(\.api).map(\.address)
        guard !addresses.isEmpty else { throw TheatreFailure("no runner is up to take notices") }
        try await theatre.redirect(to: addresses)
    }

    package func signal(_ index: Int, _ number: Int32) { members[index].process?.signal(number) }

    package func freeze(_ index: Int) {
        signal(index, SIGSTOP)
        members[index].isFrozen = true
    }

    package func thaw(_ index: Int) {
        signal(index, SIGCONT)
        members[index].isFrozen = false
    }

    package func kill(_ index: Int) async throws {
        signal(index, SIGKILL)
        _ = try await members[index].process?.end(within: .seconds(20))
        members[index].api = nil
    }

    /// Asks all that are up, one after the other, until one answers as it should; `nil` when none does.
    package func ask<Value>(_ question: (RunnerAPI) async throws -> Value) async -> Value? {
        for api in members.filter(\.isUp).compactMap(\.api) {
            do {
                return try await question(api)
            } catch {
                // It has just been killed, or the database is away: the next one may know.
                continue
            }
        }
        return nil
    }

    /// Hands an offering in, to whoever takes it.
    package func submit(_ offering: MadeUpOffering) async throws {
        for _ in 0..<100 {
            if let status = await ask({ try await $0.settle(offering) }), status == 201 || status == 200 { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw TheatreFailure("\(offering.id) cannot be submitted")
    }

    /// Whether a settlement has ended well; `false` while nobody can say.
    package func hasEnded(_ offering: MadeUpOffering) async throws -> Bool {
        guard let seen = await ask({ try await $0.saga(offering.id) }) else { return false }
        if seen.status == "completed" { return true }
        if ["cancelled", "closed", "stuck"].contains(seen.status) || seen.stuck > 0 {
            throw TheatreFailure(
                "\(offering.id) is \(seen.status), \(seen.stuck) stuck: \(seen.text.prefix(2_000))")
        }
        return false
    }

    /// How many lines of the logs of all lives tell of an event.
    package func count(of event: String) throws -> Int {
        var count = 0
        for member in members where member.lives > 0 {
            for life in 1...member.lives {
                let path = "\(theatre.folder)/runner-\(member.number).\(life).log"
                let text = try String(contentsOfFile: path, encoding: .utf8)
                count += text.split(separator: "\n").count { $0.contains("\"event\":\"\(event)\"") }
            }
        }
        return count
    }

    /// Ends all by SIGTERM, and answers with their exit statuses.
    package func drain() async throws -> [Int32] {
        var statuses: [Int32] = []
        for index in members.indices {
            thaw(index)
            signal(index, SIGTERM)
        }
        for member in members {
            if let process = member.process { statuses.append(try await process.end(within: .seconds(60))) }
        }
        return statuses
    }

    /// Ends what is left, however.
    package func strike() async throws {
        for index in members.indices where members[index].process?.isRunning == true {
            thaw(index)
            try await kill(index)
        }
    }
}
