internal import SagaEngine

/// Listings: pages of orders and of accounts, each with where the next page begins.
extension SandboxDialect {
    /// The most entries on one page.
    public static let pageLimit = 500

    /// The body of a page of orders.
    public static func page(of records: [SandboxRecord], next: String?) -> [UInt8] {
        page("records", records.map(value), next)
    }

    /// The body of a page of accounts.
    public static func page(of accounts: [SandboxAccount], next: String?) -> [UInt8] {
        page("accounts", accounts.map(value), next)
    }

    /// The body that describes one account.
    public static func document(_ account: SandboxAccount) -> [UInt8] {
        value(account).bytes()
    }

    /// The body that asks about some references.
    public static func lookup(_ references: [String]) -> [UInt8] {
        JSONValue.object([.init("references", .array(references.map(JSONValue.string)))]).bytes()
    }

    /// Reads the references that are asked about: 1 to ``pageLimit``.
    public static func lookup(_ body: [UInt8]) throws(SandboxDialectError) -> [String] {
        let values = try entries("references", of: try parse(body))
        guard !values.isEmpty else { throw SandboxDialectError(.unknownValue, "references") }
        var references: [String] = []
        for value in values {
            guard let text = value.stringValue, SandboxReference.isReference(text) else {
                throw SandboxDialectError(.unknownValue, "references")
            }
            references.append(text)
        }
        return references
    }

    /// Reads a page of orders.
    public static func records(_ body: [UInt8]) throws(SandboxDialectError) -> (page: [SandboxRecord], next: String?) {
        let value = try parse(body)
        var records: [SandboxRecord] = []
        for entry in try entries("records", of: value) { records.append(try record(entry)) }
        return (records, value["next"]?.stringValue)
    }

    /// Reads a page of accounts.
    public static func accounts(_ body: [UInt8]) throws(SandboxDialectError) -> (page: [SandboxAccount], next: String?)
    {
        let value = try parse(body)
        var accounts: [SandboxAccount] = []
        for entry in try entries("accounts", of: value) { accounts.append(try account(entry)) }
        return (accounts, value["next"]?.stringValue)
    }

    private static func page(_ name: String, _ entries: [JSONValue], _ next: String?) -> [UInt8] {
        var members: [JSONValue.Member] = [.init(name, .array(entries))]
        if let next { members.append(.init("next", .string(next))) }
        return JSONValue.object(members).bytes()
    }

    private static func entries(_ name: String, of value: JSONValue) throws(SandboxDialectError) -> [JSONValue] {
        guard let entries = value[name]?.arrayValue, entries.count <= pageLimit else {
            throw SandboxDialectError(.missing, name)
        }
        return entries
    }

    private static func value(_ account: SandboxAccount) -> JSONValue {
        .object([
            .init("account", .string(account.name)), .init("standing", .string(account.standing.rawValue)),
            .init("balances", .object(account.balances.map { .init($0.asset, .string($0.amount)) })),
        ])
    }

    private static func account(_ value: JSONValue) throws(SandboxDialectError) -> SandboxAccount {
        guard let name = value["account"]?.stringValue else { throw SandboxDialectError(.missing, "account") }
        guard let standing = value["standing"]?.stringValue.flatMap(AccountStanding.init) else {
            throw SandboxDialectError(.unknownValue, "standing")
        }
        guard let members = value["balances"]?.objectValue else { throw SandboxDialectError(.missing, "balances") }
        var balances: [SandboxAccount.Balance] = []
        for member in members {
            guard let amount = member.value.stringValue else { throw SandboxDialectError(.unknownValue, "balances") }
            balances.append(.init(asset: member.name, amount: amount))
        }
        return SandboxAccount(name: name, standing: standing, balances: balances)
    }
}
