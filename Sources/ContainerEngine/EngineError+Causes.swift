import CurlClient

extension EngineError {
    /// Calls fail at once until the engine gives a sign of life.
    static func unavailable(_ socketPath: String) -> Self {
        Self(
            .unavailable, "The container engine at \(socketPath) does not answer; it is asked again every few seconds.",
            hint: startHint)
    }

    static let startHint =
        "Start it with `systemctl start docker` (or `dockerd`), or name another socket by DOCKER_HOST=unix:///path."

    /// What a failed exchange means.
    init(_ error: CurlError, call: EngineCall, milliseconds: Int, socketPath: String) {
        switch error.kind {
        case .couldNotConnect(.noSuchFile):
            self.init(.unavailable, "No container engine listens: there is no \(socketPath).", hint: Self.startHint)
        case .couldNotConnect(.notPermitted):
            let group = EngineSocket.owningGroup(of: socketPath) ?? "docker"
            self.init(
                .notPermitted, "This user may not use the container engine at \(socketPath).",
                hint: "Run Glo as root, or add its user to the group: `usermod -aG \(group) USER`, then log in again.")
        case .couldNotConnect(.refused), .couldNotConnect(.other):
            self.init(
                .unavailable, "The container engine at \(socketPath) is not running.", hint: Self.startHint,
                cause: error.message)
        case .timedOut:
            self.init(
                .timedOut,
                "The container engine did not answer \(call.method) \(call.path) in \(milliseconds) ms.",
                hint: "See its log (`journalctl -u docker`); restart it when it hangs.")
        case .aborted:
            self.init(.cancelled, "\(call.method) \(call.path) was cancelled.")
        case .disconnected, .other:
            self.init(
                .unavailable, "The exchange with the container engine at \(socketPath) broke off.",
                hint: "See whether a Docker-compatible engine listens there, and its log (`journalctl -u docker`).",
                cause: error.message)
        case .tooLarge:
            self.init(.other, "The engine's answer to \(call.path) is too large.", cause: error.message)
        }
    }

    /// What an error status means. The engine tells most cases apart by words only.
    /// - Parameter subject: what the call was about, such as a container's name or an image's.
    init(status: Int, message: String, subject: String) {
        let text = message.lowercased()
        if let missing = Self.missingPart(of: message, text) {
            self = missing
        } else if text.contains("no such image") {
            self.init(
                .imageMissing, "The engine does not have the image \(subject).",
                hint: "Pull it: `docker pull \(subject)`.", cause: message)
        } else if status == 404 {
            self.init(.containerNotFound, "The engine does not know \(subject).", cause: message)
        } else if text.contains("exec") && (Self.isUnusableProgram(text) || text.contains("exec format error")) {
            self.init(
                .commandNotFound, "The program of \(subject) cannot be started.",
                hint: "See that glo-init is an executable file for this machine.", cause: message)
        } else if status == 409 && text.contains("already in use") {
            self.init(.nameInUse, "There is a container named \(subject) already.", cause: message)
        } else if status == 400 {
            self.init(
                .badConfiguration, "The engine refuses \(subject).",
                hint: "See the limits and the image of the function.", cause: message)
        } else {
            self.init(
                .other, "The engine failed at \(subject) with status \(status).",
                hint: "See its log (`journalctl -u docker`).", cause: message)
        }
    }

    private static func isUnusableProgram(_ text: String) -> Bool {
        ["no such file or directory", "executable file not found", "permission denied"].contains { text.contains($0) }
    }

    /// The engine needs programs of its own to start a container. When one of these is missing, the container's program
    /// is not what to look at.
    private static func missingPart(of message: String, _ text: String) -> EngineError? {
        if text.contains("apparmor") {
            return EngineError(
                .other, "The engine cannot start containers: AppArmor is on, and its profile cannot be loaded.",
                hint: "Install AppArmor's programs (`apt-get install apparmor`) and try again.", cause: message)
        }
        guard text.contains("executable file not found"), !text.contains("glo-init"),
            let program = message.firstMatch(of: /exec: "([^"]+)"/)?.1
        else { return nil }
        return EngineError(
            .other, "The engine cannot start containers: it does not find the program \(program).",
            hint: "Install the package that has it, then restart the engine (`systemctl restart docker`).",
            cause: message)
    }
}
