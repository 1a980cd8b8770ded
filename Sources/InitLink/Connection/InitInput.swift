internal import CLinux

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
            var matching: [OwnedDescriptor] = []
            if case .descriptors(_, _, let count, _) = frame {
                guard waiting.count >= count else { throw .violation("announced descriptors that did not come") }
                matching = Array(waiting.prefix(count))
                waiting.removeFirst(count)
            }
            deliveries.append(Delivery(frame: frame, descriptors: matching))
        }
    }
}
