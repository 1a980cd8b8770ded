import AdminModel
import DocumentationSupport
import Foundation
import Glibc
import TestSupport

/// Where the commands of a page run: the directory above `functions/`, with the program on `PATH`.
struct PageStage {
    private let page: DocumentationPage
    private let glo: GloProcess
    private let adminAddress: String
    private let path: String
    /// What a page's proxy listens on.
    private let proxyPorts: [String: String]

    /// Files of the test's own: what each block printed, the home directory, programs.
    private var own: String { "\(glo.home.path)/documentation" }

    init(_ page: DocumentationPage, _ glo: GloProcess) async throws {
        self.page = page
        self.glo = glo
        let listeners = try await glo.status().listeners
        let tcp = listeners.first { $0.role == "admin" && !$0.address.hasPrefix("unix:") }
        guard let tcp else { throw TestFailure("the admin API does not listen on TCP") }
        adminAddress = tcp.address
        proxyPorts = ["8081": "\(try FreePort.any())", "8443": "\(try FreePort.any())"]
        // nginx lies beside what is for administrators.
        var places = ["\(glo.home.path)/documentation/bin", Program.directory]
        if !page.pythonPackages.isEmpty {
            let python = try await PythonEnvironment.python(with: page.pythonPackages)
            places.append(URL(filePath: python).deletingLastPathComponent().path)
        }
        path = (places + [ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "/usr/sbin"]).joined(
            separator: ":")
        try prepare()
    }

    private func prepare() throws {
        for directory in ["bin", "home", "output"] {
            try FileManager.default.createDirectory(
                atPath: "\(own)/\(directory)", withIntermediateDirectories: true)
        }
        // What curl says on a terminal: no progress meter.
        try write("home/.curlrc", "silent\nshow-error\n")
        // The controller of the page belongs to whoever runs the test.
        try write("bin/sudo", "#!/bin/sh\n[ \"$1\" != -u ] || shift 2\nexec \"$@\"\n")
        try write("prelude", Self.prelude)
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(own)/\(name)"))
        chmod("\(own)/\(name)", 0o755)
    }

    /// A reader takes longer to type than a file takes to settle, so calls wait until what was dropped is decided.
    private static let prelude = #"""
        unset BASH_ENV
        trap 'printf "%s %s %s\n" "$LINENO" "$?" "$BASH_COMMAND" >"$DOCUMENTATION/failure"' ERR
        trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
        settled=@0
        settle() {
            local time
            [ -n "$(find "$GLO_FUNCTIONS" -newerct "$settled" -print -quit 2>/dev/null || true)" ] || return 0
            while :; do
                time=$((${EPOCHREALTIME/./} - 700000))
                [ -z "$(find "$GLO_FUNCTIONS" -newerct "@${time:0:-6}.${time: -6}" -print -quit 2>/dev/null || true)" ] &&
                    ! command glo ls -o json 2>/dev/null | grep --quiet --extended-regexp '"state":"(copying|starting)"' && break
                sleep 0.05
            done
            settled=@${EPOCHREALTIME}
        }
        for program in glo curl aws python python3; do eval "$program() { settle; command $program \"\$@\" || return; }"; done
        """#

    /// The addresses and paths of the pages, as they are here.
    func replaced(_ text: String) -> String {
        let text = proxyPorts.reduce(text) { text, port in
            text.replacing("localhost:\(port.key)", with: "localhost:\(port.value)")
                .replacing("-port \(port.key)", with: "-port \(port.value)")
        }
        return text.replacing("127.0.0.1:8080", with: glo.address).replacing("127.0.0.1:9000", with: adminAddress)
            .replacing("/srv/glo/functions", with: glo.functions.path).replacing("/var/lib/glo", with: glo.state)
            .replacing("REPOSITORY/", with: Handlers.repository + "/")
    }

    func hasProgram(_ name: String) -> Bool { Requirement.isCI || Requirement.has(name, path: path) }

    func run(_ script: PageScript) async throws -> Program.Outcome {
        try write("page", script.text)
        let output = "\(own)/output"
        let home = NSHomeDirectory()
        return try await Program.run(
            "timeout", ["--kill-after", "5", "120", "bash", "-euo", "pipefail", "\(own)/page"],
            environment: [
                "PATH": path, "HOME": "\(own)/home", "BASH_ENV": "\(own)/prelude", "DOCUMENTATION": output,
                "GLO_STATE": glo.state, "GLO_FUNCTIONS": glo.functions.path, "LC_ALL": "C.UTF-8",
                // Toolchains and caches are those of whoever runs the test.
                "RUSTUP_HOME": "\(home)/.rustup", "GOCACHE": "\(home)/.cache/go-build",
                "PIP_CACHE_DIR": "\(home)/.cache/pip", "npm_config_cache": "\(home)/.npm", "TMPDIR": own,
            ], directory: glo.home.path)
    }

    /// What a block printed; nil when it did not run.
    func output(of line: Int) -> String? {
        (FileManager.default.contents(atPath: "\(own)/output/\(line)")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Why the page's commands came to no good end; nil when they came to one.
    func failure(_ outcome: Program.Outcome, _ script: PageScript) -> String? {
        guard outcome.code != 0 else { return nil }
        let told = FileManager.default.contents(atPath: "\(own)/output/failure").map {
            String(decoding: $0, as: UTF8.self)
        }
        let words = (told ?? "").split(separator: " ", maxSplits: 2)
        let last = script.blocks.last { output(of: $0) != nil }
        let printed = (last.flatMap { output(of: $0) } ?? "")
        let line = words.first.map(String.init) ?? last.map(String.init) ?? "?"
        let command = words.count > 2 ? String(words[2]) : "the block's commands\n"
        let setup = FileManager.default.contents(atPath: "\(own)/output/setup").map {
            String(decoding: $0, as: UTF8.self)
        }
        return """
            \(page.path):\(line): ended with \(outcome.code): \(command)--- printed:
            \(printed)\(outcome.errors)\(setup.map { "--- set-up printed:\n" + $0 } ?? "")
            """
    }
}
