import Glibc

/// Reads one of the append-only files from front to back, and keeps what a seal says of it.
struct FileReading {
    let name: String
    /// Whether it is a list of commands; else it is a snapshot, which is looked at as a whole.
    let isLog: Bool
    /// Follows the commands; of no use in a snapshot.
    private(set) var scanner: AppendOnlyScanner
    /// Of all bytes that were read.
    private(set) var all: AppendOnlySeal.Part
    /// Of all whole commands, and of those without the last one.
    private(set) var whole: AppendOnlySeal.Part
    private(set) var shorter: AppendOnlySeal.Part?
    /// Checksums of the lengths that were asked for.
    private(set) var found: [Int: UInt32] = [:]
    /// The first bytes, by which a snapshot is known.
    private(set) var beginning: [UInt8] = []
    private var wanted: Set<Int>

    private static let blockBytes = 1 << 20

    /// - Parameters:
    ///   - sealed: goes on where a seal ends.
    ///   - checkpoints: lengths whose checksums are of interest.
    init(_ entry: AppendOnlyManifest.Entry, from sealed: AppendOnlySeal.File? = nil, checkpoints: Set<Int> = []) {
        name = entry.name
        isLog = entry.isLog
        let start = sealed?.whole ?? AppendOnlySeal.Part(length: 0, checksum: 0)
        scanner = AppendOnlyScanner(at: start.length)
        all = start
        whole = start
        shorter = sealed?.shorter
        wanted = checkpoints
        if wanted.contains(0) { found[0] = 0 }
    }

    var seal: AppendOnlySeal.File { AppendOnlySeal.File(name: name, whole: whole, shorter: isLog ? shorter : nil) }

    /// Reads on up to that length, or to the file's end. False when the file cannot be read, with `errno`.
    mutating func read(_ descriptor: Int32, to length: Int = .max) -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.blockBytes)
        while all.length < length {
            let wish = min(buffer.count, length - all.length)
            let count = pread(descriptor, &buffer, wish, off_t(all.length))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return false }
            if count == 0 { break }
            buffer.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        return true
    }

    private mutating func take(_ block: UnsafeRawBufferPointer) {
        let start = all.length
        let end = start + block.count
        if beginning.count < 9 { beginning += block.prefix(9 - beginning.count) }
        if isLog { scanner.feed(block) }
        let ends = isLog ? [scanner.previousBoundary, scanner.boundary] : [end]
        let cuts = Set(ends + wanted).filter { $0 > start && $0 <= end }.sorted() + [end]
        for cut in cuts where cut > all.length || cut == end {
            var checksum = Checksum(value: all.checksum)
            checksum.add(UnsafeRawBufferPointer(rebasing: block[(all.length - start)..<(cut - start)]))
            all = AppendOnlySeal.Part(length: cut, checksum: checksum.value)
            if wanted.contains(cut) { found[cut] = checksum.value }
            guard ends.contains(cut) else { continue }
            if cut > whole.length { shorter = whole }
            whole = all
        }
    }
}
