public import SagaEngine

/// The right to do what one process at a time does, of all that share the tables: to drain the outbox, to keep a
/// schedule.
///
/// Each taking is a turn with a number of its own. The clock decides who may take it, never what may be written: what
/// is written in a turn is written while its row is held, so a holder that stood still while another took over writes
/// nothing any more. What it does outside of the tables may happen beside what the other does.
public struct ServiceLease: Sendable {
    /// A turn that was taken.
    public struct Turn: Sendable, Equatable {
        /// Its number; each one is higher than all before.
        public let number: Int64
        /// When another may take the lease, unless it is prolonged.
        public fileprivate(set) var expires: Timestamp
    }

    /// The turn is over: another has taken the lease, or it was given back.
    public struct Lost: Error, Equatable, CustomStringConvertible {
        /// What the lease is for.
        public let name: String

        /// Says so.
        public var description: String { "another process has taken over: \(name)" }
    }

    /// What it is for.
    public let name: String
    /// How long it is had without being prolonged.
    public let length: Span
    private let holder: String
    private let tables: any TableExecutor
    private let clock: any SagaClock

    /// A lease in tables that exist, by the one clock of all who share them; `holder` is for those who look there.
    public init(_ name: String, holder: String, length: Span, in tables: any TableExecutor, clock: any SagaClock) {
        self.name = name
        self.holder = holder
        self.length = length
        self.tables = tables
        self.clock = clock
    }

    /// Takes the lease for a turn; `nil` while another has it.
    public func take() async throws -> Turn? {
        let (name, holder, now) = (name, holder, clock.now())
        let expires = now + length
        // Whoever only looks whether it is free writes nothing.
        let isHeld = try await tables.read { connection in
            try connection.firstRow(
                "SELECT 1 FROM service_lease WHERE name = ? AND expires > ?", .text(name), .integer(now.milliseconds)
            ) { _ in true } ?? false
        }
        guard !isHeld else { return nil }
        // In a transaction: what RETURNING has answered outside of one may still fail to be committed.
        let number = try await tables.write(.sagas) { connection in
            try connection.atomically {
                try connection.firstRow(
                    """
                    INSERT INTO service_lease(name, holder, turn, expires) VALUES(?1, ?2, 1, ?3)
                    ON CONFLICT(name) DO UPDATE SET
                        holder = excluded.holder, turn = service_lease.turn + 1, expires = excluded.expires
                    WHERE service_lease.expires <= ?4 RETURNING turn
                    """, .text(name), .text(holder), .integer(expires.milliseconds), .integer(now.milliseconds)
                ) { $0.int64(0) }
            }
        }
        return number.map { Turn(number: $0, expires: expires) }
    }

    /// Has the lease for its whole length from now; also when that was over and nobody has taken it.
    ///
    /// - Throws: ``Lost``.
    public func prolong(_ turn: inout Turn) async throws {
        try await perform(in: &turn) { _ in }
    }

    /// Writes what may be written in this turn alone, and prolongs it: all of it, or nothing when the turn is over.
    ///
    /// - Throws: ``Lost``, or what the job throws.
    public func perform<Value: Sendable>(
        in turn: inout Turn, _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        let (name, number, expires) = (name, turn.number, clock.now() + length)
        let value = try await tables.write(.sagas) { connection in
            try connection.atomically {
                let held = try connection.run(
                    "UPDATE service_lease SET expires = ? WHERE name = ? AND turn = ?",
                    .integer(expires.milliseconds), .text(name), .integer(number))
                guard held == 1 else { throw Lost(name: name) }
                return try job(connection)
            }
        }
        turn.expires = expires
        return value
    }

    /// Lets another have it at once; nothing happens when the turn is over.
    public func giveBack(_ turn: Turn) async throws {
        let name = name
        _ = try await tables.write(.sagas) { connection in
            try connection.run(
                "UPDATE service_lease SET turn = turn + 1, expires = 0 WHERE name = ? AND turn = ?", .text(name),
                .integer(turn.number))
        }
    }

    /// Ends every turn, in tables whose other users are known to be gone.
    public static func endAll(in tables: any TableExecutor) async throws {
        _ = try await tables.write(.sagas) { connection in
            try connection.run("UPDATE service_lease SET turn = turn + 1, expires = 0 WHERE expires > 0")
        }
    }
}
