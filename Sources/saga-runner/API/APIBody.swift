internal import Adapters
internal import SagaEngine

/// A request's JSON body: exactly the members the route knows, nothing more.
struct APIBody {
    private let value: JSONValue

    /// Reads a body.
    init(_ request: HTTPServerRequest, members: [String]) throws {
        value = request.body.isEmpty ? .object([]) : try Self.parsed(request.body)
        guard let given = value.objectValue else { throw APIFault.invalid("the body must be a JSON object") }
        for member in given where !members.contains(member.name) {
            let known = members.joined(separator: ", ")
            throw APIFault.invalid("\(member.name.prefix(60)) is no member of this body; there are \(known)")
        }
    }

    private static let limits = CodecLimits(maxBytes: 4 << 20, maxDepth: 32)

    private static func parsed(_ body: [UInt8]) throws -> JSONValue {
        do {
            return try JSONValue.parse(body, limits: limits)
        } catch {
            guard error.code == .tooDeep else { throw error }
            throw APIFault.invalid(
                "the body: objects and arrays are nested too deeply at byte \(error.offset); nest them at most "
                    + "\(limits.maxDepth) deep")
        }
    }

    /// The longest text of a reason or a name, in bytes.
    static let longestText = 2_000

    /// A value as it is.
    subscript(name: String) -> JSONValue? {
        let member = value[name]
        return member?.isNull == true ? nil : member
    }

    /// A text that must be there.
    func text(_ name: String, longest: Int = longestText) throws -> String {
        guard let text = try optionalText(name, longest: longest) else { throw APIFault.invalid("\(name) is missing") }
        return text
    }

    /// The operator's reason, fit to be kept in a print.
    func reason() throws -> String {
        let reason = try text("reason")
        try Operations.check(reason: reason)
        return reason
    }

    /// A text that may be there.
    func optionalText(_ name: String, longest: Int = longestText) throws -> String? {
        guard let member = self[name] else { return nil }
        guard let text = member.stringValue, text.contains(where: { !$0.isWhitespace }), text.utf8.count <= longest
        else {
            throw APIFault.invalid("\(name) must be a text of 1 to \(longest) bytes that is more than spaces")
        }
        return text
    }

    /// A truth value that may be there.
    func flag(_ name: String) throws -> Bool? {
        guard let member = self[name] else { return nil }
        guard let flag = member.boolValue else { throw APIFault.invalid("\(name) must be true or false") }
        return flag
    }

    /// A whole number that may be there.
    func number(_ name: String) throws -> Int? {
        guard let member = self[name] else { return nil }
        guard let number = member.integerValue, let integer = Int(exactly: number), integer >= 0 else {
            throw APIFault.invalid("\(name) must be a whole number")
        }
        return integer
    }

    /// Bytes in base64 that must be there.
    func bytes(_ name: String, largest: Int) throws -> [UInt8] {
        guard let text = self[name]?.stringValue, let bytes = Base64.decode(text), bytes.count <= largest else {
            throw APIFault.invalid("\(name) must be base64 of at most \(largest) bytes")
        }
        return bytes
    }
}
