import Foundation
import SagaEngine

/// What a process did to the files of one folder, and what it promised meanwhile, in order.
struct Trace {
    /// One record.
    enum Step {
        case write(path: String, offset: Int, bytes: [UInt8])
        /// A file is made so long, shorter or longer.
        case resize(path: String, length: Int)
        /// A file is made at least so long.
        case extend(path: String, length: Int)
        case sync(path: String)
        case syncFolder
        case create(path: String)
        case unlink(path: String)
        case rename(from: String, to: String)
        /// An operation that the recorder made fail; `wasSync` when what was to be synced is in doubt.
        case failed(path: String, wasSync: Bool)
        case promise(String)

        /// Whether a power cut just before this step is one to look at.
        var isOperation: Bool {
            if case .promise = self { false } else { true }
        }
    }

    private(set) var steps: [Step] = []

    /// How many of the steps are operations.
    var operations: Int { steps.count { $0.isOperation } }

    /// Reads the recorder's file.
    init(path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var index = 0
        func number(_ count: Int) throws -> Int {
            guard index + count <= bytes.count else { throw TraceDamaged(offset: index) }
            defer { index += count }
            return bytes[index..<index + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        func text(_ count: Int) throws -> ArraySlice<UInt8> {
            guard index + count <= bytes.count else { throw TraceDamaged(offset: index) }
            defer { index += count }
            return bytes[index..<index + count]
        }
        while index < bytes.count {
            let kind = Character(Unicode.Scalar(UInt8(try number(1))))
            let (pathLength, offset, dataLength) = (try number(2), try number(8), try number(4))
            let path = String(decoding: try text(pathLength), as: UTF8.self)
            let data = try text(dataLength)
            guard !path.hasSuffix("-shm") || kind == "F" else { continue }
            guard let step = Self.step(kind, path, offset, data) else { throw TraceDamaged(offset: index) }
            steps.append(step)
        }
    }

    private static func step(_ kind: Character, _ path: String, _ offset: Int, _ data: ArraySlice<UInt8>) -> Step? {
        switch kind {
        case "W": .write(path: path, offset: offset, bytes: Array(data))
        case "T": .resize(path: path, length: offset)
        case "E": .extend(path: path, length: offset)
        case "S": .sync(path: path)
        case "D": .syncFolder
        case "C": .create(path: path)
        case "U": .unlink(path: path)
        case "R": .rename(from: path, to: String(decoding: data, as: UTF8.self))
        case "F": .failed(path: path, wasSync: data.first == UInt8(ascii: "S"))
        case "A": .promise(String(decoding: data, as: UTF8.self))
        default: nil
        }
    }
}

/// A record that cannot be read.
struct TraceDamaged: Error {
    let offset: Int
}
