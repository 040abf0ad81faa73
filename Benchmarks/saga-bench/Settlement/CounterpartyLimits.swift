/// How much the daemons ask of the counterparties.
enum CounterpartyLimits: String, CaseIterable {
    /// What the program does where nothing is configured, with room for the chain's records as in the shipped file.
    case shipped
    /// As much as it can.
    case wide

    private var party: String {
        switch self {
        case .shipped: "{}"
        case .wide: #"{"concurrency": 256, "lane": 256, "rate": 1000000, "burst": 1000000}"#
        }
    }

    private var chain: String {
        switch self {
        case .shipped: #"{"lane": 1000}"#
        case .wide: party
        }
    }

    /// A daemon and its files.
    struct Daemon {
        /// Where the counterparties are.
        var sandbox: String
        /// Its store, as the JSON of that section.
        var store: String
        var name = "runner"
        var outbox = "outbox.ndjson"
        /// How many sagas it has in memory at a time; as many as the program does when it is not said.
        var inFlight: Int?
    }

    /// The daemon's configuration: all that is not said here is as the program has it.
    func configuration(of daemon: Daemon) -> String {
        let terms = #""base_url": "\#(daemon.sandbox)", "terms": {"quiet_time": "1s", "settlement": "notice_or_find"}"#
        let webhook = #""webhook": {"secrets": [{"file": "secret", "key_id": "k1"}]}"#
        let inFlight = daemon.inFlight.map { #", "in_flight": \#($0)"# } ?? ""
        return """
            {
              "store": \(daemon.store),
              "runner": {"name": "\(daemon.name)"\(inFlight)},
              "api": {"port": 0, "token_file": "tokens"},
              "counterparties": {
                "custodian": {\(terms), \(webhook), "limits": \(party)},
                "blockchain": {\(terms), "limits": \(chain)},
                "bank": {\(terms), \(webhook), "limits": \(party)}
              },
              "log": {"level": "warning", "format": "json"},
              "outbox": {"file": "\(daemon.outbox)"}
            }
            """
    }
}
