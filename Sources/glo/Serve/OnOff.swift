/// A setting that can be switched.
enum OnOff: String, CaseIterable {
    case on
    case off
}
