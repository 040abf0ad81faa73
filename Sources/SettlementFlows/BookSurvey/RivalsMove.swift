internal import SagaEngine

/// Other offerings are taking their money out of accounts that this one needs; it is looked at again later.
struct RivalsMove: StepFault {
    let difficulties: Surveyor.Difficulties

    var code: String { "account_claimed" }
    var description: String { difficulties.words }
}
