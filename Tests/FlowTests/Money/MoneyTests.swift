import SagaEngine
import SettlementFlows
import Testing

@Suite struct MoneyTests {
    @Test(
        arguments: [
            ("2555.28", 255_528), ("0", 0), ("0.07", 7), ("5000", 500_000), ("5000.5", 500_050), ("-0.07", -7),
            ("000012.30", 1_230), ("31840449365509.33", 3_184_044_936_550_933),
        ] as [(String, Int128)])
    func `major units are read exactly`(text: String, minorUnits: Int128) throws {
        #expect(try Money(.sgd, text: text).minorUnits == minorUnits)
    }

    @Test(arguments: [
        "", "-", ".", "1.", ".5", "+1", "1,000.00", " 1", "1 ", "1e3", "0x10", "1.2.3", "--1", "1-", "NaN", "١",
        String(repeating: "0", count: 65),
    ])
    func `text that is no plain decimal is refused`(text: String) {
        #expect(throws: MoneyError.malformed) { try Money(.sgd, text: text) }
    }

    @Test func `an amount finer than the minor unit is refused, even by zeros`() {
        #expect(throws: MoneyError.tooFine(digits: 2)) { try Money(.sgd, text: "5.071") }
        #expect(throws: MoneyError.tooFine(digits: 2)) { try Money(.sgd, text: "5.070") }
        #expect(throws: MoneyError.tooFine(digits: 0)) { try Money(.jpy, text: "5.0") }
    }

    @Test func `text follows the currency's minor unit`() {
        #expect(Money(.sgd, minorUnits: 7).text == "0.07")
        #expect(Money(.sgd, minorUnits: -7).text == "-0.07")
        #expect(Money(.sgd, minorUnits: -12_300).text == "-123.00")
        #expect(Money(.jpy, minorUnits: 500).text == "500")
        #expect(Money(.kwd, minorUnits: 1).text == "0.001")
        #expect(Money(.sgd, minorUnits: .min).text == "-1701411834604692317316873037158841057.28")
    }

    @Test func `text and amount lead back to each other`() throws {
        var generator = SplitMix(seed: 7)
        for _ in 0..<2_000 {
            for currency in Currency.allCases {
                let amount = Money(currency, minorUnits: generator.amount())
                #expect(try Money(currency, text: amount.text) == amount)
            }
        }
    }

    @Test func `sums, differences and products throw exactly where 128 bits end`() throws {
        var generator = SplitMix(seed: 11)
        for _ in 0..<2_000 {
            let (first, second) = (generator.amount(), generator.amount())
            let units = UInt128(generator.next()) >> (generator.next() % 64)
            let (money, other) = (Money(.sgd, minorUnits: first), Money(.sgd, minorUnits: second))
            let sum = first.addingReportingOverflow(second)
            #expect(
                fitting { () throws(MoneyError) in try money.adding(other) } == (sum.overflow ? nil : sum.partialValue))
            let difference = first.subtractingReportingOverflow(second)
            let left = fitting { () throws(MoneyError) in try money.subtracting(other) }
            #expect(left == (difference.overflow ? nil : difference.partialValue))
            let product = first.multipliedReportingOverflow(by: Int128(units))
            let price = fitting { () throws(MoneyError) in try money.times(Units(units)) }
            #expect(price == (product.overflow ? nil : product.partialValue))
        }
        let most = Money(.sgd, minorUnits: .max)
        #expect(throws: MoneyError.overflow) { try most.adding(Money(.sgd, minorUnits: 1)) }
        #expect(throws: MoneyError.overflow) { try Money(.sgd, minorUnits: 1).times(Units(.max)) }
        #expect(throws: MoneyError.overflow) { try Money(.sgd, text: "1701411834604692317316873037158841057.28") }
        #expect(try Money(.sgd, text: "1701411834604692317316873037158841057.27") == most)
    }

    private func fitting(_ make: () throws(MoneyError) -> Money) -> Int128? {
        do {
            return try make().minorUnits
        } catch {
            return error == .overflow ? nil : 0
        }
    }

    @Test func `two currencies never meet in one sum`() {
        #expect(throws: MoneyError.currencyMismatch) { try Money.zero(.sgd).adding(.zero(.usd)) }
        #expect(throws: MoneyError.currencyMismatch) { try Money.zero(.sgd).subtracting(.zero(.usd)) }
    }

    @Test func `an unknown currency is refused`() {
        #expect(throws: MoneyError.unknownCurrency) { try Currency(code: "QQQ") }
        #expect(throws: MoneyError.unknownCurrency) { try Currency(code: "sgd") }
    }

    @Test func `JSON carries the amount as a string of major units`() throws {
        let money = Money(.sgd, minorUnits: 255_528)
        let bytes = try JournalEncoder().encode(money)
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"currency":"SGD","amount":"2555.28"}"#)
        #expect(try JournalDecoder().decode(Money.self, from: bytes) == money)
    }
}
