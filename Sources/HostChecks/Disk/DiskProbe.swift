import CLinux
import Glibc
import LinuxSystem

/// Measures a directory's disk as ioping does, with a file of its own that is gone afterwards.
package struct DiskProbe {
    private let path: String
    private let milliseconds: Int

    private static let blockBytes = 4096
    private static let fileBlocks = 8192
    private static let patternBlocks = 256

    /// - Parameter milliseconds: how long each of the two measurements goes on.
    package init(directory: String, milliseconds: Int) {
        path = "\(directory)/.glo-doctor-\(getpid())"
        self.milliseconds = milliseconds
    }

    /// Blocks for twice the time, and for writing 32 MiB.
    package func measure(progress: (String) -> Void) -> DiskMeasurement {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return DiskMeasurement(problem: "cannot write there: \(SystemError.text(errno))") }
        defer {
            close(descriptor)
            unlink(path)
        }
        progress("Preparing 32 MiB to read from")
        guard fill(descriptor) else {
            return DiskMeasurement(problem: "cannot write there: \(SystemError.text(errno))")
        }
        let direct = clinux_open_direct(path)
        defer { if direct >= 0 { close(direct) } }
        progress("Measuring fdatasync for \(milliseconds) ms")
        let sync = samples { syncOne(descriptor, at: $0) }
        progress("Measuring random reads of 4 KiB for \(milliseconds) ms")
        let read = direct >= 0 ? readSamples(direct) : []
        return DiskMeasurement(sync: LatencySummary(microseconds: sync), read: LatencySummary(microseconds: read))
    }

    /// Random bytes: some disks and file systems pack zeros, and then read nothing.
    private func fill(_ descriptor: Int32) -> Bool {
        var random = SystemRandomNumberGenerator()
        var pattern = [UInt8](repeating: 0, count: Self.patternBlocks * Self.blockBytes)
        for index in stride(from: 0, to: pattern.count, by: 8) {
            withUnsafeBytes(of: random.next()) { word in
                for offset in 0..<8 { pattern[index + offset] = word[offset] }
            }
        }
        for _ in 0..<(Self.fileBlocks / Self.patternBlocks) {
            guard write(descriptor, pattern, pattern.count) == pattern.count else { return false }
        }
        return fdatasync(descriptor) == 0
    }

    /// As Redis' append-only file grows: each write makes the file longer.
    private func syncOne(_ descriptor: Int32, at index: Int) -> Bool {
        let block = [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: Self.blockBytes)
        let offset = off_t((Self.fileBlocks + index) * Self.blockBytes)
        return pwrite(descriptor, block, block.count, offset) == block.count && fdatasync(descriptor) == 0
    }

    private func readSamples(_ descriptor: Int32) -> [Int] {
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, Self.blockBytes, Self.blockBytes) == 0 else { return [] }
        defer { free(memory) }
        return samples { _ in
            let offset = off_t(Int.random(in: 0..<Self.fileBlocks) * Self.blockBytes)
            return pread(descriptor, memory, Self.blockBytes, offset) == Self.blockBytes
        }
    }

    /// Microseconds of each try, until the time is over or one fails.
    private func samples(_ body: (Int) -> Bool) -> [Int] {
        var samples: [Int] = []
        let end = SystemClock.monotonicNanoseconds() + Int64(milliseconds) * 1_000_000
        var start = SystemClock.monotonicNanoseconds()
        while start < end, body(samples.count) {
            let now = SystemClock.monotonicNanoseconds()
            samples.append(Int((now - start) / 1000))
            start = now
        }
        return samples
    }
}
