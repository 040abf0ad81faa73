/// One value or member name of a checked JSON text: where it lies, not what it says.
///
/// The tokens of a text form a tape in the order of the text. An object's token is followed by name, value, name,
/// value, …; an array's by its elements; `next` leads past everything a token contains.
struct JSONToken {
    enum Kind: UInt8 {
        case null, yes, no, integer, fraction, string, object, array
    }

    /// The first byte; for a string the one after the quote.
    var start: UInt32
    /// The byte after the last; for a string the closing quote.
    var end: UInt32
    /// The index of the token after this one and its contents.
    var next: UInt32
    /// An object: the name found last, where the next search begins. An array: the number of its elements.
    var mark: UInt32 = 0
    let kind: Kind
    /// Whether a string contains escapes.
    var isEscaped = false

    var range: Range<Int> { Int(start)..<Int(end) }
}
