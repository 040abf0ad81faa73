public import SettlementFlows

extension OfferingTables {
    /// A page of published allotments.
    public func allotments(
        of offering: OfferingID, input: ContentDigest, after: InvestorID?, limit: Int
    ) async throws(OfferingBookError) -> [InvestorAllotment] {
        let record = try await published(offering, input)
        let rows = min(max(limit, 0), Self.largestPage)
        return try await perform { try LineReading.allotments(of: record, after: after, limit: rows, in: $0) }
    }

    /// A page of published lines.
    public func lines(
        of offering: OfferingID, input: ContentDigest, after: InvestorID?, limit: Int
    ) async throws(OfferingBookError) -> [AllotmentLine] {
        let record = try await published(offering, input)
        guard let load = record.investorLoad else { throw .notLoaded(offering, .investors) }
        let rows = min(max(limit, 0), Self.largestPage)
        return try await perform {
            try LineReading.lines(of: record, investorLoad: load, after: after, limit: rows, in: $0)
        }
    }

    /// One published line.
    public func line(
        of investor: InvestorID, in offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> AllotmentLine? {
        let record = try await published(offering, input)
        guard let load = record.investorLoad else { throw .notLoaded(offering, .investors) }
        return try await perform {
            try LineReading.line(of: investor, in: record, investorLoad: load, connection: $0)
        }
    }

    /// One investor with what is personal.
    public func investor(
        _ id: InvestorID, in offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> Investor? {
        let record = try await record(of: offering, input: input)
        guard let load = record.investorLoad else { throw .notLoaded(offering, .investors) }
        return try await perform { try LineReading.investor(id, load: load, in: $0) }
    }

    /// The terms of a sealed offering.
    public func sealed(_ offering: OfferingID) async throws(OfferingBookError) -> SealedOffering? {
        try await perform { connection in
            try BookRecord.find(offering, in: connection).map { SealedOffering(offering: $0.offering, input: $0.input) }
        }
    }

    func published(
        _ offering: OfferingID, _ input: ContentDigest
    ) async throws(OfferingBookError) -> BookRecord {
        let record = try await record(of: offering, input: input)
        guard record.summary != nil else { throw .notAllotted(offering) }
        return record
    }
}
