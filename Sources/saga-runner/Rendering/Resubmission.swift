/// What is said to whoever hands in a saga that exists already.
enum Resubmission {
    /// That nothing is done twice, and how the one that exists stands, since it may have been called off.
    static func words(for saga: String, at daemon: DaemonClient) async throws -> String {
        let status = try await daemon.get(APIPath("sagas", saga)).data.text("status")
        return words(for: saga, status: status)
    }

    static func words(for saga: String, status: String) -> String {
        let known = "\(saga) exists already, with the same content, and is \(status)"
        return switch status {
        case "cancelled", "closed":
            "\(known): it settles nothing any more; what is to be settled after all is handed in under another id"
        default: "\(known); nothing is done twice"
        }
    }
}
