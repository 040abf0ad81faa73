/// Child sagas to be started with an append, all of one stage.
public struct Spawn: Sendable, Equatable {
    /// The stage that starts them.
    public let stage: StageName
    /// Name and saga of each, in byte order of the names.
    public let children: [Child]
    /// Whether money may move in them at once, because their parent is past its point of no return.
    public let pivoted: Bool

    /// One child.
    public struct Child: Sendable, Equatable {
        /// The element it is for.
        public let element: ElementID
        /// The saga.
        public let saga: NewSaga

        /// Describes a child.
        public init(element: ElementID, saga: NewSaga) {
            self.element = element
            self.saga = saga
        }
    }

    /// Describes the children of a stage.
    public init(stage: StageName, children: [Child], pivoted: Bool) {
        self.stage = stage
        self.children = children
        self.pivoted = pivoted
    }
}
