/// What stands on the command line after the benchmark's name: `--name value`, each with a default.
struct BenchOptions {
    private var values: [String: String] = [:]

    init(_ arguments: ArraySlice<String>, known: [String]) throws {
        var rest = arguments
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), known.contains(String(name.dropFirst(2))), let value = rest.popFirst() else {
                throw BenchFailure("\(name) is not understood; known: \(known.map { "--\($0)" }) and a value each")
            }
            values[String(name.dropFirst(2))] = value
        }
    }

    func number(_ name: String, default fallback: Int, least: Int = 1) throws -> Int {
        guard let text = values[name] else { return fallback }
        guard let number = Int(text), number >= least else {
            throw BenchFailure("--\(name) takes a number from \(least) on")
        }
        return number
    }

    func text(_ name: String, default fallback: String) -> String { values[name] ?? fallback }
}
