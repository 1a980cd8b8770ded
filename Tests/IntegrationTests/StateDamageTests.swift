import AdminModel
import CLinux
import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// Each file that a busy controller left in its state directory is damaged in each way, and the next controller is
    /// asked for everything: nothing that was closed opens, nothing is gone without a word, and what the damage does not
    /// touch serves.
    ///
    /// `GLO_TEST_DAMAGE=redis.seal` damages the files whose path holds that.
    @Suite("A damaged state directory")
    struct DamagedState {
        @Test("Every file × emptied, cut, garbage, flipped bit, missing, wrong owner", .timeLimit(.minutes(15)))
        func matrix() async throws {
            // A start mostly waits.
            let lanes = 6
            let tallies = try await withThrowingTaskGroup(of: DamageTally.self) { group in
                for lane in 0..<lanes {
                    group.addTask { try await DamagedHome.run(lane: lane, of: lanes) }
                }
                var all: [DamageTally] = []
                for try await tally in group { all.append(tally) }
                return all
            }
            let tally = tallies.reduce(into: DamageTally()) { $0.add($1) }
            print(tally.text)
            for failure in tally.failures { Issue.record("\(failure)") }
            #expect(tally.cases > 200 || ProcessInfo.processInfo.environment["GLO_TEST_DAMAGE"] != nil)
        }
    }
}

/// A way in which a file may be damaged.
enum Harm: String, CaseIterable {
    case emptied, cut, garbage, flipped, missing, owner

    /// Only root can give a file away.
    static var all: [Harm] { allCases.filter { $0 != .owner || geteuid() == 0 || Requirement.isCI } }

    func apply(to path: String) throws {
        if self == .missing { return try check(unlink(path)) }
        if self == .owner { return try check(lchown(path, 65_534, 65_534)) }
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        var changed = bytes
        switch self {
        case .emptied: changed = []
        case .cut: changed = Array(bytes.prefix(bytes.count / 2))
        case .garbage: changed = bytes.indices.map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        case .flipped: if !bytes.isEmpty { changed[bytes.count / 2] ^= 4 }
        case .missing, .owner: break
        }
        // The same file, owner and mode, as a disk would have it.
        let file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        try check(file < 0 ? -1 : 0)
        defer { close(file) }
        try check(changed.isEmpty || write(file, changed, changed.count) == changed.count ? 0 : -1)
    }

    private func check(_ result: Int32) throws {
        if result != 0 { throw TestFailure("\(self): errno \(errno)") }
    }
}

/// What was tried, and what came of it.
struct DamageTally: Sendable {
    var files: Set<String> = []
    var cases = 0
    var same = 0
    var madeAnew = 0
    var closed = 0
    var failures: [String] = []

    mutating func add(_ other: DamageTally) {
        files.formUnion(other.files)
        cases += other.cases
        same += other.same
        madeAnew += other.madeAnew
        closed += other.closed
        failures += other.failures
    }

    var text: String {
        "damage: \(files.count) files, \(cases) cases: \(same) changed nothing, \(madeAnew) made anew, "
            + "\(closed) closed with a reason, \(failures.count) failed"
    }
}

/// A controller's directories after a busy run, which are damaged and put back again and again.
struct DamagedHome {
    private let home: GloHome
    private let tokens: (reader: String, admin: String)
    private let result: String
    private var template: String { "\(home.path)/template" }

    private static let key = "partner-key-0123456789"
    /// Files that hold nothing which anybody could miss: they are made anew at each start, or only ever written.
    private static let harmless = ["controller.lock", "logs/", "runtime/", "tokens.json.lock", "audit.jsonl.head"]

    static func run(lane: Int, of lanes: Int) async throws -> DamageTally {
        let home = try GloHome()
        do {
            let damaged = try await DamagedHome(home)
            let tally = try await damaged.run(lane: lane, of: lanes)
            await home.cleanUp()
            return tally
        } catch {
            await home.cleanUp()
            throw error
        }
    }

    // MARK: The busy run

    private init(_ home: GloHome) async throws {
        self.home = home
        let functions = home.functions
        try functions.write("plain", Handlers.saying("plain"))
        try functions.script(
            "guarded", Handlers.saying("guarded"),
            manifest: "triggers: [{http: {path: /guarded, auth: {type: key, keys: [partner]}}}]")
        // The working directory lies beside that of the secrets.
        try functions.script(
            "knowing", "#!/bin/sh\ncat ../secrets/db_url\n",
            manifest: "secrets: [db_url]\ntriggers: [{http: /knowing}]")
        try functions.script(
            "named", Handlers.saying("one"),
            manifest: "triggers: [{http: {path: /named, alias: live}}]")
        try functions.script(
            "rolled", Handlers.saying("good"),
            manifest: "triggers: [{http: {path: /rolled, auth: {type: key, keys: [partner]}}}]")
        try functions.script("large", "#!/bin/sh\nhead -c 300000 /dev/zero | tr '\\0' x\n", manifest: "timeout: 20s")
        try FileManager.default.createDirectory(
            atPath: home.state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        func glo(_ arguments: [String], _ input: String = "") async throws -> Program.Outcome {
            let outcome = try await Program.run(
                Program.glo, arguments, environment: ["GLO_STATE": home.state], input: Array(input.utf8))
            guard outcome.code == 0 else { throw TestFailure("\(arguments): \(outcome.errors)\(outcome.text)") }
            return outcome
        }
        _ = try await glo(["secret", "set", "partner"], Self.key)
        _ = try await glo(["secret", "set", "db_url"], "postgres")
        let reader = try await glo(["token", "create", "--scope", "read", "--name", "reader", "-o", "json"]).json
        _ = try await glo(["token", "create", "--aws", "--name", "laptop", "-o", "json"])
        let admin = "admin-token-of-these-tests"
        try Data("\(admin)\n".utf8).write(to: URL(filePath: "\(home.state)/admin.token"))
        chmod("\(home.state)/admin.token", 0o600)
        tokens = (reader: reader["token"].string ?? "", admin: admin)

        let running = try await GloProcess.start(in: home, Self.options(redis: true))
        // Version 2 of one function is behind an alias, and that of another was rolled back, since it lets everybody in.
        try functions.write("named/handler", Handlers.saying("two"))
        try await running.serves("named", version: 2)
        _ = try await glo(["alias", "named", "live=1"])
        try functions.write("rolled/function.yaml", "triggers: [{http: {path: /rolled}}]\n", mode: 0o644)
        try await running.serves("rolled", version: 2)
        _ = try await glo(["rollback", "rolled"])
        try await running.serves("rolled", version: 1)
        let archive = try await Program.check(
            "python3",
            [
                "-c",
                "import base64,io,zipfile; b=io.BytesIO(); z=zipfile.ZipFile(b,'w'); "
                    + "z.writestr('handler.py','def handle(event, context): return 1'); z.close(); "
                    + "print(base64.b64encode(b.getvalue()).decode())",
            ]
        ).text.trimmingCharacters(in: .whitespacesAndNewlines)
        let api = HTTPClient(base: "http://glo", unixSocketPath: "\(home.state)/admin.sock", concurrency: 1)
        let made = try await api.post(
            "/2015-03-31/functions",
            "{\"FunctionName\":\"uploaded\",\"Runtime\":\"python3.11\",\"Role\":\"arn:aws:iam::000000000000:role/any\","
                + "\"Handler\":\"handler.handle\",\"Tags\":{\"team\":\"blue\"},\"Code\":{\"ZipFile\":\"\(archive)\"}}")
        guard made.status == 201 else { throw TestFailure("uploaded: \(made.status) \(made.text)") }
        let accepted = try await running.http.send(
            "POST", "/large", body: [], headers: [(name: "Prefer", value: "respond-async")])
        result = accepted.json["id"].string ?? ""
        let ended = try await running.http.send(
            "GET", "/_/invocations/\(result)", headers: [(name: "Prefer", value: "wait=30")])
        guard ended.json["state"].string == "succeeded" else { throw TestFailure("large: \(ended.text.prefix(300))") }
        _ = try await Self.probe(running, tokens, result: result)
        try await running.stop()
        try await Program.check("cp", ["-a", home.state, template])
    }

    private static func options(redis: Bool) -> GloProcess.Options {
        let more = redis ? ["--redis-memory", "64Mi"] : ["--redis", "off"]
        var options = GloProcess.Options.with("--admin-listen", "127.0.0.1:0", concurrency: 4, isolation: "process")
        options.arguments += more
        return options
    }

    // MARK: Damage

    private func run(lane: Int, of lanes: Int) async throws -> DamageTally {
        var tally = DamageTally()
        var baseline: [Bool: [String: String]] = [:]
        for redis in [false, true] {
            try await restore()
            let glo = try await GloProcess.start(in: home, Self.options(redis: redis))
            baseline[redis] = try await Self.probe(glo, tokens, result: redis ? result : nil)
            let problems = try await glo.status().problems
            if !problems.isEmpty { throw TestFailure("not healthy before any damage: \(problems)") }
            try await glo.stop()
        }
        var number = 0
        let files = try files()
        tally.files.formUnion(files.map(Self.withoutHashes))
        let wanted = ProcessInfo.processInfo.environment["GLO_TEST_DAMAGE"] ?? ""
        for file in files where !Self.isOneOfMany(file, files) && (wanted.isEmpty || file.contains(wanted)) {
            for harm in Harm.all {
                number += 1
                guard number % lanes == lane else { continue }
                let redis = Self.needsRedis(file)
                try await damage(file, harm, baseline[redis] ?? [:], redis: redis, &tally)
            }
        }
        return tally
    }

    private static func withoutHashes(_ file: String) -> String {
        file.split(separator: "/").map { $0.count > 60 ? "N-HASH" : String($0) }.joined(separator: "/")
    }

    /// Whether it is a function's log and not the first: all logs are damaged together, since a log is only written.
    private static func isOneOfMany(_ file: String, _ files: [String]) -> Bool {
        file.hasPrefix("logs/") && file != files.first { $0.hasPrefix("logs/") }
    }

    /// All that is there but Redis' own files, which ``RedisDamage`` is about, sockets and what a run left.
    private func files() throws -> [String] {
        guard let all = FileManager.default.enumerator(atPath: template) else { return [] }
        return all.compactMap { $0 as? String }.filter { path in
            var status = stat()
            guard lstat("\(template)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
            return !path.hasPrefix("redis/") && !path.hasPrefix("run/") && !path.contains("__pycache__")
        }
        .sorted()
    }

    private static func needsRedis(_ file: String) -> Bool {
        file.hasPrefix("events/") || ["webhook.secret", "redis.seal"].contains(file)
    }

    /// The functions' files stay where they are, so that their fingerprints are those that the indexes know.
    private func restore() async throws {
        try await Program.check("rm", ["-rf", home.state])
        try await Program.check("cp", ["-a", template, home.state])
    }

    private func damage(
        _ file: String, _ harm: Harm, _ baseline: [String: String], redis: Bool, _ tally: inout DamageTally
    ) async throws {
        try await restore()
        let together = file.hasPrefix("logs/") ? try files().filter { $0.hasPrefix("logs/") } : [file]
        for file in together { try harm.apply(to: "\(home.state)/\(file)") }
        tally.cases += 1
        let glo: GloProcess
        do {
            glo = try await GloProcess.start(in: home, Self.options(redis: redis))
        } catch {
            tally.failures.append("\(file) \(harm): the controller does not start: \(error)")
            return
        }
        let touched = Self.touched(by: file)
        var seen = try await Self.probe(glo, tokens, result: redis ? result : nil)
        // What can be made anew is made anew in a moment.
        for attempt in 0..<40 where seen != baseline {
            let left = seen.filter { baseline[$0.key] != $0.value }
            if attempt > 5, left.allSatisfy({ $0.value.hasPrefix("503") || $0.value.hasPrefix("401") }),
                !glo.log.lines.contains(where: {
                    $0.text.contains("made anew")
                })
            {
                break
            }
            try await Task.sleep(for: .milliseconds(50))
            seen = try await Self.probe(glo, tokens, result: redis ? result : nil)
        }
        // The looks ahead, and those after the start.
        var problems = try await glo.status().problems
        for _ in 0..<20 where problems.isEmpty && !Self.isSaid(file, glo, problems) {
            try await Task.sleep(for: .milliseconds(25))
            problems = try await glo.status().problems
        }
        try await glo.stop()

        func fail(_ text: String) { tally.failures.append("\(file) \(harm): \(text); problems: \(problems)") }
        for (name, answer) in seen.sorted(by: { $0.key < $1.key }) where baseline[name] != answer {
            if name.contains("closed"), !answer.hasPrefix("401"), !answer.hasPrefix("403"), !answer.hasPrefix("503") {
                fail("OPENED \(name): \(answer)")
            }
            let function = name.split(separator: " ")[0]
            if !touched.contains(String(function)) { fail("\(name) is touched: \(answer)") }
            // A refusal says why, and is never a wrong answer.
            if answer.hasPrefix("200") { fail("\(name) answers wrongly: \(answer)") }
        }
        let isSaid = Self.isSaid(file, glo, problems)
        if seen != baseline {
            tally.closed += 1
            if !isSaid { fail("not a word of it: \(seen.filter { baseline[$0.key] != $0.value })") }
        } else if try isWhole(file) {
            isSaid ? (tally.madeAnew += 1) : (tally.same += 1)
        } else if isSaid || Self.harmless.contains(where: { file.hasPrefix($0) }) {
            tally.same += 1
        } else {
            fail("nobody has noticed it")
        }
    }

    private func isWhole(_ file: String) throws -> Bool {
        func contents(_ root: String) -> Data? { FileManager.default.contents(atPath: "\(root)/\(file)") }
        var status = stat()
        guard lstat("\(home.state)/\(file)", &status) == 0, status.st_uid == geteuid() else { return false }
        return contents(home.state) == contents(template)
    }

    /// Whether the log or the status names what was damaged.
    private static func isSaid(_ file: String, _ glo: GloProcess, _ problems: [String]) -> Bool {
        let parts = file.split(separator: "/").map(String.init)
        let names: [String]
        switch parts[0] {
        case "versions", "lambda": names = [parts[1].replacing(".json", with: "")]
        case "secrets": names = ["'\(parts[1])'", "secrets/\(parts[1]) "]
        case "secret.key": names = ["key"]
        case "events": return true  // by the answer to whoever asks for it
        default: names = [parts[parts.count - 1]]
        }
        if problems.contains(where: { problem in names.contains { problem.contains($0) } }) { return true }
        return glo.log.lines.contains { line in
            ["notice", "warning", "error"].contains(line.level) && names.contains { line.text.contains($0) }
                && line.message != "Function serves"
        }
    }

    /// The functions and other parts that a file belongs to.
    private static func touched(by file: String) -> Set<String> {
        let parts = file.split(separator: "/").map(String.init)
        switch parts[0] {
        case "versions": return [parts[1]]
        case "lambda", "lambda.json": return ["tags"]
        case "secrets": return parts[1] == "partner" ? ["guarded", "rolled"] : ["knowing"]
        case "secret.key": return ["guarded", "rolled", "knowing"]
        case "tokens.json": return ["reader"]
        case "admin.token": return ["admin"]
        case "events": return ["result"]
        default: return []
        }
    }

    // MARK: Asking for everything

    private static func probe(
        _ glo: GloProcess, _ tokens: (reader: String, admin: String), result: String?
    ) async throws -> [String: String] {
        var seen: [String: String] = [:]
        func note(_ name: String, _ answer: HTTPAnswer) {
            let text = answer.status == 200 ? answer.text.prefix(40) : Substring(answer.code ?? "")
            seen[name] = "\(answer.status) \(text.trimmingCharacters(in: .whitespacesAndNewlines))"
        }
        let key = [(name: "X-Api-Key", value: key)]
        note("plain", try await glo.http.get("/plain"))
        note("guarded closed", try await glo.http.get("/guarded"))
        note("guarded", try await glo.http.send("GET", "/guarded", headers: key))
        note("knowing", try await glo.http.get("/knowing"))
        note("named", try await glo.http.get("/named"))
        note("rolled closed", try await glo.http.get("/rolled"))
        note("rolled", try await glo.http.send("GET", "/rolled", headers: key))
        if let result {
            let answer = try await glo.http.get("/_/invocations/\(result)")
            seen["result"] = "\(answer.status) \(answer.body.count)"
        }
        let tags = try await glo.admin("GET", "/2015-03-31/functions/uploaded")
        seen["tags"] = "\(tags.status) \(tags.json["Tags"]["team"].string ?? "")"
        let listeners = try await glo.status().listeners.filter { $0.role == "admin" }
        let address = listeners.first { !$0.address.hasPrefix("unix:") }?.address ?? ""
        let api = HTTPClient(base: "http://\(address)", concurrency: 2)
        func status(_ method: String, _ path: String, _ token: String) async throws -> String {
            "\(try await api.send(method, path, headers: [(name: "Authorization", value: "Bearer \(token)")]).status)"
        }
        seen["reader"] = try await status("GET", AdminPath.status, tokens.reader)
        seen["reader closed"] = try await status("POST", "/v1/functions/plain/invoke", tokens.reader)
        seen["admin"] = try await status("GET", AdminPath.status, tokens.admin)
        seen["nobody closed"] = try await status("GET", AdminPath.status, "glo_" + String(repeating: "0", count: 64))
        return seen
    }
}
