internal import SagaEngine
internal import SettlementFlows

/// The digest of a file's rows, field by field.
struct FieldDigest: Sendable {
    private var digest = SHA256Digest()

    /// What has been taken in so far.
    var content: ContentDigest { ContentDigest(bytes: digest.finalize()) }

    /// Takes in a row. Each field is preceded by its length, so that no two rows have the same bytes.
    mutating func feed(_ fields: [String]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        for field in fields {
            withUnsafeBytes(of: UInt32(field.utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: field.utf8)
        }
        digest.update(bytes)
    }
}
