/// What there is to say about `--where`.
enum WhereWords {
    static let summary = "terms joined by \" and \""
    static let details =
        "Terms of --where: "
        + "status=stuck, flow=investor-funding, under=SG-TOWER-1, cause=mismatch, stage=transfer, roots=true."
}
