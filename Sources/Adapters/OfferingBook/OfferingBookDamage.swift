/// A value in the offering book's tables that the book cannot have written.
struct OfferingBookDamage: Error {
    /// The table it stands in.
    let table: StaticString
}
