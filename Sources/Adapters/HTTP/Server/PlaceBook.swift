internal import SagaEngine

/// Who has a place at the server, and what for; decides who has to go when places become few.
///
/// A connection that has not said what it wants can always be ended for a new one, the oldest first: whoever means to
/// speak has spoken. After those go the ones whose body has not come in full: whoever means it has sent it. Of the
/// others, those that want a reserved route have a share that nobody else can take, of all places and of those of one
/// address, so that callbacks come through however many uploads there are.
struct PlaceBook {
    /// How many places there are.
    struct Limits {
        let total: Int
        let perAddress: Int
        /// The part of both that is kept for reserved routes: one in so many.
        let reserved: Int

        /// How many of some places may be taken before the oldest silent one is ended, so that the next one gets in.
        static func crowded(_ places: Int) -> Int { places - max(1, places / 16) }

        /// How many of some places requests of other routes may have.
        func open(_ places: Int) -> Int { max(1, Self.crowded(places) - max(1, places / reserved)) }
    }

    private enum Use {
        /// Nothing is known of it: no head has come, or its request has been answered.
        case silent
        case reserved
        case open
        /// It has been told to go.
        case leaving
    }

    private struct Place {
        let address: ByteText
        var use = Use.silent
        var order: Int
        /// Whether a body is still coming, of a request that nobody waits for yet.
        var isArriving = false

        /// What goes first when places become few; `nil` for what stays.
        var rank: (Int, Int)? {
            switch use {
            case .silent: (0, order)
            case .reserved, .open: isArriving ? (1, order) : nil
            case .leaving: nil
            }
        }
    }

    /// Whether a request gets a place, and which connection has to go for it.
    struct Admission: Equatable {
        var isGranted: Bool
        var leaving: Int32?
    }

    private struct Count {
        var all = 0
        var open = 0
    }

    private let limits: Limits
    private var places: [Int32: Place] = [:]
    private var counts: [ByteText: Count] = [:]
    private var total = Count()
    private var order = 0

    init(_ limits: Limits) {
        self.limits = limits
    }

    /// A connection has come; answers which one has to go for it, if one has to.
    mutating func enter(_ descriptor: Int32, from address: String) -> Int32? {
        let address = ByteText(address)
        order += 1
        places[descriptor] = Place(address: address, order: order)
        total.all += 1
        counts[address, default: Count()].all += 1
        let isFull = total.all > Limits.crowded(limits.total)
        guard isFull || counts[address, default: Count()].all > Limits.crowded(limits.perAddress) else { return nil }
        return dismiss { number, place in number != descriptor && (isFull || place.address == address) }
    }

    /// A request's head has come; it has no place when other routes' places are all taken by requests under way.
    mutating func admit(_ descriptor: Int32, reserved: Bool) -> Admission {
        guard let place = places[descriptor] else { return Admission(isGranted: true) }
        release(place)
        places[descriptor]?.isArriving = true
        if reserved {
            places[descriptor]?.use = .reserved
            return Admission(isGranted: true)
        }
        // It does not stand in its own way.
        places[descriptor]?.use = .leaving
        let isFull = total.open >= limits.open(limits.total)
        var leaving: Int32?
        if isFull || counts[place.address, default: Count()].open >= limits.open(limits.perAddress) {
            leaving = dismiss { _, other in other.use == .open && (isFull || other.address == place.address) }
        }
        guard counts[place.address, default: Count()].open < limits.open(limits.perAddress),
            total.open < limits.open(limits.total)
        else { return Admission(isGranted: false, leaving: leaving) }
        places[descriptor]?.use = .open
        counts[place.address]?.open += 1
        total.open += 1
        return Admission(isGranted: true, leaving: leaving)
    }

    /// A request's body has come in full, or its handler takes it as it comes.
    mutating func arrived(_ descriptor: Int32) {
        places[descriptor]?.isArriving = false
    }

    /// Tells the one of some connections to go that has the least to lose; answers which, if there is one.
    private mutating func dismiss(_ isMeant: (Int32, Place) -> Bool) -> Int32? {
        let candidates = places.compactMap { number, place in
            isMeant(number, place) ? place.rank.map { (number, $0) } : nil
        }
        guard let first = candidates.min(by: { $0.1 < $1.1 })?.0, let place = places[first] else { return nil }
        release(place)
        places[first]?.use = .leaving
        return first
    }

    /// A request has been answered; its connection may bring another.
    mutating func rest(_ descriptor: Int32) {
        guard let place = places[descriptor], place.use == .open || place.use == .reserved else { return }
        release(place)
        order += 1
        places[descriptor] = Place(address: place.address, order: order)
    }

    /// A connection has ended.
    mutating func leave(_ descriptor: Int32) {
        guard let place = places.removeValue(forKey: descriptor) else { return }
        release(place)
        total.all -= 1
        guard let all = counts[place.address]?.all, all > 1 else {
            counts[place.address] = nil
            return
        }
        counts[place.address]?.all = all - 1
    }

    private mutating func release(_ place: Place) {
        guard place.use == .open else { return }
        counts[place.address]?.open -= 1
        total.open -= 1
    }
}
