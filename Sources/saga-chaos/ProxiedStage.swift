internal import RunnerTheatre

/// A theatre with a proxy for each of several runners, for one campaign.
enum ProxiedStage {
    /// Runs a campaign; nothing of it is left but what there is to look at.
    static func use(
        _ options: Theatre.Options, _ server: ServerControl,
        _ campaign: (Theatre, [PostgresProxy]) async throws -> CampaignResult
    ) async throws -> CampaignResult {
        let theatre = try Theatre(options)
        let proxies = try (0..<RunnersPlan.runners).map { _ in try PostgresProxy(to: server.port) }
        do {
            let result = try await campaign(theatre, proxies)
            for proxy in proxies { proxy.close() }
            try await theatre.strike(keeping: !result.violations.isEmpty)
            return result
        } catch {
            Console.say("failed: \(error)")
            for proxy in proxies { proxy.close() }
            try await theatre.strike(keeping: true)
            throw error
        }
    }
}
