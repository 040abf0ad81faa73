extension ActionCommand {
    /// The commands of every action, in the order of how much they change.
    static let commands = [retry, resume, resolve, exclude, discard, cancel].map(\.command)

    private static let retry = ActionCommand(
        name: "retry", summary: "Does a saga's waiting attempt now",
        details: "Nothing is sent twice: the counterparty is asked first, and the key stays the same.",
        examples: [#"saga-runner retry SG-TOWER-1/fund/INV-0000007 --reason "bank is back""#])

    private static let resume = ActionCommand(
        name: "resume", summary: "Lets a stuck saga go on, because the cause is mended",
        details: "The counterparty is asked first. A new key is used only after a refusal that it has proved.",
        examples: [
            #"saga-runner resume SG-TOWER-1/fund/INV-0000007 --reason "account unfrozen""#,
            #"saga-runner resume --where "under=SG-TOWER-1 and cause=refused" --dry-run"#,
        ])

    private static let resolve = ActionCommand(
        name: "resolve", summary: "Settles a stage by evidence that persons have",
        extra: [
            .required("--stage", "PATH", "the stage; FUND-STAGE/INVESTOR/STAGE reaches a line of the saga"),
            .required("--outcome", "OUTCOME", "what happened", of: ["settled", "refused"]),
            .required("--evidence", "FILE", "what proves it: a statement, a letter; kept by its digest"),
        ],
        details: """
            Only for money, never for an approval. The counterparty is asked first; a refusal must be confirmed by it.
            It can move money, so it needs a second person where single_handed is off.
            """,
        examples: [
            "saga-runner resolve SG-TOWER-1 --stage fund/INV-0000007/transferred --outcome settled \\\n"
                + #"      --evidence statement.pdf --reason "custodian's statement of 18 March""#
        ])

    private static let exclude = ActionCommand(
        name: "exclude", summary: "Takes a line out of the whole, which goes on without it",
        extra: [.value("--line", "INVESTOR", "the line of the saga; not needed where ID is the line's own saga")],
        details: """
            Of the funding, before the line's transfer has had an effect: the investor is refunded in full and the line's
            units are not made. Of the distribution, before the delivery has: nothing is refunded, the money stays with
            the issuer and the units are held in the treasury. The others go on, and the proof lists the line. It needs
            a second person where single_handed is off.
            """,
        examples: [#"saga-runner exclude SG-TOWER-1 --line INV-0000007 --reason "account closed""#])

    private static let discard = ActionCommand(
        name: "discard", summary: "Ends a saga before its point of no return; nothing moves",
        details: """
            Before the point of no return nothing has moved, and nothing will. Where an old copy of the data was put back,
            the counterparties are asked first: what has moved by their books is not discarded.
            """,
        examples: [#"saga-runner discard SG-TOWER-1 --reason "wrong terms""#])

    private static let cancel = ActionCommand(
        name: "cancel", summary: "Calls a saga off before its point of no return and refunds everyone",
        details: """
            It moves money back, so it needs a second person where single_handed is off. The counterparties are asked
            first: what has gone forward by their books is not called off, and nobody is paid back out of money that
            another offering has on the same account.
            """,
        examples: [#"saga-runner cancel SG-TOWER-1 --reason "offering withdrawn""#])
}
