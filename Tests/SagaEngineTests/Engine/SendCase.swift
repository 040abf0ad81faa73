@testable import SagaEngine

/// One situation in which a stage that sends may be taken up, and what an absence means in it.
struct SendCase: Sendable, CustomStringConvertible {
    /// Whether the journal has an intent already.
    let isKnown: Bool
    let life: Life
    let retention: Retention
    let last: Last

    enum Life: CaseIterable { case original, restoredLongAgo, restoredJustNow }
    enum Retention: CaseIterable { case forever, lastingStill, lastingNoMore, none }
    enum Last: CaseIterable { case none, unknown, absentJustNow, absentLongEnough }

    /// Every situation there is; a stage without an intent has no attempts.
    static var all: [SendCase] {
        var cases: [SendCase] = []
        for life in Life.allCases {
            for retention in Retention.allCases {
                cases.append(SendCase(isKnown: false, life: life, retention: retention, last: .none))
                for last in Last.allCases {
                    cases.append(SendCase(isKnown: true, life: life, retention: retention, last: last))
                }
            }
        }
        return cases
    }

    var description: String { "\(isKnown ? "known" : "fresh"), \(life), \(retention), \(last)" }

    /// An hour before now; the restores come before and after it.
    private var intendedAt: Timestamp { Sample.now + .hours(-1) }

    /// From when the last absence, if there is one, is a proof.
    var absenceProves: Timestamp {
        last == .absentLongEnough ? Sample.now : Sample.now + .seconds(1)
    }

    private var incarnation: Incarnation {
        switch life {
        case .original: Incarnation(number: 0, since: Timestamp(milliseconds: 0))
        case .restoredLongAgo: Incarnation(number: 1, since: Sample.now + .hours(-2))
        case .restoredJustNow: Incarnation(number: 1, since: Sample.now + .seconds(-10))
        }
    }

    func machine(_ policy: RetryPolicy) -> SendStateMachine {
        let stage = StageState()
        if isKnown { stage.intend(Sample.intent(), at: intendedAt) }
        switch last {
        case .none: break
        case .unknown: stage.lastAttempt = Dated(value: Sample.attempt(.unknown), at: intendedAt)
        case .absentJustNow, .absentLongEnough:
            let attempt = Sample.attempt(.absent, code: "quiet_time", next: absenceProves)
            stage.lastAttempt = Dated(value: attempt, at: intendedAt)
        }
        let span: CounterpartyTerms.KeyRetention =
            switch retention {
            case .forever: .forever
            // A fresh intent is of now, a known one an hour old.
            case .lastingStill: .lasting(.hours(1) + .milliseconds(1))
            case .lastingNoMore: .lasting(.hours(1))
            case .none: .none
            }
        return SendStateMachine(
            stage: stage, terms: Sample.terms(span), policy: policy, incarnation: incarnation)
    }

    /// Whether the party would recognise the key, had it seen it.
    var recognises: Bool {
        switch (retention, isKnown, life) {
        case (.forever, _, _): true
        case (.none, _, _): false
        // The intent that this data remembers may not have been the first one.
        case (_, true, .restoredLongAgo), (_, false, .restoredLongAgo), (_, false, .restoredJustNow): false
        case (.lastingStill, _, _): true
        case (.lastingNoMore, let known, _): !known
        }
    }

    var resend: AttemptBody { Sample.attempt(.resending, verb: .deliver, code: "absence_proved") }

    /// What is done when the party does not know the key.
    var afterAbsence: SendStateMachine.Action {
        if recognises { return .deliver }
        switch (isKnown, life, last) {
        case (false, .original, _), (false, .restoredJustNow, _):
            // Nothing was sent in this life; what an earlier one sent is quiet a while after the restore.
            return life == .original ? .deliver : quiet(until: Sample.now + .seconds(20))
        case (false, .restoredLongAgo, _): return .deliver
        case (true, _, .none), (true, _, .unknown): return quiet(until: Sample.now + Sample.quiet)
        case (true, _, .absentJustNow): return quiet(until: absenceProves)
        case (true, _, .absentLongEnough): return .persistResend(resend)
        }
    }

    private func quiet(until moment: Timestamp) -> SendStateMachine.Action {
        .pause(Sample.attempt(.absent, code: "quiet_time", next: moment), until: moment)
    }
}

extension Span {
    fileprivate static func + (left: Span, right: Span) -> Span {
        Span(milliseconds: left.milliseconds + right.milliseconds)
    }
}
