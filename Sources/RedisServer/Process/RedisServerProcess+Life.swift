import CLinux
import Glibc
import LinuxSystem
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
                let (running, mended) = try await BlockingThread.result { [site] () throws(RedisProcessError) in
                    let mended = try site.inspect()
                    return (try site.launch(preparation), mended)
                }
                for what in mended {
                    logger.warning("The stored events were looked at", metadata: ["reason": "\(what)"])
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
            lastFailure = nil
            perform(machine.answered(now: SystemClock.monotonicNanoseconds()))
            keepSeal(running)
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
        let error = end.error(paths: site.configuration.paths)
        let wasAsked = machine.state == .stopping
        Task {
            await endSeal(of: wasAsked ? running : nil)
            // What it cannot read now it cannot read later: nobody loads a large file again and again for nothing.
            if error.code == .dataDamaged { site.noteDamage(error) }
            failed(error)
        }
    }

    // MARK: The seal

    private func keepSeal(_ running: RunningRedis) {
        let access = running.access
        let key = "glo:{\(site.configuration.namespace)}"
        let writer = SealWriter(site.configuration.paths, logger: logger) {
            guard var exchange = RedisExchange(socket: access.socket),
                case .text? = exchange.ask("AUTH", access.user, access.password),
                case .text(let text)? = exchange.ask("FCALL_RO", "glo_totals", "1", key)
            else { return nil }
            return AppendOnlySeal.Counts(text)
        }
        sealing = SealedRun(writer: writer, end: Task { await BlockingThread.value { writer.run() } })
    }

    /// Ends the writer; when nobody writes any more, the last seal is of everything.
    private func endSeal(of stopped: RunningRedis?) async {
        let ending = sealing
        sealing = nil
        ending?.writer.stop()
        _ = await ending?.end.value
        guard stopped != nil, ending != nil else { return }
        let paths = site.configuration.paths
        _ = await BlockingThread.value { [logger, lastCounts] in SealWriter.seal(paths, lastCounts, logger: logger) }
    }

    /// The end of a try, whether a process came of it or not. One that was asked for is no failure.
    private func failed(_ error: RedisProcessError) {
        guard !isAbandoned else { return }
        if machine.state == .stopping {
            logger.info("redis has ended")
        } else {
            // What does not change is said once.
            logger.log(
                level: error == lastFailure ? .debug : .error, "redis is down and will be started again",
                metadata: ["reason": "\(error)"])
            lastFailure = error
            stateContinuation.yield(.down(error))
        }
        perform(machine.ended(now: SystemClock.monotonicNanoseconds()))
    }
}
