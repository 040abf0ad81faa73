import SagaEngine
import SettlementFlows

/// A configuration with schedules.
///
/// The flow they start is a settlement, which the program itself lets nobody schedule: here nothing is settled, since
/// nobody has loaded the offering.
enum ScheduleBench {
    static let flows = [FlowForm(OfferingSettlement.self)]

    static let input = """
        {"offering": {"offering_id": "SG-9", "name": "Tower {date}", "currency": "SGD", "unit_price": "2520.00",
          "units_offered": "10", "minimum_units": "1", "issuer_account": "ISS-1", "treasury_account": "TRE-1",
          "token_asset": "DABS-SG-9", "refund_to": "deposit", "closes_at": "2026-01-01T00:00:00.000Z",
          "allotment_at": "2026-01-01T00:00:30.000Z", "time_zone": "Asia/Singapore"},
         "input": "0707070707070707070707070707070707070707070707070707070707070707"}
        """

    static let changes = changes(schedule())

    static func changes(_ schedules: String...) -> [(String, String)] {
        [(#""single_handed""#, #""schedules": [\#(schedules.joined(separator: ","))], "single_handed""#)]
    }

    static func schedule(
        name: String = "hourly", cron: String = "0 * * * *", zone: String = "Asia/Singapore",
        flow: String = "\(OfferingSettlement.flow)", input: String = input, more: String = ""
    ) -> String {
        #"{"name": "\#(name)", "cron": "\#(cron)", "zone": "\#(zone)", "flow": "\#(flow)", "input": \#(input)\#(more)}"#
    }
}
