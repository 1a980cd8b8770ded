/// What each event asks of the handler, by its number and the seed.
struct EventPlan: Sendable {
    var seed: UInt64
    /// How many of a hundred fail at their first attempt.
    var failPercent: Int
    /// How long the handler works on one, so that there is something in flight to be killed.
    var workMilliseconds: Int

    func fails(_ number: Int) -> Bool {
        var generator = SeededGenerator(seed: seed ^ (UInt64(number) &* 0xD6E8_FEB8_6659_FD93))
        return Int(generator.next() % 100) < failPercent
    }

    /// The body of the request, as `chaos_handler.c` reads it.
    func body(of number: Int) -> String {
        "chaos n=\(number) fail=\(fails(number) ? 1 : 0) ms=\(workMilliseconds)"
    }
}
