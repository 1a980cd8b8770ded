import Synchronization

/// Lets the supervisor, which is made first, reach the data plane, which is made with it.
final class DataPlaneGate: Sendable {
    private let plane = Mutex<DataPlane?>(nil)

    func open(to plane: DataPlane) { self.plane.withLock { $0 = plane } }

    func tell(_ event: SupervisorEvent) {
        let plane = plane.withLock(\.self)
        plane?.tell { $0.handle(event) }
    }
}
