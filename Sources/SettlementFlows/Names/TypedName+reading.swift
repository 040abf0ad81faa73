internal import SagaEngine

extension TypedName {
    /// The name as it is read from a file or a request: besides its rule, nothing in it is unseen.
    ///
    /// What is stored already is read by the rule alone, so that no saga is lost to a rule that came later.
    public init(read text: String) throws(NameError) {
        let name = try Self(text)
        guard PlainText.unseen(in: text) == nil else {
            throw NameError(noun: Self.noun, breach: .unseenCharacter, place: PlainText.unseen(in: text))
        }
        guard ![".", ".."].contains(text) else { throw NameError(noun: Self.noun, breach: .dots) }
        self = name
    }
}
