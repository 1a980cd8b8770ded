import ArgumentParser

/// How long a command waits for an invocation's end.
struct WaitTime: ExpressibleByArgument, CustomStringConvertible {
    /// Nil is until it has ended.
    let seconds: Int?

    static let untilEnd = WaitTime(seconds: nil)

    init(seconds: Int?) { self.seconds = seconds }

    init?(argument: String) {
        guard let seconds = Int(argument), (0...31_622_400).contains(seconds) else { return nil }
        self.init(seconds: seconds)
    }

    var description: String { seconds.map { "\($0)s" } ?? "until its end" }
}
