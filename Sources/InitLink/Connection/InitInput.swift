internal import CLinux
import Glibc
import LinuxSystem

/// Turns what a socket delivers into checked frames, and matches the descriptors with them.
struct InitInput {
    /// A frame, with the descriptors that it announced.
    struct Delivery {
        let frame: InitFrame
        let descriptors: [OwnedDescriptor]
    }

    private var decoder = InitFrameDecoder()
    /// Descriptors that came with bytes whose frame is not complete yet, oldest first.
    private var waiting: [OwnedDescriptor] = []

    /// Takes bytes and descriptors; appends what is complete to `deliveries`, also when it then throws.
    mutating func receive(
        _ bytes: some Collection<UInt8>, descriptors: [OwnedDescriptor], session: inout InitSession,
        into deliveries: inout [Delivery]
    ) throws(InitLinkError) {
        waiting.append(contentsOf: descriptors)
        guard waiting.count <= 2 * Int(GLO_DESCRIPTORS_MAX) else { throw .violation("passed too many descriptors") }
        decoder.append(bytes)
        while let frame = try decoder.next() {
            try session.receive(frame)
            guard case .descriptors(let worker, let kind, let count, let port) = frame else {
                deliveries.append(Delivery(frame: frame, descriptors: []))
                continue
            }
            guard waiting.count >= count else { throw .violation("announced descriptors that did not come") }
            var matching = Array(waiting.prefix(count))
            waiting.removeFirst(count)
            if try Self.areUsable(&matching, kind: kind, worker: worker, port: port) {
                deliveries.append(Delivery(frame: frame, descriptors: matching))
            } else {
                let failure = InitFrame.connectFailed(worker: worker, systemError: ECONNRESET)
                deliveries.append(Delivery(frame: failure, descriptors: []))
            }
        }
    }

    /// Looks at what was passed, and makes it non-blocking whatever init says. False for a connection that is over.
    private static func areUsable(
        _ descriptors: inout [OwnedDescriptor], kind: DescriptorKind, worker: UInt32, port: UInt16
    ) throws(InitLinkError) -> Bool {
        for (index, descriptor) in descriptors.enumerated() {
            let facts = DescriptorFacts(of: descriptor)
            switch kind.judge(facts, at: index, port: port) {
            case .right: break
            case .connectionIsOver: return false
            case .wrong:
                for descriptor in descriptors { descriptor.closeElsewhere() }
                throw .violation("passed a descriptor for worker \(worker) that is no \(kind.noun)")
            }
            guard clinux_set_nonblocking(descriptor.raw) == 0 else {
                throw InitLinkError(.system, "a passed descriptor cannot be used", systemError: clinux_errno())
            }
            if case .pipe(_, let writes) = facts.sort { reopen(&descriptors[index], writes: writes) }
        }
        return true
    }

    /// Init has the same open file and could make it blocking again. A pipe can be had once more, all of our own; where
    /// the system does not let this user, it stays as it came.
    private static func reopen(_ descriptor: inout OwnedDescriptor, writes: Bool) {
        let own = clinux_reopen_pipe(descriptor.raw, writes)
        if own >= 0 { descriptor = OwnedDescriptor(owning: own) }
    }
}
