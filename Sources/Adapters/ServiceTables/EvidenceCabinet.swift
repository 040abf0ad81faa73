public import SagaEngine

/// Documents that operators brought as evidence, each under its own SHA-256; nothing is ever taken out.
public struct EvidenceCabinet: Sendable {
    /// The largest document, in bytes.
    public static let largestDocument = 2 << 20
    /// The most documents.
    public static let limit = 100_000

    /// A document as it was kept.
    public struct Document: Sendable, Equatable {
        /// The file's name as the operator gave it.
        public let name: String
        /// Its bytes.
        public let content: [UInt8]
    }

    private let tables: any TableExecutor
    private let clock: any SagaClock

    /// Keeps documents in tables that exist, by a clock.
    public init(in tables: any TableExecutor, clock: any SagaClock) {
        self.tables = tables
        self.clock = clock
    }

    /// Keeps a document; answers with its SHA-256 in hexadecimal. The same document again is the same.
    public func keep(_ content: [UInt8], name: String, by actor: String) async throws -> String {
        let digest = Hex.encode(SHA256Digest.hash(content))
        let now = clock.now()
        try await tables.write(.sagas) { connection in
            let count = try connection.firstRow("SELECT count(*) FROM service_evidence") { $0.int64(0) } ?? 0
            guard count < Int64(Self.limit) else {
                throw StoreError(
                    .unavailable, "\(Self.limit) documents are kept already: move the store to a larger one")
            }
            try connection.run(
                """
                INSERT INTO service_evidence(digest, name, actor, at, content) VALUES(?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """, .text(digest), .text(name), .text(actor), .integer(now.milliseconds), .blob(content))
        }
        return digest
    }

    /// A document by its SHA-256 in hexadecimal; `nil` when there is none.
    public func document(_ digest: String) async throws -> Document? {
        try await tables.read { connection in
            try connection.firstRow(
                "SELECT name, content FROM service_evidence WHERE digest = ?", .text(digest)
            ) { Document(name: $0.text(0), content: $0.blob(1)) }
        }
    }
}
