import ArgumentParser
import CLinux
import Controller
import CoreMetrics
import Glibc
import Logging
import Observability
import UnixSignals

/// `glo serve`: the composition root. What starts, in which order, is in ``Controller``.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the controller.",
        discussion: """
            Every option may also be an environment variable (--admin-listen is GLO_ADMIN_LISTEN) or a key of the YAML \
            file that --config names (adminListen). Flags go before the environment, that before the file.

            SIGTERM and SIGINT: take nothing new, let running invocations end within the drain timeout, remove the \
            containers, exit 0. A second one ends at once. SIGHUP: read the configuration again; the log level takes \
            effect, what needs a restart is named.
            """)

    @OptionGroup var options: ServeOptions

    func run() async throws {
        // Whoever started us may have left descriptors open; no child is to inherit them.
        clinux_keep_descriptors_from_children()
        let environment = Environment.all
        let settings = try await ServeSettings.read(options, environment: environment)
        let level = SharedLogLevel(settings.logLevel)
        let logger = Logger(label: "glo") { label in
            SharedLevelLogHandler(
                GloLogHandler(
                    label: label, level: .trace, format: settings.logFormat, sink: LogSink(descriptor: STDERR_FILENO),
                    hasPriorities: settings.logsToJournal),
                level: level)
        }
        if let registry = settings.controller.registry { MetricsSystem.bootstrap(registry) }
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let controller: Controller
        do throws(ControllerError) {
            controller = try await Controller.start(settings.controller, logger: logger)
        } catch {
            throw CommandFailure(error.code == .configuration ? .usage : .failed, error.message, hint: error.hint)
        }
        await serve(controller, until: signals, settings, level, logger)
    }

    private func serve(
        _ controller: Controller, until signals: UnixSignalsSequence, _ settings: ServeSettings,
        _ level: SharedLogLevel, _ logger: Logger
    ) async {
        var stopping = false
        for await signal in signals {
            switch signal {
            case .sighup: await reload(settings, level, logger)
            case _ where stopping: _exit(ExitStatus.failed.rawValue)
            default:
                stopping = true
                Task {
                    await controller.stop()
                    Glibc.exit(ExitStatus.ok.rawValue)
                }
            }
        }
    }

    private func reload(_ old: ServeSettings, _ level: SharedLogLevel, _ logger: Logger) async {
        do {
            let new = try await ServeSettings.read(options, environment: Environment.all)
            level.value = new.logLevel
            let changed = new.controller.restartNeeding(since: old.controller)
            logger.notice(
                "Configuration read again",
                metadata: [
                    "logLevel": "\(new.logLevel)",
                    "needRestart": "\(changed.isEmpty ? "nothing" : changed.joined(separator: ", "))",
                ])
        } catch let failure as CommandFailure {
            logger.error("The configuration stays as it is", metadata: ["reason": "\(failure.message)"])
        } catch {
            logger.error("The configuration stays as it is", metadata: ["reason": "\(error)"])
        }
    }
}
