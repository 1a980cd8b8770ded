/// What is ended without warning.
enum KillKind: String, CaseIterable, Codable, Sendable {
    /// SIGKILL for `glo serve`, which is started again at once on the same directories and port.
    case controller
    /// SIGKILL for Glo's redis-server.
    case redis
    /// SIGKILL for one handler.
    case worker
    /// SIGKILL for controller and Redis; what was not synced to the disk is cut off before they start again.
    case powerCut

    /// Whether it ends the controller, and with it every run that is under way.
    var endsController: Bool { self == .controller || self == .powerCut }
}
