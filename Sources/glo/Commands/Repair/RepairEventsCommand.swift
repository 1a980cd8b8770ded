import AccessControl
import AdminModel
import ArgumentParser
import Glibc
import LinuxSystem
import RedisServer

/// `glo repair events`.
struct RepairEventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Mend the files of the stored events, and count what is gone.",
        discussion: """
            For the controller's own Redis, when `glo status` says that the stored events are damaged. A running \
            controller goes on to serve requests meanwhile, and accepts events again by itself a few seconds later. \
            What can be read is copied, tried with redis-check-aof and a Redis of its own, and put into the place of \
            the damaged files, which are kept. To go back to a copy of yours instead, restore appendonlydir in the \
            state directory's redis directory; nothing else is needed when the copy is as new as what was lost.
            """)

    @Flag(help: "Put the damaged files aside and begin without any event.")
    var startEmpty = false

    @Flag(help: "Only say what is wrong and how much disk the repair needs.")
    var check = false

    @OptionGroup var state: StateOptions
    @OptionGroup var options: OutputOptions

    /// What `-o json` prints.
    struct Result: Codable, Hashable {
        var damages: [String]
        var neededBytes: Int
        var freeBytes: Int
        var eventsBefore: Int?
        var eventsAfter: Int?
        var deadLettersBefore: Int?
        var deadLettersAfter: Int?
        var steps: [String] = []
        var summary: String?
        var kept: String?
    }

    func validate() throws {
        if check && startEmpty { throw ValidationError("--check changes nothing, --start-empty does.") }
    }

    func run() throws {
        guard let resolved = realpath(state.directory, nil) else {
            throw CommandFailure(
                .failed, "there is no state directory \(state.directory)", hint: "Name it with --state.")
        }
        defer { free(resolved) }
        do throws(RedisProcessError) {
            try repair(String(cString: resolved))
        } catch  where error.code == .occupied && !startEmpty {
            print(Result(damages: [], neededBytes: 0, freeBytes: 0), error.message + "\n")
        } catch {
            throw CommandFailure(
                .failed, error.message + (error.cause.map { " (\($0))" } ?? ""), hint: error.hint)
        }
    }

    private func repair(_ directory: String) throws(RedisProcessError) {
        let repair = try EventRepair(state: directory, searchPath: Environment.all["PATH"] ?? "")
        let plan = try repair.plan()
        var result = Result(
            damages: plan.damages, neededBytes: plan.neededBytes, freeBytes: plan.freeBytes,
            eventsBefore: plan.before?.live, deadLettersBefore: plan.before?.dead)
        guard !plan.damages.isEmpty || startEmpty else {
            return print(result, "The stored events are whole: there is nothing to repair.\n")
        }
        announce(plan)
        guard !check else { return print(result, "") }
        guard startEmpty || plan.neededBytes < plan.freeBytes else {
            throw RedisProcessError(
                .diskFull, "The copy does not fit on the disk of \(directory).", hint: "Free some space there first.")
        }
        let outcome = startEmpty ? try repair.startEmpty(plan) : try repair.mend(plan)
        note(outcome.summary)
        result.eventsAfter = outcome.after?.live
        result.deadLettersAfter = outcome.after?.dead
        result.steps = outcome.steps
        result.summary = outcome.summary
        result.kept = outcome.kept
        var text = outcome.steps.joined(separator: "\n") + (outcome.steps.isEmpty ? "" : "\n") + outcome.summary + "\n"
        text += "The damaged files are kept in \(outcome.kept); remove it when you need them no more.\n"
        print(result, text)
    }

    /// What is wrong and what will be needed, before anything is done.
    private func announce(_ plan: EventRepair.Plan) {
        for damage in plan.damages { Console.error(damage) }
        if let before = plan.before {
            Console.error(
                "When they were last whole, \(before.live) events had not ended, and \(before.dead) were dead letters.")
        }
        guard !startEmpty else { return }
        Console.error(
            "The repair needs \(ByteCount.text(plan.neededBytes)) of disk for a copy; "
                + "\(ByteCount.text(plan.freeBytes)) are free.")
    }

    private func print(_ result: Result, _ text: String) {
        switch options.output {
        case .json: Console.output((try? JSONOutput.line(result)) ?? [])
        case .text: Console.output(text)
        }
    }

    /// The repair is done, whether it can be written down or not.
    private func note(_ summary: String) {
        let entry = AuditEntry(
            actor: "cli:\(StateOptions.user)", action: startEmpty ? "events.start-empty" : "events.repair",
            target: "events", detail: summary)
        do throws(AccessError) {
            try state.audit.append(entry, atMilliseconds: SystemClock.unixMilliseconds())
        } catch {
            Console.error("glo: the audit log cannot be written: \(error.message)")
        }
    }
}
