public import SagaEngine

/// Answers that were given under an idempotency key, kept for a day, so that a repetition is answered as before.
public struct AnswerBook: Sendable {
    /// How long an answer is kept.
    public static let retention = Span.hours(24)
    /// The largest answer that is kept, in bytes.
    public static let largestAnswer = 1 << 20

    /// Whose key, and what it was used for.
    public struct Question: Hashable, Sendable {
        /// The actor; keys of different actors never meet.
        public let actor: String
        /// The key as the actor chose it.
        public let key: String
        /// The method and path; where there are parameters, `?` and what tells them from any others.
        public let route: String
        /// The SHA-256 of the body.
        public let body: [UInt8]

        /// Describes a question.
        public init(actor: String, key: String, route: String, body: [UInt8]) {
            self.actor = actor
            self.key = key
            self.route = route
            self.body = body
        }
    }

    /// What is known about a question.
    public enum Memory: Sendable, Equatable {
        /// The key is new.
        case unknown
        /// The same was asked and answered.
        case answered(status: Int, body: [UInt8])
        /// The key was used for something else.
        case conflict
    }

    private let tables: any TableExecutor
    private let clock: any SagaClock

    /// Keeps answers in tables that exist, by a clock.
    public init(in tables: any TableExecutor, clock: any SagaClock) {
        self.tables = tables
        self.clock = clock
    }

    /// What is known about a question.
    public func recall(_ question: Question) async throws -> Memory {
        let oldest = clock.now() + Span(milliseconds: -Self.retention.milliseconds)
        return try await tables.read { connection in
            let known = try connection.firstRow(
                "SELECT route, body, status, answer FROM service_answer WHERE actor = ? AND key = ? AND at > ?",
                .text(question.actor), .text(question.key), .integer(oldest.milliseconds)
            ) { row in
                row.text(0).isSameBytes(as: question.route) && row.blob(1) == question.body
                    ? Memory.answered(status: Int(row.int64(2)), body: row.blob(3)) : .conflict
            }
            return known ?? .unknown
        }
    }

    /// Keeps the answer to a question, and forgets the oldest ones.
    public func keep(_ question: Question, status: Int, body: [UInt8]) async throws {
        guard body.count <= Self.largestAnswer else { return }
        let now = clock.now()
        let oldest = now + Span(milliseconds: -Self.retention.milliseconds)
        try await tables.write(.sagas) { connection in
            try connection.atomically {
                try connection.run(
                    """
                    INSERT INTO service_answer(actor, key, route, body, at, status, answer) VALUES(?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT(actor, key) DO UPDATE SET
                        route = excluded.route, body = excluded.body, at = excluded.at, status = excluded.status,
                        answer = excluded.answer
                    """, .text(question.actor), .text(question.key), .text(question.route), .blob(question.body),
                    .integer(now.milliseconds), .integer(Int64(status)), .blob(body))
                try connection.run(
                    """
                    DELETE FROM service_answer WHERE (actor, key) IN
                        (SELECT actor, key FROM service_answer WHERE at <= ? LIMIT 100
                        \(connection.dialect.holdingFree))
                    """, .integer(oldest.milliseconds))
            }
        }
    }
}
