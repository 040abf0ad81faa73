internal import SagaEngine

/// Placeholder until the API's own shapes are merged.
enum SagaJSON {
    static func row(_ row: SagaRow) -> JSONValue { ["id": .string(row.id.rawValue)] }
    static func detail(_ snapshot: SagaSnapshot, stuckChildren: [SagaRow]) -> JSONValue { row(snapshot.row) }
}
