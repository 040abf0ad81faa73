internal import SagaEngine

/// Who has a place at the server, and what for; decides who has to go when places become few.
///
/// A connection that has not said what it wants can always be ended for a new one, the oldest first: whoever means to
/// speak has spoken. Of the others, those that want a reserved route have a share that nobody else can take, of all
/// places and of those of one address, so that callbacks come through however many uploads there are.
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
        let silent = places.filter { number, place in
            place.use == .silent && number != descriptor && (isFull || place.address == address)
        }
        guard let oldest = silent.min(by: { $0.value.order < $1.value.order }) else { return nil }
        places[oldest.key]?.use = .leaving
        return oldest.key
    }

    /// A request's head has come; `false` when other routes' places are all taken.
    mutating func admit(_ descriptor: Int32, reserved: Bool) -> Bool {
        guard let place = places[descriptor] else { return true }
        release(place)
        if reserved {
            places[descriptor]?.use = .reserved
            return true
        }
        let count = counts[place.address, default: Count()]
        guard count.open < limits.open(limits.perAddress), total.open < limits.open(limits.total) else {
            places[descriptor]?.use = .leaving
            return false
        }
        places[descriptor]?.use = .open
        counts[place.address]?.open += 1
        total.open += 1
        return true
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
