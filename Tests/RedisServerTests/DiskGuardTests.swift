import Testing

@testable import RedisServer

@Suite struct DiskGuardTests {
    static let gigabyte = 1_000_000_000

    @Test(
        "A disk is low below a tenth of it or a gigabyte, whichever is less",
        arguments: [
            (total: 8 << 20, free: (8 << 20) / 10, isLow: false),
            (total: 8 << 20, free: (8 << 20) / 10 - 1, isLow: true),
            (total: 100 * gigabyte, free: gigabyte, isLow: false),
            (total: 100 * gigabyte, free: gigabyte - 1, isLow: true),
        ])
    func limit(_ row: (total: Int, free: Int, isLow: Bool)) {
        var disk = DiskGuard()
        let hasChanged = disk.update(DiskReading(freeBytes: row.free, totalBytes: row.total))
        #expect(hasChanged == row.isLow)
        #expect(disk.isLow == row.isLow)
    }

    @Test("A disk that was low needs a tenth more room to be well again")
    func hysteresis() {
        var disk = DiskGuard()
        func reading(_ free: Int) -> DiskReading { DiskReading(freeBytes: free, totalBytes: 1_000) }
        var changes: [Bool] = []
        var lows: [Bool] = []
        for free in [99, 109, 110, 100] {
            changes.append(disk.update(reading(free)))
            lows.append(disk.isLow)
        }
        #expect(changes == [true, false, true, false])
        #expect(lows == [true, true, false, false])
        #expect(disk.lastReading == reading(100))
    }

    @Test("The room of a real disk is read")
    func reading() throws {
        let reading = try DiskReading(of: "/")
        #expect(reading.totalBytes > 0)
        #expect((0...reading.totalBytes).contains(reading.freeBytes))
        #expect((0...100).contains(reading.freePercent))
        #expect(throws: RedisProcessError.self) { try DiskReading(of: "/nowhere/at/all") }
    }
}
