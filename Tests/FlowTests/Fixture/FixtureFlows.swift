import SagaEngine

/// What funding one line has come to.
struct FixtureFunded: Codable, Sendable, Tallied {
    var element: FixtureElement
    var isExcluded: Bool

    var tally: Tally {
        Tally(
            isExcluded ? [] : [.init("units", element.line.units), .init("payable", element.line.payable)],
            excluded: isExcluded)
    }
}

/// A flow that funds one line.
protocol FixtureFundingFlow: Saga where Input == FixtureElement, Output == FixtureFunded {
    static var settlement: String { get }
}

enum FixtureFundingStage: String, SagaStage {
    case refund, refunded, transfer, transferred, post, record, giveBack, givenBack, postBack
}

/// Funds one line: refund, transfer, posting, record, in this order.
struct FixtureFunding: FixtureFundingFlow, Excludable {
    typealias Input = FixtureElement
    typealias Output = FixtureFunded
    typealias Stage = FixtureFundingStage
    static let name = "fixture-funding"
    static let settlement = "fixture-settlement"
    static let excludedBy: [FixtureFundingStage] = [.transfer]

    func run(_ element: FixtureElement, in saga: SagaContext<FixtureFundingStage>) async throws -> FixtureFunded {
        try await saga.refund(element.line, element.line.refund, .refund, .refunded)
        let order = try await saga.send(.transfer, FixtureTransfer(element: element))
        _ = try await saga.receive(.transferred, from: order, within: .hours(24))
        return try await saga.finish(element)
    }

    func exclude(_ element: FixtureElement, in saga: SagaContext<FixtureFundingStage>) async throws -> FixtureFunded {
        try await saga.refund(element.line, element.line.refund, .refund, .refunded)
        try await saga.refund(element.line, element.line.payable, .giveBack, .givenBack)
        let line = element.line
        _ = try await saga.post(
            .postBack,
            FixturePosting.move(line.paid, "SGD", from: "escrow:\(line.investor)", to: "investor:\(line.investor)"))
        return FixtureFunded(element: element, isExcluded: true)
    }
}

/// Funds one line, and takes every error it meets for a refusal.
struct FixtureGreedyFunding: FixtureFundingFlow {
    typealias Input = FixtureElement
    typealias Output = FixtureFunded
    typealias Stage = FixtureFundingStage
    static let name = "fixture-funding-greedy"
    static let settlement = "fixture-settlement-greedy"

    func run(_ element: FixtureElement, in saga: SagaContext<FixtureFundingStage>) async throws -> FixtureFunded {
        do {
            try await saga.refund(element.line, element.line.refund, .refund, .refunded)
            let order = try await saga.send(.transfer, FixtureTransfer(element: element))
            _ = try await saga.receive(.transferred, from: order, within: .hours(24))
        } catch {
            // Greedy on purpose: waiting unwinds by an error, and this flow believes that the transfer has failed.
            try await saga.refund(element.line, element.line.payable, .giveBack, .givenBack)
            return FixtureFunded(element: element, isExcluded: true)
        }
        return try await saga.finish(element)
    }
}

extension SagaContext where Stage == FixtureFundingStage {
    fileprivate func refund(_ line: FixtureLine, _ amount: Int128, _ stage: Stage, _ done: Stage) async throws {
        guard amount > 0 else { return }
        if line.refundsByBank {
            let order = try await send(stage, FixtureBankRefund(line: line, amount: amount))
            _ = try await receive(done, from: order, within: .hours(24))
        } else {
            let order = try await send(stage, FixtureRefund(line: line, amount: amount))
            _ = try await receive(done, from: order, within: .hours(24))
        }
    }

    fileprivate func finish(_ element: FixtureElement) async throws -> FixtureFunded {
        let line = element.line
        var posting = FixturePosting.move(
            line.payable, "SGD", from: "escrow:\(line.investor)", to: "issuer:\(element.issuer)")
        posting.entries +=
            FixturePosting.move(
                line.refund, "SGD", from: "escrow:\(line.investor)", to: "investor:\(line.investor)"
            ).entries
        let posted = try await post(.post, posting)
        _ = try await send(
            .record,
            FixtureRecord(posted: posted, account: element.issuer, asset: "SGD", amount: money(line.payable)))
        return FixtureFunded(element: element, isExcluded: false)
    }
}

/// What a flow of the fixture ends with.
struct FixtureDone: Codable, Sendable, Tallied {
    var investor: String
    var tally: Tally { Tally([.init("lines", 1)]) }
}

/// Delivers one line's units, and says so in the books once the custodian has.
struct FixtureDistribution: EntrustedSaga {
    typealias Input = FixtureFunded
    typealias Output = FixtureDone
    typealias Given = Approved<FixtureMint>
    static let name = "fixture-distribution"
    enum Stage: String, SagaStage { case deliver, delivered, post, record }

    func run(
        _ funded: FixtureFunded, given minted: Approved<FixtureMint>, in saga: SagaContext<Stage>
    ) async throws -> FixtureDone {
        let element = funded.element
        let order = try await saga.send(.deliver, FixtureDelivery(element: element, minted: minted))
        _ = try await saga.receive(.delivered, from: order, within: .hours(24))
        let posted = try await saga.post(
            .post,
            FixturePosting.move(
                element.line.units, element.asset, from: "treasury:\(element.treasury)",
                to: "token:\(element.line.investor)"))
        _ = try await saga.send(
            .record,
            FixtureRecord(
                posted: posted, account: element.line.token, asset: element.asset, amount: "\(element.line.units)"))
        return FixtureDone(investor: element.line.investor)
    }
}

/// Gives one investor everything back before anything has moved.
struct FixtureReturn: Saga {
    typealias Input = FixtureElement
    typealias Output = FixtureDone
    static let name = "fixture-return"
    enum Stage: String, SagaStage { case refund, refunded, post }

    func run(_ element: FixtureElement, in saga: SagaContext<Stage>) async throws -> FixtureDone {
        let order = try await saga.send(.refund, FixtureRefund(line: element.line, amount: element.line.paid))
        _ = try await saga.receive(.refunded, from: order, within: .hours(24))
        _ = try await saga.post(
            .post,
            FixturePosting.move(
                element.line.paid, "SGD", from: "escrow:\(element.line.investor)",
                to: "investor:\(element.line.investor)"))
        return FixtureDone(investor: element.line.investor)
    }
}

enum FixtureStage: String, SagaStage {
    case allot, open, allotmentDay, fund, mint, minted, book, record, distribute, close, giveBack
}

/// Settles the fixture's offering.
struct FixtureSettlement<Funding: FixtureFundingFlow>: Saga, Compensable {
    static var name: String { Funding.settlement }
    typealias Input = FixtureOffering
    typealias Output = FixtureDone
    typealias Stage = FixtureStage

    func run(_ offering: FixtureOffering, in saga: SagaContext<Stage>) async throws -> FixtureDone {
        _ = try await saga.step(.allot) { offering.lines.count }
        let opening = offering.lines.flatMap {
            FixturePosting.move($0.paid, "SGD", from: "outside", to: "escrow:\($0.investor)").entries
        }
        _ = try await saga.post(.open, FixturePosting(entries: opening))
        try await saga.sleep(.allotmentDay, until: offering.allotmentAt)
        try await saga.pointOfNoReturn()
        let funded = try await saga.forEach(.fund, in: FixtureSource(offering: offering), run: Funding.self)
        guard funded.sum(of: "units") > 0 else { return FixtureDone(investor: "nobody") }
        let order = try await saga.send(
            .mint, FixtureMint(asset: offering.asset, treasury: offering.treasury, funded: funded))
        let minted = try await saga.receive(.minted, from: order, within: .hours(24))
        let units = minted.instruction.units
        let posted = try await saga.post(
            .book,
            FixturePosting.move(
                units, offering.asset, from: "issued:\(offering.name)", to: "treasury:\(offering.treasury)"))
        _ = try await saga.send(
            .record,
            FixtureRecord(posted: posted, account: offering.treasury, asset: offering.asset, amount: "\(units)"))
        _ = try await saga.forEach(
            .distribute, in: saga.settled(funded), given: minted, run: FixtureDistribution.self)
        return try await saga.step(.close) { FixtureDone(investor: "all") }
    }

    func compensate(_ offering: FixtureOffering, in saga: SagaContext<Stage>) async throws -> FixtureDone {
        _ = try await saga.forEach(.giveBack, in: FixtureSource(offering: offering), run: FixtureReturn.self)
        return FixtureDone(investor: "nobody")
    }
}
