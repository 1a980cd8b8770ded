/// How bad a finding is.
package enum Severity: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
    case ok
    /// It works, but not as well or as safely as it could.
    case warn
    /// Something is lost, open to others or broken, now or at the next mishap.
    case bad

    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    /// Also what `glo doctor` exits with.
    package var rank: Int32 {
        switch self {
        case .ok: 0
        case .warn: 1
        case .bad: 2
        }
    }
}
