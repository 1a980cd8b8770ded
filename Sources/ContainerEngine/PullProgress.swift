/// Turns the many lines of a pull into few sentences.
struct PullProgress {
    private struct Layer {
        var current = 0
        var total = 0
        var isComplete = false
    }

    private let image: String
    private var layers: [String: Layer] = [:]
    private var reportedComplete = -1
    private var reportedBytes = 0
    /// Bytes after which there is something new to say.
    private static let step = 10 << 20

    /// What the engine said went wrong.
    private(set) var error: String?

    init(image: String) { self.image = image }

    /// A sentence when there is something new.
    mutating func line(_ line: EngineMessages.PullLine) -> String? {
        if let error = line.error {
            self.error = error
            return nil
        }
        guard let id = line.id, let status = line.status, isLayer(status) else { return nil }
        var layer = layers[id] ?? Layer()
        if status == "Downloading", let progress = line.progress {
            layer.current = progress.current ?? layer.current
            layer.total = progress.total ?? layer.total
        }
        if status == "Download complete" { layer.current = max(layer.current, layer.total) }
        if status == "Pull complete" || status == "Already exists" { layer.isComplete = true }
        layers[id] = layer
        return report()
    }

    private func isLayer(_ status: String) -> Bool {
        switch status {
        case "Pulling fs layer", "Waiting", "Downloading", "Verifying Checksum", "Download complete", "Extracting",
            "Pull complete", "Already exists":
            true
        default: false
        }
    }

    private mutating func report() -> String? {
        let complete = layers.values.count { $0.isComplete }
        let bytes = layers.values.reduce(0) { $0 + $1.current }
        guard complete != reportedComplete || bytes >= reportedBytes + Self.step else { return nil }
        reportedComplete = complete
        reportedBytes = bytes
        let total = layers.values.reduce(0) { $0 + max($1.total, $1.current) }
        return "pulling \(image): \(complete) of \(layers.count) layers, \(bytes >> 20) of \(total >> 20) MiB"
    }
}
