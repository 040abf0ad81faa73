/// How a counterparty's switch is noted down, so that it holds over a restart and for every runner over the store.
public enum SwitchNote {
    /// What the name of the note begins with; the counterparty's name follows.
    public static let prefix = "switch."
    /// Where it is noted who switched a counterparty off, when and why.
    public static let reasonPrefix = "switch-reason."
    /// The note of one that is switched off.
    public static let off = "off"
    /// The note of one that is switched on again.
    public static let on = "on"
}
