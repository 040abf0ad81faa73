/// What is said to whoever hands in a saga that exists already.
enum Resubmission {
    /// Says that nothing is done twice, and how the one that exists stands, since it may have been called off.
    ///
    /// - Throws: ``CommandStatus/refused`` when it has been: what was asked for will not happen.
    static func tell(of saga: String, at daemon: DaemonClient, to console: Console) async throws {
        let status = try await daemon.get(APIPath("sagas", saga)).data.text("status")
        await console.say(words(for: saga, status: status))
        if isOver(status) { throw CommandStatus.refused }
    }

    /// Whether a saga of this status settles nothing any more, and never did.
    static func isOver(_ status: String) -> Bool { ["cancelled", "closed"].contains(status) }

    static func words(for saga: String, status: String) -> String {
        let known = "\(saga) exists already, with the same content, and is \(status)"
        return isOver(status)
            ? "\(known): it settles nothing any more; what is to be settled after all is handed in under another id"
            : "\(known); nothing is done twice"
    }
}
