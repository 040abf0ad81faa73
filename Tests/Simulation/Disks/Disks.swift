import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// What the disks of simulations are made of.
enum Disks: Sendable {
    case memory
    /// Schemas of their own in the database at an address, which are dropped with the simulations.
    case postgres(url: String)

    var isMemory: Bool { if case .memory = self { true } else { false } }
    /// What a section about them is called by, after the name of its campaign.
    var suffix: String { isMemory ? "" : "-postgres" }
    /// What its title ends with.
    var place: String { isMemory ? "" : ", on PostgreSQL" }

    /// An empty disk that goes by a clock and holds the settlements of some offerings.
    func make(
        clock: SimulatedClock, digest: any Digest, of offerings: [SimulatedOffering]
    ) -> any SimulatedDisk {
        switch self {
        case .memory: MemoryStore(clock: clock, digest: digest, handlers: FlowCatalogue.recordHandlers)
        case .postgres(let url):
            PostgresDisk(url: url, clock: clock, digest: digest, offerings: offerings.map(\.book.offering.id))
        }
    }

    /// Removes a disk of this kind.
    func remove(_ disk: any SimulatedDisk) {
        if let disk = disk as? PostgresDisk { disk.remove() }
    }
}
