internal import SagaEngine
internal import SettlementFlows

extension ConfigReader {
    func retryPolicies() -> [String: RetryPolicy] {
        let section = root.section("retry_policies")
        var policies = ["standard": RetryPolicy.standard]
        for name in section.names {
            let policy = section.section(name)
            policies[name] = retry(policy, attempts: true)
            policy.close()
        }
        return policies
    }

    func noticePolicies() -> [String: NoticePolicy] {
        let section = root.section("notice_policies")
        var policies = ["standard": NoticePolicy.standard]
        for name in section.names {
            let policy = section.section(name)
            let patience = policy.span("patience", in: .zero...(.hours(24 * 30)), default: .minutes(1))
            policies[name] = NoticePolicy(patience: patience, asking: retry(policy, attempts: false))
            policy.close()
        }
        return policies
    }

    func retry(_ section: ConfigSection, attempts: Bool) -> RetryPolicy {
        let range = Span.milliseconds(1)...Span.hours(24 * 7)
        let initial = section.span("initial", in: range, default: attempts ? .milliseconds(200) : .minutes(1))
        var cap = section.span("cap", in: range, default: attempts ? .minutes(5) : .hours(1))
        if cap < initial {
            section.mistake("cap", "is shorter than initial", "the pauses grow from initial to cap")
            cap = initial
        }
        let count = attempts ? section.integer("attempts", in: 1...10_000, default: 10) : 1
        return RetryPolicy(initial: initial, cap: cap, attempts: count)
    }

    func policy<Policy>(
        _ key: String, in section: ConfigSection, _ policies: [String: Policy], standard: Policy, closes: Bool = false
    ) -> Policy {
        defer { if closes { section.close() } }
        let name = section.text(key, default: "standard")
        if let policy = policies[name] { return policy }
        section.mistake(
            key, "names a policy \(name) that there is not",
            "there are " + policies.keys.sorted().joined(separator: ", "))
        return standard
    }

    func moneyInFlight() -> [ByteText: Int128] {
        let section = root.section("money_in_flight")
        var limits: [ByteText: Int128] = [:]
        for asset in section.names {
            let text = section.text(asset)
            if let limit = Self.minorUnits(text, of: asset), limit > 0 {
                limits[ByteText(asset)] = limit
            } else {
                section.mistake(asset, "is no amount above zero", "write major units as a text: \"1000000.00\"")
            }
        }
        return limits
    }

    private static func minorUnits(_ text: String, of asset: String) -> Int128? {
        do {
            guard let currency = Currency(rawValue: asset) else {
                return Int128(try Units(text: text).count)
            }
            return try Money(currency, text: text).minorUnits
        } catch {
            return nil
        }
    }
}
