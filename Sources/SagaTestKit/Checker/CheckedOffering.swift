public import SagaEngine

/// What one offering should come to.
public struct CheckedOffering: Sendable {
    /// The settlement.
    public let saga: SagaID
    /// The account that payable money goes to.
    public let issuer: String
    /// The account that units are minted into.
    public let treasury: String
    /// Its lines.
    public let lines: [CheckedLine]

    /// States an offering's end.
    public init(saga: SagaID, issuer: String, treasury: String, lines: [CheckedLine]) {
        self.saga = saga
        self.issuer = issuer
        self.treasury = treasury
        self.lines = lines
    }
}
