internal import Adapters
internal import SagaEngine

/// Counters and histograms as they are, and gauges read from the store when somebody asks.
struct MetricsPage {
    let service: Assembly

    /// The page.
    func response() async -> HTTPServerResponse {
        var text = MetricsText()
        let stored = await stored()
        if let stored { sagas(stored, &text) }
        gates(&text)
        text.gauge("saga_runner_store_readable", "Whether the store could be read just now.", stored == nil ? 0 : 1)
        text.gauge("saga_runner_active", "Sagas in memory.", service.runner.active)
        text.gauge(
            "saga_runner_store_available", "Whether the last commit went through.",
            service.observer.storeTrouble == nil ? 1 : 0)
        text.gauge("saga_runner_log_lines_dropped", "Log lines lost because writing was slow.", service.logger.dropped)
        var response = HTTPServerResponse.text(200, text.text + service.metrics.text)
        response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        return response
    }

    /// What is read from the store.
    private struct Stored {
        let census: SagaCensus
        let stuck: [Predicament.Cause: Int]
        let notices: [NoticeStanding: Int]
        let head: AuditHead
    }

    /// `nil` while the store cannot be read: everything else is wanted then more than ever.
    private func stored() async -> Stored? {
        do {
            return Stored(
                census: try await service.store.census(under: nil), stuck: try await service.store.stuckCounts(),
                notices: try await service.store.noticeCounts(), head: try await service.store.auditHead())
        } catch {
            return nil
        }
    }

    private func sagas(_ stored: Stored, _ text: inout MetricsText) {
        text.begin("saga_runner_sagas", "Sagas by status.", kind: "gauge")
        for status in SagaStatus.allCases {
            text.add("saga_runner_sagas", stored.census.counts[status] ?? 0, ["status": status.rawValue])
        }
        text.begin("saga_runner_stuck", "Stuck sagas by cause.", kind: "gauge")
        for cause in Predicament.Cause.allCases {
            guard let count = stored.stuck[cause] else { continue }
            text.add("saga_runner_stuck", count, ["cause": cause.rawValue])
        }
        text.begin("saga_runner_notices", "Notices by standing.", kind: "gauge")
        for standing in NoticeStanding.allCases {
            text.add("saga_runner_notices", stored.notices[standing] ?? 0, ["standing": standing.rawValue])
        }
        text.gauge("saga_runner_audit_seals", "The audit chain's height.", stored.head.number)
    }

    private func gates(_ text: inout MetricsText) {
        let known = service.gate.standing
        // One that was not called yet has its lines, too: a series that begins with its first failure is missed.
        let names = Set(service.config.counterparties.map(\.name)).subtracting(known.map(\.counterparty))
        let standing = (known + names.map(GateStanding.untouched)).sorted {
            $0.counterparty.rawValue < $1.counterparty.rawValue
        }
        let gauges: [(String, String, (GateStanding) -> Int)] = [
            ("saga_runner_gate_switched_off", "Whether an operator switched it off.", { $0.isSwitchedOff ? 1 : 0 }),
            (
                "saga_runner_gate_breaker_open", "Whether its breaker lets nothing through.",
                { $0.isBreakerOpen ? 1 : 0 }
            ),
            (
                "saga_runner_gate_failing_since_seconds",
                "Since when only failures came from it, in Unix time; 0 while it answers.",
                { Int(($0.failingSince?.milliseconds ?? 0) / 1_000) }
            ),
            ("saga_runner_gate_failures", "Calls that failed in a row.", { $0.failures }),
            ("saga_runner_gate_calls", "Calls under way.", { $0.underWay }),
            ("saga_runner_gate_waiting", "Calls that wait for a place.", { $0.waiting }),
        ]
        for (name, help, value) in gauges {
            text.begin(name, help, kind: "gauge")
            for gate in standing { text.add(name, value(gate), ["counterparty": gate.counterparty.rawValue]) }
        }
        openers(standing, &text)
    }

    /// Who opened a breaker, where several runners share it: a line for each that is open, and none otherwise.
    private func openers(_ standing: [GateStanding], _ text: inout MetricsText) {
        guard service.store.isShared else { return }
        let name = "saga_runner_gate_breaker_opened_by"
        text.begin(name, "The runner whose calls opened a breaker that is open.", kind: "gauge")
        for gate in standing {
            guard let runner = gate.openedBy else { continue }
            text.add(name, 1, ["counterparty": gate.counterparty.rawValue, "runner": runner])
        }
    }
}
