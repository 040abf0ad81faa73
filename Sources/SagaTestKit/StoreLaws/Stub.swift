extension StoreLaws {
    static let waits: [StoreLaw] = []
    static let notices: [StoreLaw] = []
    static let assignments: [StoreLaw] = []
    static let children: [StoreLaw] = []
    static let books: [StoreLaw] = []
    static let reading: [StoreLaw] = []
    static let audit: [StoreLaw] = []
}
