import ArgumentParser
import Dispatch
import Glibc

/// From the arguments to the exit code.
enum ChaosMain {
    static let barsHold: Int32 = 0
    static let barsBroken: Int32 = 1
    static let badArguments: Int32 = 2

    /// The report goes to standard output, everything else to standard error.
    static func run(_ arguments: [String]) async -> Int32 {
        let command: ChaosCommand
        do {
            command = try ChaosCommand.parse(arguments)
        } catch {
            let isHelp = ChaosCommand.exitCode(for: error) == .success
            write(ChaosCommand.fullMessage(for: error) + "\n", to: isHelp ? STDOUT_FILENO : STDERR_FILENO)
            return isHelp ? barsHold : badArguments
        }
        do {
            let settings = command.settings
            write("seed \(settings.seed)\n", to: STDERR_FILENO)
            let run = Task { try await ChaosRun.run(settings) { write($0 + "\n", to: STDERR_FILENO) } }
            let signals = cancelling(run)
            let report = try await run.value
            for signal in signals { signal.cancel() }
            write(
                command.output == .json ? try ReportText.json(report) : ReportText.text(report), to: STDOUT_FILENO)
            return report.holds ? barsHold : barsBroken
        } catch {
            write("The run could not be finished: \(error)\n", to: STDERR_FILENO)
            return barsBroken
        }
    }

    /// A Redis outlives its controller, so nobody else ends what is running when we are interrupted.
    private static func cancelling(_ run: Task<Report, any Error>) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { run.cancel() }
            source.resume()
            return source
        }
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
