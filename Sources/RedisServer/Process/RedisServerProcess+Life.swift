import CLinux
import Glibc
import Logging

/// One server's life: found or started, watched, and its end.
extension RedisServerProcess {
    private static let keptMessages = 20

    func look() {
        stateContinuation.yield(.starting(nil))
        Task {
            do throws(RedisProcessError) {
                found(try await BlockingThread.result { [site] () throws(RedisProcessError) in try site.look() })
            } catch {
                failed(error)
            }
        }
    }

    private func found(_ finding: RedisSite.Finding) {
        guard !isAbandoned else { return }
        switch finding {
        case .vacant(let preparation):
            let action = machine.foundNone()
            if action == .start { launch(preparation) } else { perform(action) }
        case .occupied(let running):
            let action = machine.found()
            logger.info("redis runs already and is kept", metadata: ["count": "\(machine.adoptions)"])
            watch(running)
            if action != .watch { perform(action) }
        }
    }

    private func launch(_ preparation: RedisSite.Preparation) {
        Task {
            do throws(RedisProcessError) {
                let running = try await BlockingThread.result { [site] () throws(RedisProcessError) in
                    try site.launch(preparation)
                }
                guard !isAbandoned else { return }
                watch(running)
                // Somebody asked for its end before it was there.
                if machine.state == .stopping { terminate() }
            } catch {
                failed(error)
            }
        }
    }

    private func watch(_ running: RunningRedis) {
        self.running = running
        Task {
            let messages = await BlockingThread.value { [logger] in Self.watch(running, logger) }
            // Without a thread nobody would see its end.
            if messages == nil { running.signal(SIGKILL) }
            ended(running, messages ?? [])
        }
        Task {
            let isAnswering = await BlockingThread.value { [logger, stateContinuation] in
                running.awaitAnswer { loading in
                    let progress = loading.map { "\($0)" } ?? "unknown"
                    logger.info("redis reads its data", metadata: ["progress": "\(progress)"])
                    stateContinuation.yield(.starting(loading))
                }
            }
            if isAnswering == nil { running.signal(SIGKILL) }
            guard isAnswering == true, self.running === running else { return }
            perform(machine.answered(now: clinux_monotonic_nanoseconds()))
        }
    }

    /// The last messages of a server that ended; nil when it was abandoned.
    private static func watch(_ running: RunningRedis, _ logger: Logger) -> [String]? {
        var messages: [String] = []
        let hasEnded = running.watch { text in
            let line = RedisLogLine(text)
            messages.append(line.message)
            if messages.count > keptMessages { messages.removeFirst() }
            switch line.level {
            case .debug: logger.trace("redis says", metadata: ["message": "\(line.message)"])
            case .notice: logger.debug("redis says", metadata: ["message": "\(line.message)"])
            case .warning: logger.warning("redis says", metadata: ["message": "\(line.message)"])
            }
        }
        return hasEnded ? messages : nil
    }

    private func ended(_ running: RunningRedis, _ messages: [String]?) {
        guard !isAbandoned, self.running === running, let messages else { return }
        self.running = nil
        running.abandon()
        let end = RedisEnd(how: running.reap(), lastMessages: messages)
        failed(end.error(paths: site.configuration.paths))
    }

    /// The end of a try, whether a process came of it or not. One that was asked for is no failure.
    private func failed(_ error: RedisProcessError) {
        guard !isAbandoned else { return }
        if machine.state == .stopping {
            logger.info("redis has ended")
        } else {
            logger.error("redis is down and will be started again", metadata: ["reason": "\(error)"])
            stateContinuation.yield(.down(error))
        }
        perform(machine.ended(now: clinux_monotonic_nanoseconds()))
    }
}
