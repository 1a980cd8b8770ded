import FunctionModel

extension QueueAPI {
    /// The queues of a controller's own event plane.
    init(plane: DataPlane) {
        self.init(
            store: PlaneMessageStore(plane: plane),
            newID: {
                var random = UnguessableIDs()
                return InvocationID.random(using: &random)
            })
    }
}
