import ArgumentParser
import Foundation
import Glibc
import TestSupport

/// The command line.
struct ChaosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "glo-chaos",
        abstract: "Runs events through a real glo serve while killing it, and says what became of them.",
        discussion: """
            Exit code 0 when the bars hold: nothing lost, at most 0.2 % run twice, recovery within 12 s (p99).
            1 when they do not hold, 2 for arguments that cannot be used.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Option(help: "Events to send. (default: 100000)") var events: Int?
    @Option(help: "SIGKILLs for the controller. (default: 50)") var controllerKills: Int?
    @Option(help: "SIGKILLs for Redis. (default: 20)") var redisKills: Int?
    @Option(help: "SIGKILLs for handlers. (default: 200)") var workerKills: Int?
    @Option(help: "SIGKILLs for both, after which what was not synced is cut off.") var powerCuts = 0
    @Option(help: "What the kills and the failing events follow from. (default: a random one)") var seed: UInt64?
    @Option(help: "docker or process; docker needs root, and process is faster.")
    var isolation = ChaosSettings.Isolation.docker
    @Option(help: "always or everysec; everysec loses events at power cuts.")
    var appendfsync = ChaosSettings.Sync.always
    @Option(help: "Events a second. (default: 500)") var rate: Double?
    @Option(help: "How many of a hundred events fail at their first attempt.") var failPercent = 1
    @Option(help: "How long the handler works on an event.") var workMilliseconds = 5
    @Option(help: "Connections to send on.") var connections = 16
    @Option(help: "How long the queues may take to empty at the end.") var drainSeconds = 120.0
    @Option(help: "How many of a hundred events may run twice. (default: 0.2; 2 with --quick)")
    var runTwicePercent: Double?
    @Option(help: "The glo to test. (default: the one beside this program)") var glo: String?
    @Flag(help: "2000 events at 200 a second, 3, 2 and 6 kills: less than a minute.")
    var quick = false
    @Flag(help: "Leaves the directory for a look.") var keep = false
    @Option(name: .shortAndLong, help: "text or json.") var output = Format.text

    func validate() throws {
        func check(_ isGood: Bool, _ text: String) throws { if !isGood { throw ValidationError(text) } }
        try check((events ?? 1) > 0, "--events takes a number above 0.")
        for (name, count) in [
            ("--controller-kills", controllerKills ?? 0), ("--redis-kills", redisKills ?? 0),
            ("--worker-kills", workerKills ?? 0), ("--power-cuts", powerCuts),
            ("--work-milliseconds", workMilliseconds),
        ] { try check(count >= 0, "\(name) takes a number from 0 on.") }
        try check((rate ?? 1) > 0 && (rate ?? 1) <= 1e6, "--rate takes a number above 0, at most 1000000.")
        try check((0...100).contains(failPercent), "--fail-percent takes 0 to 100.")
        try check((1...256).contains(connections), "--connections takes 1 to 256.")
        try check((0...100).contains(runTwicePercent ?? 0), "--run-twice-percent takes 0 to 100.")
        try check(drainSeconds >= 0, "--drain-seconds takes a number from 0 on.")
        try check(
            isolation == .process || geteuid() == 0,
            "--isolation docker needs root, who reads what each handler has written in its container.")
        let program = glo ?? Program.glo
        try check(access(program, X_OK) == 0, "There is no program \(program): build glo, or name it with --glo.")
    }

    var settings: ChaosSettings {
        var settings = ChaosSettings()
        settings.events = events ?? (quick ? 2_000 : 100_000)
        settings.kills = [
            .controller: controllerKills ?? (quick ? 3 : 50), .redis: redisKills ?? (quick ? 2 : 20),
            .worker: workerKills ?? (quick ? 6 : 200), .powerCut: powerCuts,
        ]
        settings.seed = seed ?? UInt64.random(in: 0...999_999)
        settings.isolation = isolation
        settings.sync = appendfsync
        settings.rate = rate ?? (quick ? 200 : 500)
        settings.failPercent = failPercent
        settings.workMilliseconds = workMilliseconds
        settings.connections = connections
        settings.drainSeconds = drainSeconds
        settings.keepsDirectory = keep
        // A kill lets at most those run twice that are in flight, and the small run has several times as many kills for its
        // events: 8 workers at 5 kills are 2 % of 2,000.
        settings.bars.runTwicePercent = runTwicePercent ?? (quick ? 2 : 0.2)
        // The controller runs in a directory of its own.
        settings.glo = URL(filePath: glo ?? Program.glo).path
        return settings
    }
}

extension ChaosSettings.Isolation: ExpressibleByArgument {}
extension ChaosSettings.Sync: ExpressibleByArgument {}
