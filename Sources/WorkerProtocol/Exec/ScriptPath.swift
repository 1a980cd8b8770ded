import TextForms

/// Where the route ends and the rest of the path begins: SCRIPT_NAME and PATH_INFO (RFC 3875, 4.1.5 and 4.1.13).
struct ScriptPath: Equatable {
    /// The part of the path that the route's literal beginning matched, as it was sent.
    let script: String
    /// The rest, percent-decoded; empty, or with a slash in front.
    let info: String

    /// - Parameter pattern: such as `/hello`, `/hello/{id}` or `/hello/*`.
    init(pattern: String, path: String) {
        var literals = 0
        var isWhole = true
        for segment in pattern.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            if segment.first == UInt8(ascii: "{") || segment.elementsEqual([UInt8(ascii: "*")]) {
                isWhole = false
                break
            }
            literals += 1
        }
        guard !isWhole else {
            script = path
            info = ""
            return
        }
        // The literal segments of the pattern stand for as many of the path.
        var slashes = 0
        var end = path.utf8.startIndex
        while end < path.utf8.endIndex {
            if path.utf8[end] == UInt8(ascii: "/") {
                slashes += 1
                if slashes > literals { break }
            }
            end = path.utf8.index(after: end)
        }
        script = String(path[..<end])
        info = String(decoding: PercentEncoding.decoded(path[end...].utf8), as: UTF8.self)
    }
}
