/// Where the gates of all runners over one store meet: what one has learned there holds for all.
///
/// A gate comes by about twice a second, and at once when it needs something. Whatever a visit grants is the visitor's
/// alone from the moment the board has noted it, whether or not the answer arrives; what is not noted is not granted.
public protocol GateBoard: Sendable {
    /// Notes what a gate has to tell, grants what it asks for as far as there is any, and tells how things stand.
    ///
    /// - Throws: ``StoreError`` when the board cannot be reached; what was asked for may have been noted all the same.
    func receive(_ visit: BoardVisit) async throws(StoreError) -> BoardNews
}
