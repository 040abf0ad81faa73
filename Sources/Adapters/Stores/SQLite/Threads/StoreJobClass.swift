/// How urgent a job at the store's writer is; a more urgent one goes first, but nobody is passed over for ever.
public enum StoreJobClass: Int, Sendable, CaseIterable {
    /// Counterparties' notices: somebody holds a connection open until they are stored.
    case webhooks
    /// The engine's batches.
    case sagas
    /// What may take long, such as loading an offering; it is cut into short jobs by whoever brings it.
    case bulk
}
