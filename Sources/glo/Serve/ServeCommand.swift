import ArgumentParser
import CLinux
import Controller
import CoreMetrics
import FunctionModel
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
            containers, exit 0. A second one, a second later or more, gives up what still runs; a third ends at once \
            and leaves the containers to the next start. SIGHUP: read the configuration again; the log level takes \
            effect, what needs a restart is named.

            systemd: readiness and signs of life are told (Type=notify, WatchdogSec=), and a socket that is passed on \
            (LISTEN_FDS) is taken in place of --listen, so that a restart refuses no connection.
            """)

    @OptionGroup var options: ServeOptions

    func run() async throws {
        // Whoever started us may have left descriptors open; no child is to inherit them.
        clinux_keep_descriptors_from_children()
        AllocatorSettings.giveLargeBuffersBack()
        let environment = Environment.all
        let supervisor = ServiceSupervisor.find(environment: environment)
        var settings = try await ServeSettings.read(options, environment: environment)
        settings.controller.doctor =
            DashboardDoctor(
                config: options.config, state: settings.controller.stateDirectory,
                functions: settings.controller.functionsDirectory, environment: environment
            ).findings
        settings.controller.inheritedListener = try InheritedSocket.take(environment: environment)
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
        let early = await endsWhenAsked(logger)
        do throws(ControllerError) {
            controller = try await Controller.start(settings.controller, logger: logger)
        } catch {
            throw CommandFailure(error.code == .configuration ? .usage : .failed, error.message, hint: error.hint)
        }
        early.cancel()
        let signsOfLife = Task { await showLife(of: controller, to: supervisor) }
        supervisor?.ready("Serving on \(controller.publicAddress)")
        await serve(controller, until: signals, settings, level, logger, supervisor)
        signsOfLife.cancel()
    }

    /// Nothing is running yet while the controller starts, so there is nothing to wait for. Redis is safe at any moment, and
    /// containers that were started are removed by the next start.
    private func endsWhenAsked(_ logger: Logger) async -> Task<Void, Never> {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        return Task {
            for await _ in signals {
                logger.notice("Stopped while starting")
                Glibc.exit(ExitStatus.ok.rawValue)
            }
        }
    }

    /// A sign of life says that the event loop works off what it is given. When it hangs, none is sent, and systemd starts
    /// the controller anew.
    private func showLife(of controller: Controller, to supervisor: ServiceSupervisor?) async {
        guard let supervisor, let milliseconds = supervisor.watchdogMilliseconds else { return }
        while !Task.isCancelled {
            await controller.comesRound()
            supervisor.alive()
            try? await Task.sleep(for: .milliseconds(milliseconds))
        }
    }

    private func serve(
        _ controller: Controller, until signals: UnixSignalsSequence, _ settings: ServeSettings,
        _ level: SharedLogLevel, _ logger: Logger, _ supervisor: ServiceSupervisor?
    ) async {
        var stop = StopSignals()
        for await signal in signals {
            switch signal {
            case .sighup:
                supervisor?.reloading()
                await reload(settings, level, logger)
                supervisor?.ready("Serving on \(controller.publicAddress)")
            default:
                switch stop.asked(now: MonotonicTime.now()) {
                case .nothing: break
                case .drain:
                    supervisor?.stopping()
                    Task {
                        await controller.stop()
                        Glibc.exit(ExitStatus.ok.rawValue)
                    }
                case .hurry: controller.endDrain()
                case .leave: _exit(ExitStatus.failed.rawValue)
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
