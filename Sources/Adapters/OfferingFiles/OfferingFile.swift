internal import Foundation
internal import SagaEngine
public import SettlementFlows

/// Reads `offering.json`: exactly its keys, nothing more and nothing less, every value checked.
public enum OfferingFile {
    /// The largest file that is read, in bytes.
    public static let largestBytes = 64 * 1_024

    /// The offering in the bytes of a file; throws an error that names the key that is wrong.
    ///
    /// Units are JSON numbers or strings of digits; the price is a string, because a JSON number is a double to many.
    public static func read(_ bytes: [UInt8]) throws(OfferingError) -> Offering {
        let values = try members(bytes)
        let currency = try currency(values)
        return try Offering(
            id: name(values, .id), name: text(values, .name), unitPrice: price(values, currency),
            unitsOffered: units(values, .unitsOffered), minimumUnits: units(values, .minimumUnits),
            issuerAccount: name(values, .issuerAccount), treasuryAccount: name(values, .treasuryAccount),
            tokenAsset: name(values, .tokenAsset), refundTo: refundRoute(values), closesAt: moment(values, .closesAt),
            allotmentAt: moment(values, .allotmentAt), timeZone: timeZone(values))
    }

    private static func members(_ bytes: [UInt8]) throws(OfferingError) -> [String: JSONValue] {
        let document: JSONValue
        do throws(CodecError) {
            let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
            document = try JSONValue.parse(hasMark ? Array(bytes.dropFirst(3)) : bytes)
        } catch {
            throw OfferingError(key: "the file", requirement: "must be JSON (\(error))")
        }
        guard let members = document.objectValue else {
            throw OfferingError(key: "the file", requirement: "must be one JSON object")
        }
        var values: [String: JSONValue] = [:]
        for member in members {
            guard Offering.Key(rawValue: member.name) != nil else {
                let hint = Suggestion.hint(for: member.name, among: Offering.Key.allCases.map(\.rawValue))
                throw OfferingError(
                    key: String(member.name.prefix(40)), requirement: "is not a key of an offering\(hint)")
            }
            guard values.updateValue(member.value, forKey: member.name) == nil else {
                throw OfferingError(key: member.name, requirement: "must stand there once")
            }
        }
        for key in Offering.Key.allCases where values[key.rawValue] == nil {
            throw OfferingError(key: key.rawValue, requirement: "is missing")
        }
        return values
    }

    private static func text(_ values: [String: JSONValue], _ key: Offering.Key) throws(OfferingError) -> String {
        guard let text = values[key.rawValue]?.stringValue else {
            throw OfferingError(key: key.rawValue, requirement: "must be a string")
        }
        return text
    }

    private static func name<Name: TypedName>(
        _ values: [String: JSONValue], _ key: Offering.Key
    ) throws(OfferingError) -> Name {
        let text = try text(values, key)
        do throws(NameError) {
            return try Name(read: text)
        } catch {
            throw OfferingError(key: "\(key.rawValue):", requirement: error.description)
        }
    }

    private static func currency(_ values: [String: JSONValue]) throws(OfferingError) -> Currency {
        let text = try text(values, .currency)
        do throws(MoneyError) {
            return try Currency(code: text)
        } catch {
            throw OfferingError(key: "currency:", requirement: error.description)
        }
    }

    private static func price(
        _ values: [String: JSONValue], _ currency: Currency
    ) throws(OfferingError) -> Money {
        let text = try text(values, .unitPrice)
        do throws(MoneyError) {
            return try Money(currency, text: text)
        } catch {
            throw OfferingError(key: "unit_price:", requirement: error.description)
        }
    }

    private static func units(_ values: [String: JSONValue], _ key: Offering.Key) throws(OfferingError) -> Units {
        let error = OfferingError(
            key: key.rawValue, requirement: "must be a whole number of at most \(Units.largestInput)")
        switch values[key.rawValue] {
        case .number(let number)?:
            guard let count = number.integer(UInt64.self) else { throw error }
            return Units(UInt128(count))
        case .string(let text)?:
            do throws(MoneyError) {
                return try Units(text: text)
            } catch {
                throw OfferingError(key: "\(key.rawValue):", requirement: "must be digits of a whole number")
            }
        case .null?, .bool?, .array?, .object?, nil:
            throw error
        }
    }

    private static func refundRoute(_ values: [String: JSONValue]) throws(OfferingError) -> RefundRoute {
        guard let route = RefundRoute(rawValue: try text(values, .refundTo)) else {
            throw OfferingError(key: "refund_to", requirement: "must be deposit or bank")
        }
        return route
    }

    private static func moment(_ values: [String: JSONValue], _ key: Offering.Key) throws(OfferingError) -> Timestamp {
        guard let moment = Timestamp(rfc3339: try text(values, key)) else {
            throw OfferingError(key: key.rawValue, requirement: "must be a time such as 2026-03-16T09:00:00Z")
        }
        return moment
    }

    private static func timeZone(_ values: [String: JSONValue]) throws(OfferingError) -> String {
        let name = try text(values, .timeZone)
        guard SystemZones().zone(named: name) != nil || TimeZone(identifier: name) != nil else {
            throw OfferingError(key: "time_zone", requirement: "must be an IANA time zone such as Asia/Singapore")
        }
        return name
    }
}
