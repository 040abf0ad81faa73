extension SealedOffering: Codable {
    private enum Key: String, CodingKey { case offering, input }

    /// Reads the terms and the digest.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            offering: try values.decode(Offering.self, forKey: .offering),
            input: try values.decode(ContentDigest.self, forKey: .input))
    }

    /// Writes the terms and the digest: a saga's input, in which any other content is another input.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(offering, forKey: .offering)
        try values.encode(input, forKey: .input)
    }
}
