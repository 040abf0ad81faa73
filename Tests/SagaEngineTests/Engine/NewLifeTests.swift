import SagaTestKit
import Testing

@testable import SagaEngine

/// A runner under which the data are replaced by an older copy.
@Suite struct NewLifeTests {
    private static func isLease(_ operation: StoreOperation) -> Bool {
        if case .lease = operation { true } else { false }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a runner whose lease is of an earlier life gives everything back and goes on under another name`()
        async throws
    {
        let leases = Locked(0)
        let setup = Bench.Setup(
            wrap: { base in
                HookedStore(
                    base,
                    answering: { operation, result in
                        guard Self.isLease(operation) else { return result }
                        let count = leases.withLock { count in
                            count += 1
                            return count
                        }
                        return count == 2 ? .fenced : result
                    })
            })
        let (held, hold) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        try await Bench.run(setup) { input, saga in
            try await saga.step(.one) {
                begin.yield()
                for await _ in held { break }
                return input
            }
        } then: { bench in
            for await _ in begun { break }
            bench.clock.advance(by: .seconds(6))
            while leases.withLock({ $0 }) < 2 { await Task.yield() }
            hold.finish()
            try await bench.until(.completed)
            let names = bench.events.all.compactMap { event -> String? in
                guard case .startedOver(let name, let error) = event else { return nil }
                return "\(name) \(error.code.rawValue)"
            }
            #expect(names.first == "r1+1 unavailable")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `which life the data are in is asked once the lease is granted`() async throws {
        let leases = Locked(0)
        let setup = Bench.Setup(
            wrap: { base in
                HookedStore(
                    base,
                    beforeCommit: { batch throws(StoreError) in
                        guard batch.contains(where: Self.isLease) else { return }
                        let isFirst = leases.withLock { count in
                            count += 1
                            return count == 1
                        }
                        // What was asked before this moment was answered by the primary before.
                        if isFirst { _ = try await base.commit([.reincarnate(reason: "test")], under: nil) }
                    })
            })
        let seen = Locked<Incarnation?>(nil)
        try await Bench.run(setup) { input, saga in
            try await saga.step(.one) { input }
        } then: { bench in
            try await bench.until(.completed)
            seen.withLock { $0 = bench.runner.services.incarnation }
            #expect(try await bench.memory.incarnation() == bench.runner.services.incarnation)
        }
        #expect(seen.withLock { $0 }?.number == 1)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 2])
    func `sagas that were claimed and cannot be read back are given back`(_ times: Int) async throws {
        let loads = Locked(0)
        let setup = Bench.Setup(
            wrap: { base in
                HookedStore(
                    base,
                    loading: { loaded in
                        // The server that was read from lags behind the one that was written to.
                        let count = loads.withLock { count in
                            count += 1
                            return count
                        }
                        return count <= times ? [] : loaded
                    })
            })
        try await Bench.run(setup) { input, saga in
            try await saga.step(.one) { input }
        } then: { bench in
            try await bench.until(.completed)
            let count = bench.events.all.count { event in
                guard case .startedOver(_, let why) = event else { return false }
                return why.detail == "1 claimed sagas cannot be read back"
            }
            #expect(count == times)
        }
    }
}
