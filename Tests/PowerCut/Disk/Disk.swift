import Foundation
import SagaEngine
import SagaTestKit

/// A disk as a power cut may find it: what is durable, and what was written and not yet synced.
///
/// It is harsher than most file systems: a file that was created, renamed or deleted is so durably only once its folder
/// is synced, and what a sync that failed was to bring to the disk is not there, though a later sync succeeds.
struct Disk {
    /// What of the unsynced survives.
    enum Survival: String, CaseIterable {
        case nothing, everything, subset
    }

    private enum Change {
        case write(offset: Int, bytes: [UInt8])
        case resize(Int)
        case extend(Int)
    }

    private enum NameChange {
        case bind(String, Int)
        case unbind(String)
    }

    private struct File {
        var durable: [UInt8] = []
        var live: [UInt8] = []
        var pending: [Change] = []
    }

    private var files: [File] = []
    private var names: [String: Int] = [:]
    private var durableNames: [String: Int] = [:]
    private var pendingNames: [NameChange] = []

    /// Rises with every change of what is durable.
    private(set) var durableVersion = 0
    /// Rises with every change of what is there while the power lasts.
    private(set) var liveVersion = 0

    /// Whether anything could be lost.
    var isDirty: Bool { !pendingNames.isEmpty || names.values.contains { !files[$0].pending.isEmpty } }

    /// Carries out one step of a trace.
    mutating func apply(_ step: Trace.Step) {
        switch step {
        case .write(let path, let offset, let bytes): change(path, .write(offset: offset, bytes: bytes))
        case .resize(let path, let length): change(path, .resize(length))
        case .extend(let path, let length): change(path, .extend(length))
        case .sync(let path): sync(path)
        case .syncFolder:
            durableNames = names
            pendingNames = []
            durableVersion += 1
        case .create(let path):
            if names[path] == nil { bind(path, to: makeFile()) }
        case .unlink(let path):
            names[path] = nil
            pendingNames.append(.unbind(path))
            liveVersion += 1
        case .rename(let from, let to):
            guard let file = names.removeValue(forKey: from) else { return }
            bind(to, to: file)
            pendingNames.append(.unbind(from))
        case .failed(let path, let wasSync):
            if wasSync, let file = names[path] { files[file].pending = [] }
        case .promise: break
        }
    }

    /// Writes what a power cut leaves into a folder; files keep the names they have.
    func write(_ survival: Survival, to folder: String, by entropy: SeededEntropy) throws {
        for (path, file) in survivingNames(survival, entropy) {
            let bytes =
                switch survival {
                case .nothing: files[file].durable
                case .everything: files[file].live
                case .subset: subset(of: files[file], entropy)
                }
            let name = path.split(separator: "/").last.map(String.init) ?? path
            try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }

    private mutating func makeFile() -> Int {
        files.append(File())
        return files.count - 1
    }

    private mutating func bind(_ path: String, to file: Int) {
        names[path] = file
        pendingNames.append(.bind(path, file))
        liveVersion += 1
    }

    private mutating func change(_ path: String, _ change: Change) {
        // A file that was there before the recording began.
        if names[path] == nil { bind(path, to: makeFile()) }
        guard let file = names[path] else { return }
        Self.apply(change, to: &files[file].live)
        files[file].pending.append(change)
        liveVersion += 1
    }

    private mutating func sync(_ path: String) {
        guard let file = names[path] else { return }
        for change in files[file].pending { Self.apply(change, to: &files[file].durable) }
        files[file].pending = []
        durableVersion += 1
    }

    /// Changes of names survive in their order, up to some point: file systems keep a journal of them.
    private func survivingNames(_ survival: Survival, _ entropy: SeededEntropy) -> [(path: String, file: Int)] {
        var names = durableNames
        let kept =
            switch survival {
            case .nothing: 0
            case .everything: pendingNames.count
            case .subset: Int(entropy.below(UInt64(pendingNames.count + 1)))
            }
        for change in pendingNames.prefix(kept) {
            switch change {
            case .bind(let path, let file): names[path] = file
            case .unbind(let path): names[path] = nil
            }
        }
        return names.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func subset(of file: File, _ entropy: SeededEntropy) -> [UInt8] {
        var bytes = file.durable
        for change in file.pending where entropy.below(2) == 0 {
            guard case .write(let offset, let data) = change, entropy.below(4) == 0 else {
                Self.apply(change, to: &bytes)
                continue
            }
            // Torn: of its sectors of 512 bytes only some arrive.
            var start = 0
            while start < data.count {
                let end = min(data.count, start + 512 - (offset + start) % 512)
                if entropy.below(2) == 0 {
                    Self.apply(.write(offset: offset + start, bytes: Array(data[start..<end])), to: &bytes)
                }
                start = end
            }
        }
        return bytes
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        func grow(to length: Int) {
            if bytes.count < length { bytes.append(contentsOf: repeatElement(0, count: length - bytes.count)) }
        }
        switch change {
        case .write(let offset, let data):
            grow(to: offset + data.count)
            bytes.replaceSubrange(offset..<offset + data.count, with: data)
        case .resize(let length):
            if bytes.count > length { bytes.removeSubrange(length...) }
            grow(to: length)
        case .extend(let length): grow(to: length)
        }
    }
}
