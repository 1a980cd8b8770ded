/// Names one worker for as long as the controller runs; never reused.
package struct WorkerID: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package var description: String { "w\(rawValue >> 32)-\(rawValue & 0xFFFF_FFFF)" }
}
