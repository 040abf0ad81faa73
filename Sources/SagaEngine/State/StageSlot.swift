/// A stage's name and state behind one reference, so that copying a saga's state does not copy every stage's.
///
/// `@unchecked Sendable`: ``SagaState`` alone changes a slot, and only while nobody else refers to it.
final class StageSlot: @unchecked Sendable {
    let name: StageName
    var state: StageState

    init(_ name: StageName, _ state: StageState) {
        self.name = name
        self.state = state
    }
}
