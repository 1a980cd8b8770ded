import DispatchCore
import FunctionModel
import Testing

@Suite struct MemoryWatchTests {
    private static let mebibyte = 1 << 20

    private static func limits(_ mebibytes: Int) -> Limits {
        var limits = Limits()
        limits.memoryBytes = mebibytes * mebibyte
        return limits
    }

    @Test("The reserve is a sixteenth of the memory, 4 MiB at least and 64 MiB at most")
    func reserve() {
        let reserves = [16, 64, 128, 512, 4096].map { Self.limits($0).reserveBytes / Self.mebibyte }
        #expect(reserves == [4, 4, 8, 32, 64])
        #expect(Self.limits(128).containerMemoryBytes == 136 * Self.mebibyte)
    }

    @Test("A worker that keeps nothing is looked at once in 64 invocations")
    func steady() {
        var watch = MemoryWatch(Self.limits(512))
        var looks = 0
        for _ in 0..<6_400 where watch.ended() {
            looks += 1
            #expect(watch.looked(bytes: 40 * Self.mebibyte, running: 1) == .fine)
        }
        #expect(looks < 8 + 100 && looks >= 100)
    }

    @Test("A worker that has settled near its limit and does not grow is left alone")
    func settled() {
        var watch = MemoryWatch(Self.limits(128))
        for _ in 0..<1_000 where watch.ended() {
            #expect(watch.looked(bytes: 120 * Self.mebibyte, running: 1) == .fine)
        }
    }

    @Test("At its limit a worker takes nothing more, whether it grows or not")
    func atLimit() {
        var watch = MemoryWatch(Self.limits(128))
        _ = watch.ended()
        #expect(watch.looked(bytes: 128 * Self.mebibyte, running: 1) == .exhausted)
    }

    @Test(
        "A leak is seen in time: successor first, then no more work, and what runs still fits into the container",
        arguments: [
            (128, 1, 1), (128, 1, 4), (128, 1, 8), (512, 1, 1), (512, 1, 8), (512, 4, 4), (64, 1, 1), (1024, 8, 2),
            (256, 2, 1),
        ])
    func leak(memory: Int, perInvocation: Int, concurrency: Int) {
        let limits = Self.limits(memory)
        var watch = MemoryWatch(limits)
        var bytes = 20 * Self.mebibyte
        var verdicts: [MemoryWatch.Verdict] = []
        // The worst case: what all running ones will keep is charged before any of them ends.
        for _ in 0..<10_000 {
            bytes += perInvocation * Self.mebibyte
            guard watch.ended() else { continue }
            verdicts.append(watch.looked(bytes: bytes, running: concurrency))
            if verdicts.last == .exhausted { break }
        }
        #expect(verdicts.last == .exhausted)
        #expect(verdicts.contains(.leaks))
        #expect(bytes + concurrency * perInvocation * Self.mebibyte <= limits.containerMemoryBytes)
        #expect(bytes > limits.memoryBytes / 5 * 4, "it was given up too early")
    }
}
