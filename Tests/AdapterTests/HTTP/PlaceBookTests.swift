import Testing

@testable import Adapters

@Suite struct PlaceBookTests {
    /// 32 places, 16 for an address; a quarter is kept for reserved routes.
    private let limits = PlaceBook.Limits(total: 32, perAddress: 16, reserved: 4)

    @Test func `other routes leave a quarter of an address's places to reserved ones`() {
        var book = PlaceBook(limits)
        var admitted = 0
        for number: Int32 in 0..<15 {
            _ = book.enter(number, from: "a")
            if book.whole(number, reserved: false) { admitted += 1 }
        }
        #expect(admitted == 11)
        _ = book.enter(99, from: "a")
        #expect(book.whole(99, reserved: true) == true)
        // Another address has its own.
        _ = book.enter(100, from: "b")
        #expect(book.whole(100, reserved: false) == true)
    }

    @Test func `other routes leave a quarter of all places to reserved ones`() {
        var book = PlaceBook(limits)
        var admitted = 0
        for number: Int32 in 0..<30 {
            _ = book.enter(number, from: "\(number)")
            if book.whole(number, reserved: false) { admitted += 1 }
        }
        #expect(admitted == 22)
    }

    @Test func `who says nothing goes first, the oldest first, once places become few`() {
        var book = PlaceBook(limits)
        for number: Int32 in 0..<15 { #expect(book.enter(number, from: "a") == nil) }
        #expect(book.enter(15, from: "a") == 0)
        // Told once: the next one's turn comes.
        #expect(book.enter(16, from: "a") == 1)
        book.leave(0)
        book.leave(1)
        #expect(book.enter(17, from: "a") == 2)
        // Nobody of this address is ended for another one.
        #expect(book.enter(18, from: "b") == nil)
    }

    @Test func `a request that is under way is never ended, and its connection is when it is idle`() {
        var book = PlaceBook(limits)
        for number: Int32 in 0..<15 {
            _ = book.enter(number, from: "a")
            #expect(book.whole(number, reserved: true) == true)
        }
        #expect(book.enter(15, from: "a") == nil)
        book.rest(7)
        #expect(book.enter(16, from: "a") == 15)
        #expect(book.enter(17, from: "a") == 7)
    }

    @Test func `a place that is given back can be taken again`() {
        var book = PlaceBook(limits)
        for number: Int32 in 0..<11 {
            _ = book.enter(number, from: "a")
            #expect(book.whole(number, reserved: false) == true)
        }
        _ = book.enter(11, from: "a")
        #expect(book.whole(11, reserved: false) == false)
        book.leave(11)
        book.rest(3)
        _ = book.enter(12, from: "a")
        #expect(book.whole(12, reserved: false) == true)
        book.leave(4)
        #expect(book.whole(3, reserved: false) == true)
        // The same connection's next request does not count twice.
        book.rest(3)
        #expect(book.whole(3, reserved: false) == true)
    }

    @Test func `a request that is half sent goes for a new connection, after those that say nothing`() {
        var book = PlaceBook(limits)
        for number: Int32 in 0..<14 {
            _ = book.enter(number, from: "a")
            #expect(book.admit(number, reserved: true) == PlaceBook.Admission(isGranted: true))
        }
        book.arrived(0)
        _ = book.enter(14, from: "a")
        #expect(book.enter(15, from: "a") == 14, "it has said nothing")
        #expect(book.enter(16, from: "a") == 15)
        _ = book.whole(16, reserved: true)
        #expect(book.enter(17, from: "a") == 1, "the oldest whose body has not come")
        // Nobody of this address is ended for another one.
        #expect(book.enter(18, from: "b") == nil)
    }

    @Test func `a request that is half sent goes for another of its kind, and one under way does not`() {
        var book = PlaceBook(limits)
        for number: Int32 in 0..<11 {
            _ = book.enter(number, from: "a")
            #expect(book.admit(number, reserved: false) == PlaceBook.Admission(isGranted: true))
        }
        _ = book.enter(11, from: "a")
        #expect(book.admit(11, reserved: false) == PlaceBook.Admission(isGranted: true, leaving: 0))
        for number: Int32 in 1..<12 { book.arrived(number) }
        _ = book.enter(12, from: "a")
        #expect(book.admit(12, reserved: false) == PlaceBook.Admission(isGranted: false))
        // A reserved one that is half sent stands in nobody's way.
        _ = book.enter(13, from: "a")
        #expect(book.admit(13, reserved: true) == PlaceBook.Admission(isGranted: true))
        book.leave(0)
        book.leave(1)
        #expect(book.whole(12, reserved: false) == true)
    }
}

extension PlaceBook {
    /// Whether there is a place for a request that comes in one piece.
    fileprivate mutating func whole(_ descriptor: Int32, reserved: Bool) -> Bool {
        defer { arrived(descriptor) }
        return admit(descriptor, reserved: reserved).isGranted
    }
}
