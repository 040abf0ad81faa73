/// A step of a coding path that is known by position or by name alone.
enum PathIndex: CodingKey {
    case index(Int)
    case name(String)

    init(_ index: Int) { self = .index(index) }
    init(stringValue: String) { self = .name(stringValue) }
    init(intValue: Int) { self = .index(intValue) }

    var stringValue: String {
        switch self {
        case .index(let index): String(index)
        case .name(let name): name
        }
    }

    var intValue: Int? {
        switch self {
        case .index(let index): index
        case .name: nil
        }
    }
}
