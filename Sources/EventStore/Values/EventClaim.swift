package import FunctionModel

/// One run of an event, as its owner names it afterwards.
package struct EventClaim: Hashable, Sendable {
    package let id: InvocationID
    package let generation: Int

    package init(id: InvocationID, generation: Int) {
        self.id = id
        self.generation = generation
    }
}

extension ClaimedEvent {
    package var claim: EventClaim { EventClaim(id: id, generation: generation) }
}
