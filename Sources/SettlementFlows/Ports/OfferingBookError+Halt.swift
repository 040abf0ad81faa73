internal import SagaEngine

extension OfferingBookError {
    /// What a stage throws for it: a failure of the storage may pass, anything else needs a person.
    var asStageError: any Error {
        switch self {
        case .storage(let code): StoreError(.unavailable, "the offering book's storage failed (\(code))")
        case .busy(let offering): StoreError(.unavailable, "offering \(offering) is being worked on")
        case .badRows, .contentDiffers, .contentReplaced, .notLoaded, .notSealed, .notAllotted, .loadGone, .arithmetic:
            Halt(code: code, message: description)
        }
    }
}
