/// The verbs a flow is written in. Each stage is asked for once; what is done answers from the journal.
///
/// Waiting leaves the flow by an error of the engine's own. A flow that catches it gains nothing: every later verb
/// throws again, and whatever the flow returns is ignored.
public final class SagaContext<Stage: SagaStage> {
    private let activation: Activation

    init(_ activation: Activation) {
        self.activation = activation
    }

    /// Carries out a local computation once and keeps its value.
    ///
    /// - Parameters:
    ///   - stage: The stage.
    ///   - work: What is computed; repeated only while it fails.
    /// - Returns: The value, computed now or taken from the journal.
    /// - Throws: ``Halt`` from `work` stops the saga in front of a person.
    public func step<Value: Codable & Sendable>(
        _ stage: Stage, _ work: () async throws -> Value
    ) async throws -> Value {
        try await activation.step(stage.name, work)
    }

    /// Carries out, once, a step that relies on what counterparties do *not* have.
    ///
    /// After a restore it waits until what was sent before has arrived, or never will.
    public func look<Value: Codable & Sendable>(
        _ stage: Stage, _ work: () async throws -> Value
    ) async throws -> Value {
        try await activation.step(stage.name, whenQuiet: true, work)
    }

    /// Looks for what an earlier life of the data may have done and this one has forgotten; in data that was never
    /// restored nothing is forgotten, and the stage is left out.
    public func lookBack<Value: Codable & Sendable>(_ stage: Stage, _ work: () async throws -> Value) async throws {
        guard activation.engine.incarnation.mayHaveForgotten else { return }
        _ = try await look(stage, work)
    }

    /// Has a counterparty told something, once.
    ///
    /// Throws ``Refusal`` when the counterparty has proved that it will not do it.
    public func send<Order: Instruction>(_ stage: Stage, _ order: consuming Order) async throws -> Sent<Order> {
        try await activation.send(stage.name, order)
    }

    /// Waits for the counterparty's approval of an instruction: a verified notice, and nothing else.
    ///
    /// - Parameters:
    ///   - stage: The stage.
    ///   - order: What was sent.
    ///   - span: After this long a person is told; the wait goes on.
    /// - Returns: The approval.
    /// - Throws: ``Refusal`` when the notice says that it will not be done.
    public func receive<Order: ApprovedInstruction>(
        _ stage: Stage, from order: Sent<Order>, within span: Span
    ) async throws -> Approved<Order> {
        let party = try activation.party(of: Order.self, stage: stage.name)
        let facts = try await activation.receive(stage.name, about: order.address.stage) {
            Activation.Awaited(
                order: order.address, party: party, facts: order.instruction.facts, mayAsk: false, proof: .approval,
                within: span)
        }
        return Approved(
            address: activation.address(of: stage.name, answering: order.address), instruction: order.instruction,
            facts: facts)
    }

    /// Waits until an instruction is settled: by a notice or, where policy says so, by asking.
    ///
    /// - Parameters:
    ///   - stage: The stage.
    ///   - order: What was sent.
    ///   - span: After this long a person is told; the wait goes on.
    /// - Returns: The settlement.
    /// - Throws: ``Refusal`` when the counterparty proves that it will not be done.
    public func receive<Order: SettledInstruction>(
        _ stage: Stage, from order: Sent<Order>, within span: Span
    ) async throws -> Settled<Order> {
        let party = try activation.party(of: Order.self, stage: stage.name)
        let facts = try await activation.receive(stage.name, about: order.address.stage) {
            Activation.Awaited(
                order: order.address, party: party, facts: order.instruction.facts,
                mayAsk: party.terms.settlement == .noticeOrFind, proof: .settlement, within: span)
        }
        return Settled(
            address: activation.address(of: stage.name, answering: order.address), instruction: order.instruction,
            facts: facts)
    }

    /// Posts to the books, in the transaction of this stage.
    public func post<Content: Postable>(_ stage: Stage, _ content: Content) async throws -> Posted<Content> {
        try activation.post(stage.name, content)
    }

    /// Waits for a moment; the saga occupies no thread and no memory meanwhile.
    public func sleep(_ stage: Stage, until moment: Timestamp) async throws {
        try activation.sleep(stage.name, until: moment)
    }

    /// Passes the point after which the saga only goes forward and money may move.
    public func pointOfNoReturn() async throws {
        try activation.pointOfNoReturn()
    }

    /// Starts a child saga for each element and waits until all have ended.
    ///
    /// Returns the proof: digest, counts and sums.
    public func forEach<Source: ElementSource, Child: Saga>(
        _ stage: Stage, in source: Source, run child: Child.Type
    ) async throws -> AllSettled<Child.Output> where Child.Input == Source.Element, Child.Output: Tallied {
        let activation = activation
        return try await fold(stage, source, child) { try activation.encode($0) }
    }

    /// Starts a child saga for each element, on evidence that this saga holds, and waits until all have ended.
    ///
    /// Returns the proof: digest, counts and sums.
    public func forEach<Source: ElementSource, Child: EntrustedSaga>(
        _ stage: Stage, in source: Source, given: Child.Given, run child: Child.Type
    ) async throws -> AllSettled<Child.Output> where Child.Input == Source.Element, Child.Output: Tallied {
        let activation = activation
        return try await fold(stage, source, child) { try activation.encode(Entrusted(element: $0, given: given)) }
    }

    /// The elements of a stage that ended and were not taken out, as the source of a later `forEach`.
    public func settled<Element: Codable & Sendable & Tallied>(
        _ proof: AllSettled<Element>
    ) -> SettledElements<Element> {
        SettledElements(proof: proof, archive: activation.engine.store)
    }

    private func fold<Source: ElementSource, Child: SagaDefinition>(
        _ stage: Stage, _ source: Source, _ child: Child.Type,
        input: @escaping (Source.Element) throws -> [UInt8]
    ) async throws -> AllSettled<Child.Output> where Child.Output: Tallied {
        let children = Activation.Children(
            flow: Child.flow, source: source.digest,
            page: { cursor, limit in
                try await source.page(after: cursor, limit: limit).map { ($0.id, try input($0.element)) }
            },
            tally: { try JournalDecoder().decode(Child.Output.self, from: $0).tally })
        let body = try await activation.forEach(stage.name, children)
        return AllSettled(address: activation.address(of: stage.name), body: body)
    }
}

extension Activation {
    /// The counterparty of an instruction whose notice is waited for.
    func party<Order: Instruction>(of type: Order.Type, stage: StageName) throws -> KnownParty {
        guard let party = engine.party(named: Order.counterparty) else {
            throw trouble(.illegal, stage, "no counterparty named \(Order.counterparty) is configured")
        }
        return party
    }

    /// The address of a proof about an instruction: its stage, with the instruction's own count of refusals.
    func address(of stage: StageName, answering order: EvidenceAddress) -> EvidenceAddress {
        EvidenceAddress(saga: id, stage: stage, refusals: order.refusals)
    }
}
