import CLibrary
import CLinux

/// The connection to the controller. Sending never waits: what the socket does not take is queued; log lines stop
/// being queued long before anything else does.
final class ControlLink {
    private struct Segment {
        var bytes: [UInt8]
        var sent = 0
        /// Owned; they travel with the first byte and are closed then.
        var descriptors: [Int32] = []
    }

    /// Beyond this, log lines are dropped.
    private static let logLimit = 256 << 10
    /// Beyond this, the controller is taken for dead.
    private static let limit = 8 << 20
    /// Small frames share a segment up to this size.
    private static let segmentLength = 32 << 10

    private var socket: Descriptor
    /// Hangs up when the controller has been killed, sooner than the socket does.
    private var lifeline = Descriptor()
    private var reader = ControlFrameReader()
    private var queue: [Segment] = []
    private var queuedBytes = 0
    /// The controller went away, or broke the protocol.
    private(set) var isLost = false

    init(socket: Int32) { self.socket = Descriptor(owning: socket) }

    /// For poll; -1 once it is lost.
    var descriptor: Int32 { isLost ? -1 : socket.raw }

    /// For poll; -1 when there is none.
    var lifelineDescriptor: Int32 { isLost ? -1 : lifeline.raw }

    var wantsToWrite: Bool { !queue.isEmpty }

    /// Whether a log line may be sent now.
    var takesLogs: Bool { !isLost && queuedBytes < Self.logLimit }

    /// Ends the connection: the controller, or what it sent, is not what it should be.
    func lose() {
        isLost = true
        for segment in queue { for descriptor in segment.descriptors { _ = CLibrary.close(descriptor) } }
        queue = []
        queuedBytes = 0
        socket.close()
        lifeline.close()
    }

    // MARK: Receiving

    /// Takes what the socket holds; ``nextFrame()`` has it then.
    func receive(_ context: InitContext) {
        while !isLost {
            guard let bytes = read(into: context.scratch) else { return }
            if bytes.isEmpty { return lose() }
            reader.append(bytes)
            // A full scratch may mean more; the rest comes with the next turn.
            if bytes.count < InitContext.scratchLength { return }
        }
    }

    /// As ``InitContext/read(_:limit:)``, for a socket that a descriptor may come with.
    private func read(into scratch: UnsafeMutableRawPointer) -> UnsafeRawBufferPointer? {
        var received: Int32 = -1
        var descriptors = 1
        var isTruncated = false
        let count = clinux_receive(
            socket.raw, scratch, InitContext.scratchLength, &received, &descriptors, &isTruncated)
        if count < 0 { return clinux_errno() == EAGAIN ? nil : UnsafeRawBufferPointer(start: scratch, count: 0) }
        if descriptors == 1 { lifeline = Descriptor(owning: received) }
        return UnsafeRawBufferPointer(start: scratch, count: count)
    }

    func nextFrame() -> ControlFrame? {
        guard !isLost else { return nil }
        let frame = reader.next()
        if reader.isBroken { lose() }
        return frame
    }

    // MARK: Sending

    /// Queues a frame; descriptors become the link's. ``flush()`` sends.
    func send(_ type: Int32, worker: UInt32, descriptors: [Int32] = [], body: (inout ByteWriter) -> Void) {
        var payload = ByteWriter()
        body(&payload)
        guard !isLost, queuedBytes + payload.bytes.count < Self.limit else {
            for descriptor in descriptors { _ = CLibrary.close(descriptor) }
            return lose()
        }
        var frame = ByteWriter()
        frame.writeHeader(payloadLength: payload.bytes.count, type: type, id: worker)
        frame.bytes.append(contentsOf: payload.bytes)
        enqueue(frame.bytes, descriptors)
    }

    /// Sends what the socket takes.
    func flush() {
        var done = 0
        while !isLost, done < queue.count {
            let count = sendSome(queue[done])
            if count < 0 {
                let error = clinux_errno()
                if error != EAGAIN { return lose() }
                break
            }
            for descriptor in queue[done].descriptors { _ = CLibrary.close(descriptor) }
            queue[done].descriptors = []
            queue[done].sent += count
            queuedBytes -= count
            if queue[done].sent == queue[done].bytes.count { done += 1 }
        }
        if isLost || done == 0 { return }
        if done == queue.count { queue = [] } else { queue.removeFirst(done) }
    }

    private func sendSome(_ segment: Segment) -> Int {
        segment.bytes.withUnsafeBytes { bytes in
            segment.descriptors.withUnsafeBufferPointer { descriptors in
                clinux_send(
                    socket.raw, bytes.baseAddress.map { $0 + segment.sent }, bytes.count - segment.sent,
                    descriptors.baseAddress, descriptors.count)
            }
        }
    }

    private func enqueue(_ bytes: [UInt8], _ descriptors: [Int32]) {
        queuedBytes += bytes.count
        let last = queue.count - 1
        if descriptors.isEmpty, last >= 0, queue[last].bytes.count < Self.segmentLength {
            queue[last].bytes.append(contentsOf: bytes)
        } else {
            queue.append(Segment(bytes: bytes, descriptors: descriptors))
        }
    }
}
