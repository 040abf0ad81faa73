public import SagaEngine
public import SettlementFlows

/// The other offerings in a store, by its offering book and the sagas that settle them.
public struct StoredNeighbours: OfferingNeighbours {
    private let tables: any TableExecutor
    private let sagas: any SagaArchive

    /// Reads an offering book's tables, and the sagas of its offerings.
    public init(tables: any TableExecutor, sagas: any SagaArchive) {
        self.tables = tables
        self.sagas = sagas
    }

    /// The other offerings that have not ended; one that is sealed and not handed in counts as one that waits.
    public func unsettled(besides offering: OfferingID) async throws(OfferingBookError) -> [NeighbourOffering] {
        var found: [NeighbourOffering] = []
        var isEarlier = true
        for (id, terms) in try await sealed() {
            guard !id.isSameBytes(as: offering.rawValue) else {
                isEarlier = false
                continue
            }
            let saga = try await settlement(of: id)
            if let saga, saga.standing.status.isTerminal { continue }
            found.append(
                NeighbourOffering(
                    offering: try Self.offering(terms), isEarlier: isEarlier,
                    isMoving: saga?.standing.pivoted ?? false))
        }
        return found
    }

    /// The ids and terms of all that is sealed, in that order.
    private func sealed() async throws(OfferingBookError) -> [(id: String, terms: [UInt8])] {
        try await tables.performOnBook { connection in
            var all: [(id: String, terms: [UInt8])] = []
            try connection.forEachRow("SELECT offering_id, terms FROM offering_book ORDER BY book") { row in
                all.append((row.text(0), row.blob(1)))
            }
            return all
        }
    }

    private func settlement(of offering: String) async throws(OfferingBookError) -> SagaRow? {
        guard let id = SagaID(rawValue: offering) else { return nil }
        do throws(StoreError) {
            return try await sagas.row(of: id)
        } catch {
            throw .storage(code: error.code.rawValue)
        }
    }

    /// The lines of a sealed offering that were paid from some accounts.
    public func claims(
        of neighbour: OfferingID, on accounts: [AccountID]
    ) async throws(OfferingBookError) -> [EscrowClaim] {
        try await tables.performOnBook { connection in
            guard let record = try BookRecord.find(neighbour, in: connection), let load = record.investorLoad else {
                return []
            }
            let rows = OfferingBookSchema.rows(of: load)
            var claims: [EscrowClaim] = []
            for account in accounts {
                try connection.forEachRow(
                    """
                    SELECT d.investor_id, d.units FROM offering_investor i
                    JOIN offering_demand d ON d.book = ?1 AND d.investor_id = i.investor_id
                    WHERE i.escrow_account = ?2 AND i.row BETWEEN ?3 AND ?4
                    """, .integer(record.number), .text(account.rawValue), rows.first, rows.last
                ) { claims.append(try claim($0, on: account, of: record)) }
            }
            return claims.sorted { $0.investor < $1.investor }
        }
    }

    private static func offering(_ terms: [UInt8]) throws(OfferingBookError) -> Offering {
        do throws(CodecError) {
            return try JournalDecoder().decode(Offering.self, from: terms)
        } catch {
            throw OfferingBookError(failureOf: OfferingBookDamage(table: "offering_book"))
        }
    }

    private func claim(
        _ row: any TableRow, on account: AccountID, of record: BookRecord
    ) throws -> EscrowClaim {
        guard let investor = InvestorID(rawValue: row.text(0)), let units = WideInteger.read(row, 1) else {
            throw OfferingBookDamage(table: "offering_demand")
        }
        do throws(MoneyError) {
            return EscrowClaim(
                account: account, investor: investor, paid: try record.offering.unitPrice.times(Units(units)))
        } catch {
            throw OfferingBookError.arithmetic(record.offering.id, error)
        }
    }
}
