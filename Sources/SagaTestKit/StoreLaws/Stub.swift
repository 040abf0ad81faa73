extension StoreLaws {
    static let books: [StoreLaw] = []
    static let reading: [StoreLaw] = []
    static let audit: [StoreLaw] = []
}
