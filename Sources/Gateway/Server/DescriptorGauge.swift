import Glibc

/// How near the process is to its limit of open files.
package struct DescriptorGauge: Sendable {
    package let limit: Int
    /// The lowest free descriptor, which is the number of those in use when they have no gaps.
    package let lowestFree: @Sendable () -> Int

    package init(limit: Int, lowestFree: @escaping @Sendable () -> Int) {
        self.limit = limit
        self.lowestFree = lowestFree
    }

    /// The limit as it is now, and the kernel's answer to which descriptor comes next.
    package static func process() -> DescriptorGauge {
        var limits = rlimit()
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0
        let limit = isKnown ? Int(clamping: limits.rlim_cur) : 1024
        return DescriptorGauge(limit: limit) {
            let descriptor = open("/", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return Int.max }
            Glibc.close(descriptor)
            return Int(descriptor)
        }
    }

    func isAbove(percent: Int) -> Bool { lowestFree() >= limit / 100 * percent + limit % 100 * percent / 100 }
}
