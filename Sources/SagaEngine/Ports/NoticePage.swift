/// The fresh notices that a saga is read back with: the first ones about each instruction, however many there are.
///
/// A turn decides about at least one notice of the instruction that it waits for, and looks again while any were left
/// out; so none is lost, and a flood about one instruction keeps no other's notice waiting.
public struct NoticePage: Sendable {
    /// The most about one instruction.
    public static let referenceLimit = 16
    /// The most altogether.
    public static let limit = 256

    /// Those that the saga is read back with, in order of arrival.
    public private(set) var notices: [StoredNotice] = []
    /// The first one that was left out, if any was.
    public private(set) var firstLeftOut: Int64?
    /// How many there are about each instruction; counted once there may be too many.
    private var counts: [SentReference: Int] = [:]

    /// An empty page.
    public init() {}

    /// Whether there is room for the next notice; one without room is noted as left out.
    public mutating func hasRoom(for number: Int64, about reference: @autoclosure () -> SentReference) -> Bool {
        if notices.count < Self.referenceLimit { return true }
        if counts.isEmpty { for notice in notices { counts[notice.notice.reference, default: 0] += 1 } }
        if notices.count < Self.limit, counts[reference(), default: 0] < Self.referenceLimit { return true }
        firstLeftOut = firstLeftOut ?? number
        return false
    }

    /// Takes the next notice in the order of arrival, for which there is room.
    public mutating func take(_ notice: StoredNotice) {
        notices.append(notice)
        if !counts.isEmpty { counts[notice.notice.reference, default: 0] += 1 }
    }
}
