internal import Foundation
internal import SagaEngine

extension ConfigReader {
    /// Looks at what the sections say together.
    func checkTogether(_ config: RunnerConfig) {
        if !config.api.isLoopback, config.api.tls == nil {
            mistakes.add(
                "api.host", "\(config.api.host) can be reached from elsewhere, and there is no TLS",
                "listen at 127.0.0.1, or give api.tls")
        }
        let distant = config.counterparties.filter { party in
            !party.address.isEmpty && !(RunnerConfig.host(of: party.address).map(RunnerConfig.isLoopback) ?? true)
        }
        for party in distant {
            if config.singleHanded {
                mistakes.add(
                    "single_handed", "is on, and \(party.name) is not on loopback",
                    "switch it off: with real money, what can move it needs two persons")
            }
            if party.address.hasPrefix("http://") {
                mistakes.add(
                    "counterparties.\(party.name).base_url", "is not encrypted and leaves this machine",
                    "write https://…")
            }
        }
        for (key, path) in [
            ("store.path", database(of: config)), ("store.anchor", config.store.anchor), ("outbox.file", config.outbox),
        ] {
            checkFolder(of: path, key)
        }
        checkFiles(config)
    }

    /// The file that sagas are kept in, if it is one.
    private func database(of config: RunnerConfig) -> String? {
        guard case .sqlite(let place) = config.store.place else { return nil }
        return place.path
    }

    /// What is written must be nothing that is read, and nothing else that is written.
    private func checkFiles(_ config: RunnerConfig) {
        files.reads(config.file, "this configuration")
        if let store = database(of: config), !store.isEmpty {
            files.writes(store, "store.path")
            for beside in ["-wal", "-shm", "-journal", ".lock"] {
                files.writes(store + beside, "a file that stands beside the database")
            }
        }
        if let anchor = config.store.anchor {
            files.writes(anchor, "store.anchor")
            files.writes(anchor + ".new", "a file that stands beside the anchor")
        }
        if let outbox = config.outbox, !outbox.isEmpty { files.writes(outbox, "outbox.file") }
        files.check(mistakes)
    }

    func checkFolder(of path: String?, _ key: String) {
        guard let path, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue { return }
        mistakes.add(key, "the folder \(folder) does not exist", "mkdir -p \(folder)")
    }
}
