/// A table that is being filled: bind the columns of a row, counted from 1 in the order they were named, then add it.
///
/// All columns are bound for each row. A row may be refused when it is added or any time before the filling is over.
public protocol TableInsertion {
    /// Binds a 64-bit integer.
    func bind(_ index: Int32, _ value: Int64) throws

    /// Binds text.
    func bind(_ index: Int32, _ value: String) throws

    /// Binds bytes.
    func bind(_ index: Int32, _ value: [UInt8]) throws

    /// Adds the row that is bound.
    func add() throws
}
