/// How far a server that reads its data is.
package struct RedisLoading: Sendable, Hashable, CustomStringConvertible {
    package let loadedBytes: Int
    package let totalBytes: Int
    /// 0 to 100.
    package let percent: Double

    package init(loadedBytes: Int, totalBytes: Int, percent: Double) {
        self.loadedBytes = loadedBytes
        self.totalBytes = totalBytes
        self.percent = percent
    }

    /// From `INFO persistence`; nil when nothing is loaded.
    package init?(_ info: RedisInfo) {
        guard info["loading"] == "1" else { return nil }
        loadedBytes = info.integer("loading_loaded_bytes") ?? 0
        totalBytes = info.integer("loading_total_bytes") ?? 0
        percent = info["loading_loaded_perc"].flatMap { Double($0) } ?? 0
    }

    package var description: String { "\(Int(percent)) % of \(totalBytes >> 20) MiB" }
}
