import CLibrary
import CLinux

/// Reads how often the kernel's out-of-memory killer has struck in this container.
final class OutOfMemoryCounter {
    private var file = Descriptor()
    private var seen = 0

    /// Outside a container the counter would tell about others, so it stays shut.
    init(isInContainer: Bool) {
        guard isInContainer else { return }
        // The unified hierarchy, then the older one.
        file = Descriptor(owning: clinux_open("/sys/fs/cgroup/memory.events", O_RDONLY, 0))
        if !file.isOpen {
            file = Descriptor(owning: clinux_open("/sys/fs/cgroup/memory/memory.oom_control", O_RDONLY, 0))
        }
        seen = count()
    }

    /// Whether it struck since the last question.
    func hasStruck() -> Bool {
        let now = count()
        defer { seen = now }
        return now > seen
    }

    private func count() -> Int {
        guard file.isOpen else { return 0 }
        var text = [UInt8](repeating: 0, count: 512)
        let length = text.withUnsafeMutableBytes { pread(file.raw, $0.baseAddress, $0.count, 0) }
        guard length > 0 else { return 0 }
        return Self.value(of: "oom_kill ", in: [UInt8](text[0..<length]))
    }

    /// The number behind a word that starts a line.
    private static func value(of word: StaticString, in text: [UInt8]) -> Int {
        let wanted = Text(word).bytes
        var start = 0
        while start + wanted.count < text.count {
            if text[start..<start + wanted.count].elementsEqual(wanted) {
                var value = 0
                for byte in text[(start + wanted.count)...] {
                    guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { break }
                    value = value &* 10 &+ Int(byte - UInt8(ascii: "0"))
                }
                return value
            }
            guard let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) else { break }
            start = end + 1
        }
        return 0
    }
}
