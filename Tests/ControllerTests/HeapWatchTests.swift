import Testing

@testable import Controller

@Suite("Freed memory goes back to the kernel")
struct HeapWatchTests {
    @Test("Only what has become free since the last time, and only when it is much")
    func worthwhile() {
        var watch = HeapWatch()
        let answers = [10, 40, 41, 60, 5, 20, 22].map { watch.isWorthwhile(freeBytes: $0 << 20) }
        #expect(answers == [false, true, false, true, false, false, true])
    }
}
