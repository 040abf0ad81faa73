internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// The sandbox's route by which a person pays money into an account of the custodian, once for each reference.
struct DepositRoute: Sendable {
    private static let members = ["account", "asset", "amount"]

    let house: SandboxHouse

    func add(to router: inout Router) {
        router.on(.put, "/admin/custodian/deposits/{reference}") { await put($0) }
    }

    private func put(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let reference = request.parameter("reference")
        guard SandboxReference.isReference(reference) else {
            return SandboxResponses.badRequest(
                "a reference is 1 to \(SandboxReference.longest) letters, digits and . _ - : ~ = !")
        }
        let deposit: PartyBook.Deposit
        do throws(Fault) {
            deposit = try Self.deposit(request.body)
        } catch {
            return SandboxResponses.badRequest(error.message)
        }
        do {
            let custodian = CounterpartyName(rawValue: SandboxParty.custodian.rawValue)
            let reply = try await house.change { world, _ in
                world.payIn(deposit, under: reference, at: custodian)
            }
            return SandboxResponses.response(reply.answer)
        } catch {
            // What the journal does not hold may not be promised, so there is no answer.
            return SandboxResponses.cut
        }
    }

    /// What is wrong with a body.
    private struct Fault: Error {
        let message: String
    }

    private static func deposit(_ body: [UInt8]) throws(Fault) -> PartyBook.Deposit {
        let value: JSONValue
        do { value = try JSONValue.parse(body) } catch { throw Fault(message: "\(error)") }
        let given = value.objectValue ?? []
        guard given.count == members.count, Set(given.map(\.name)) == Set(members) else {
            throw Fault(message: "the body is an object of \(members.joined(separator: ", ")), all texts")
        }
        guard let account = value["account"]?.stringValue, !account.isEmpty,
            let asset = value["asset"]?.stringValue, let text = value["amount"]?.stringValue
        else { throw Fault(message: "\(members.joined(separator: ", ")) must be texts") }
        let money: Money
        do { money = try Money(Currency(code: asset), text: text) } catch { throw Fault(message: "\(error)") }
        guard money.minorUnits > 0, SandboxAmount(money.text) != nil else {
            throw Fault(
                message: "amount must be above zero, with at most \(SandboxAmount.wholeLimit) digits before the point")
        }
        return PartyBook.Deposit(account: account, asset: asset, amount: money.text)
    }
}
