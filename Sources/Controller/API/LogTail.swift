import AdminModel
import FunctionModel
import NIOCore
import Observability

/// What `X-Amz-Log-Type: Tail` asks for: the end of an invocation's log, with Lambda's START, END and REPORT lines.
struct LogTail: Sendable {
    let id: InvocationID
    let function: FunctionName
    let executedVersion: String
    let memoryBytes: Int
    /// Unix time in milliseconds at which the invocation arrived.
    let since: Int64
    /// The document of a failure that the handler did not tell of itself; Lambda's log has its message.
    var error: ByteBuffer?

    /// Lambda gives the last 4 KiB.
    static let maxBytes = 4096
    /// How long the lines may take to come, in milliseconds, and how much later than the end record they may be.
    private static let waitMilliseconds = 500
    private static let graceMilliseconds = 30

    /// Waits for the lines, which come on another way than the answer, a moment later.
    ///
    /// - Parameter durationMilliseconds: what is said when the end's record does not come.
    func text(_ log: FunctionLogStore, durationMilliseconds: Double) async -> [UInt8] {
        let records = await records(log)
        var text = "START RequestId: \(id) Version: \(executedVersion)\n"
        var duration = durationMilliseconds
        var peak: Int?
        for record in records {
            switch record.kind {
            case .line: text += (record.message ?? "") + "\n"
            case .end:
                duration = record.durationMilliseconds ?? duration
                peak = record.peakMemoryBytes
            case .start, .dropped: break
            }
        }
        if let message = errorMessage { text += message + "\n" }
        text += "END RequestId: \(id)\n" + report(duration, peak)
        let bytes = Array(text.utf8)
        guard bytes.count > Self.maxBytes else { return bytes }
        // Not in the middle of a character.
        return Array(bytes.suffix(Self.maxBytes).drop { $0 & 0xc0 == 0x80 })
    }

    /// `RequestId: … Error: Task timed out after 1.00 seconds`
    private var errorMessage: String? {
        guard let error, let document = try? ServiceJSON(error) else { return nil }
        return document["errorMessage"]?.text
    }

    private func report(_ milliseconds: Double, _ peak: Int?) -> String {
        let hundredths = Int((milliseconds * 100).rounded())
        let duration = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        var text = "REPORT RequestId: \(id)\tDuration: \(duration) ms\tBilled Duration: \((hundredths + 99) / 100) ms"
        text += "\tMemory Size: \(memoryBytes >> 20) MB\t"
        if let peak { text += "Max Memory Used: \((peak + (1 << 20) - 1) >> 20) MB\t" }
        return text + "\n"
    }

    private func records(_ log: FunctionLogStore) async -> [LogRecord] {
        let text = id.description
        let stream = log.follow(function, last: 1000)
        let (ends, ended) = AsyncStream.makeStream(of: Void.self)
        let collected = Task {
            var records: [LogRecord] = []
            for await record in stream where record.invocation == text && record.atMilliseconds >= since {
                records.append(record)
                if record.kind == .end { ended.finish() }
            }
            return records
        }
        let limit = Task {
            try? await Task.sleep(for: .milliseconds(Self.waitMilliseconds))
            ended.finish()
        }
        for await _ in ends {}
        limit.cancel()
        try? await Task.sleep(for: .milliseconds(Self.graceMilliseconds))
        collected.cancel()
        return await collected.value
    }
}
