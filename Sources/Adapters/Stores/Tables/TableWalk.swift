/// A walk through the rows of a query.
public protocol TableWalk {
    /// The next row, or nil behind the last one; it is valid until the next is asked for.
    func next() throws -> (any TableRow)?
}
