internal import SagaEngine

/// A print as the JSON that is stored and that its link in the audit chain is made of: names in byte order, what is
/// absent left out.
enum PrintText {
    static func write(_ print: OperatorPrint) -> String {
        var members: [JSONValue.Member] = [
            JSONValue.Member("action", .string(print.action)),
            JSONValue.Member("actor", .string(print.actor)),
            JSONValue.Member("detail", .string(print.detail)),
            JSONValue.Member("outcome", .string(print.outcome)),
            JSONValue.Member("reason", .string(print.reason)),
            JSONValue.Member("role", .string(print.role)),
        ]
        if let saga = print.saga { members.append(JSONValue.Member("saga", .string(saga.rawValue))) }
        if let version = print.version { members.append(JSONValue.Member("version", .number(JSONNumber(version)))) }
        return JSONValue.object(members).text()
    }

    static func read(_ text: [UInt8]) throws(StoreError) -> OperatorPrint {
        do {
            return try JournalDecoder().decode(OperatorPrint.self, from: text)
        } catch {
            throw StoreError(.corrupt, "an operator's print cannot be read: \(error)")
        }
    }
}
