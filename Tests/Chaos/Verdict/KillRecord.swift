/// A kill that was made.
struct KillRecord: Hashable, Sendable {
    var kind: KillKind
    /// The process.
    var pid: Int32
    /// Unix time in nanoseconds.
    var at: Int64
    /// When its successor was there; the same unit. Nil when none came.
    var backAt: Int64?
    /// What a power cut took from the append-only file, in bytes.
    var bytesCut: Int64 = 0
}
