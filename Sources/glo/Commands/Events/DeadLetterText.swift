/// Words about dead letters.
enum DeadLetterText {
    static func count(_ number: Int) -> String { "\(number) dead letter\(number == 1 ? "" : "s")" }
}
