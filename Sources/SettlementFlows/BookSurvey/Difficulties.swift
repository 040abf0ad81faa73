internal import SagaEngine

extension Surveyor {
    /// What would go wrong, the first of it in words.
    struct Difficulties {
        private var all = Sentences()
        /// How many of them pass by themselves.
        private(set) var passing = 0
        /// How many of them are that others claim the money.
        private(set) var claimed = 0
        /// How many of them are that money is not there.
        private(set) var unfunded = 0
        /// How many lines have moved something already by the way that the offering is to go.
        private(set) var standing = 0
        /// What has moved already by the other way.
        private(set) var against = Sentences()

        /// How many there are.
        var count: Int { all.count }

        mutating func note(_ sentence: String) { all.note(sentence) }

        mutating func note(claim sentence: String, passes: Bool) {
            all.note(sentence)
            claimed += 1
            if passes { passing += 1 }
        }

        mutating func note(unfunded sentence: String) {
            all.note(sentence)
            unfunded += 1
        }

        /// Whether calling off would be stopped by some of them, too.
        var holdRefundsUp: Bool { claimed + unfunded > 0 }

        /// Takes in what stands for a line that is to go a way.
        mutating func note(_ line: StandingMovements.OfLine, way: ExpectedMovements.Way) {
            let own = line.movements(by: way)
            if !own.isEmpty { standing += 1 }
            for found in own where !found.isAsExpected {
                note("\(found.words), not the \(found.expected.words) of this line")
            }
            for (other, found) in line.movements where other != way { against.note(found.words) }
        }

        mutating func check(_ entry: BookEntry, _ what: String, at party: CounterpartyName = Parties.custodian) {
            switch entry.standing {
            case .open: return
            case .blocked: note("\(what) is \(entry.word ?? "blocked") at the \(party)")
            case .absent: note("\(what) does not exist at the \(party)")
            }
        }

        /// How many there are, and the first of them one by one.
        var words: String { all.words("difficulty", "difficulties") }

        /// How many there are, the first of them one by one, and what to do; what has moved already is not called off,
        /// and what is not there is not given back.
        var sentence: String {
            words + (count == 1 ? "; mend it and resume" : "; mend them and resume")
                + (standing > 0 ? "" : holdRefundsUp ? ", or discard" : ", or cancel")
        }
    }
}
