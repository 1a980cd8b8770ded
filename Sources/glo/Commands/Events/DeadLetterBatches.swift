import AdminModel

/// Takes dead letters in requests that are small enough for Redis to do others' work in between.
struct DeadLetterBatches {
    let client: AdminClient
    /// `AdminPath.redrive` or `AdminPath.purge`.
    let path: String
    /// Only those that died at this Unix time in milliseconds or later.
    let sinceMilliseconds: Int64?
    /// At most so many a second; nil is as fast as it goes.
    let ratePerSecond: Int?

    /// Dead letters of one request when nothing limits the rate.
    private static let size = 100

    /// - Parameter progress: told of all that were taken so far, after each request.
    /// - Returns: the sums over the functions.
    func run(
        _ parts: [DeadLetterSelection.Part], progress: (Int) -> Void
    ) throws(CommandFailure) -> DeadLetterResult {
        var total = DeadLetterResult(count: 0, left: 0)
        var isFirst = true
        for part in parts where part.count > 0 {
            var rest = part.count
            var left = part.count
            while rest > 0 {
                if !isFirst { pause() }
                isFirst = false
                let request = DeadLetterRequest(
                    function: part.function, ids: part.ids, sinceMilliseconds: sinceMilliseconds,
                    limit: min(batchSize, rest))
                let result = try client.post(path, request, as: DeadLetterResult.self).document
                total.count += result.count
                rest -= result.count
                progress(total.count)
                // One that expired meanwhile is left without being counted.
                let isDone = result.left == 0 || (result.count == 0 && result.left >= left)
                left = result.left
                if isDone || part.ids != nil { break }
            }
            total.left += left
        }
        return total
    }

    /// A tenth of a second's worth.
    private var batchSize: Int {
        ratePerSecond.map { max(1, min($0 / 10, DeadLetterRequest.maximumLimit)) } ?? Self.size
    }

    private func pause() {
        if let ratePerSecond { Console.sleep(milliseconds: (batchSize * 1000 + ratePerSecond - 1) / ratePerSecond) }
    }
}
