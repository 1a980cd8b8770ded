import Foundation
import FunctionModel
import Glibc
import Testing

@testable import ContainerEngine

/// Containers of the real engine. One at a time: two processors start about three a second.
@Suite(.serialized, .timeLimit(.minutes(2))) struct DockerEngineTests {
    @Test("The base image is made once; afterwards it is found")
    func prepare() async throws {
        var layout = HostLayout.probe()
        layout.links.append(.init(name: "test-\(UInt32.random(in: 0...UInt32.max))", target: "usr"))
        let first = try DockerFixture(layout: layout)
        let said = Shared<[String]>([])
        let description = try await first.engine.prepare { line in said.update { $0.append(line) } }
        let second = try DockerFixture(layout: layout)
        let again = try await second.engine.prepare { line in said.update { $0.append(line) } }
        _ = try await Program.run("docker", ["rmi", try #require(description.baseImageName)])
        #expect(said.value == ["making the base image \(try #require(description.baseImageName))"])
        #expect(again == description)
        #expect(description.baseImageID?.hasPrefix("sha256:") == true)
        #expect(description.processors > 0 && description.memoryBytes > 0)
    }

    @Test("Every line of the profile is what the engine was told")
    func profile() async throws {
        try await DockerFixture.run { fixture in
            let spec = try fixture.spec(DockerFixture.sleeping)
            let container = try await fixture.engine.start(spec)
            #expect(container.engineID.count == 64 && (container.processID ?? 0) > 1)
            let seen = try await fixture.engineJSON("/containers/\(spec.id)/json")
            let host = try #require(seen["HostConfig"] as? [String: Any])
            let config = try #require(seen["Config"] as? [String: Any])
            #expect(host["NetworkMode"] as? String == "none")
            #expect(host["ReadonlyRootfs"] as? Bool == true)
            #expect(host["CapDrop"] as? [String] == ["ALL"])
            #expect(host["CapAdd"] as? [String] ?? [] == [])
            #expect(host["Privileged"] as? Bool == false)
            #expect(host["SecurityOpt"] as? [String] == ["no-new-privileges"])
            #expect(host["PidsLimit"] as? Int == 64)
            // The handler's 64 MiB and the reserve of a sixteenth.
            #expect(host["Memory"] as? Int == 68 << 20)
            #expect(host["MemorySwap"] as? Int == 68 << 20)
            #expect(host["NanoCpus"] as? Int == 500_000_000)
            #expect(host["IpcMode"] as? String == "none")
            #expect(host["PidMode"] as? String == "")
            #expect(host["OomScoreAdj"] as? Int == 500)
            #expect(host["AutoRemove"] as? Bool == false)
            #expect((host["LogConfig"] as? [String: Any])?["Type"] as? String == "none")
            #expect((host["RestartPolicy"] as? [String: Any])?["Name"] as? String == "no")
            #expect(
                host["Tmpfs"] as? [String: String] == [
                    "/dev/shm": "rw,noexec,nosuid,nodev,size=8388608,mode=1777",
                    "/tmp": "rw,noexec,nosuid,nodev,size=8388608,mode=1777",
                    "/run/secrets": "rw,noexec,nosuid,nodev,size=1048576,mode=0700,uid=70001,gid=70001",
                ])
            let limits = try #require(host["Ulimits"] as? [[String: Any]]).map {
                "\($0["Name"] ?? "") \($0["Soft"] ?? "") \($0["Hard"] ?? "")"
            }
            #expect(limits.sorted() == ["core 0 0", "nofile 8192 8192"])
            #expect(config["User"] as? String == "70001:70001")
            let mounts = try #require(seen["Mounts"] as? [[String: Any]])
            #expect(mounts.allSatisfy { $0["Type"] as? String == "bind" && $0["RW"] as? Bool == false })
            #expect(!mounts.contains { ($0["Source"] as? String)?.contains("docker.sock") == true })
            let labels = try #require(config["Labels"] as? [String: String])
            #expect(
                labels == [
                    "glo.namespace": fixture.namespace, "glo.boot": "boot-1", "glo.function": "hello",
                    "glo.version": "3",
                ])
        }
    }

    @Test("The command line makes the same container")
    func commandLine() async throws {
        try await DockerFixture.run { fixture in
            let spec = try fixture.spec(DockerFixture.sleeping)
            _ = try await fixture.engine.start(spec)
            var words = fixture.engine.commandLine(for: spec)
            #expect(words.prefix(3) == ["docker", "run", "--detach"])
            // Created and not run; and under another name, since this one is taken.
            words.replaceSubrange(0..<3, with: ["create"])
            words[2] += "-by-hand"
            let created = try await Program.run("docker", words)
            #expect(created.code == 0, "\(created.output)")
            func facts(_ name: String) async throws -> [String: String] {
                let seen = try await fixture.engineJSON("/containers/\(name)/json")
                var facts: [String: String] = ["Image": "\(seen["Image"] ?? "")"]
                let host = try #require(seen["HostConfig"] as? [String: Any])
                for (key, value) in host where key != "ConsoleSize" {
                    facts["HostConfig.\(key)"] = Self.canonical(value)
                }
                let config = try #require(seen["Config"] as? [String: Any])
                for key in ["User", "Entrypoint", "Cmd", "WorkingDir", "Labels", "Env", "Healthcheck", "Volumes"] {
                    facts["Config.\(key)"] = Self.canonical(config[key] ?? NSNull())
                }
                return facts
            }
            let byEngine = try await facts(spec.id.rawValue)
            let byHand = try await facts(spec.id.rawValue + "-by-hand")
            for key in Set(byEngine.keys).union(byHand.keys) {
                #expect(byEngine[key] == byHand[key], "\(key)")
            }
        }
    }

    /// Text that is equal for equal values; what is empty is as good as absent.
    private static func canonical(_ value: Any) -> String {
        if value is NSNull { return "" }
        if let list = value as? [Any] {
            return list.isEmpty ? "" : "[" + list.map(canonical).sorted().joined(separator: ",") + "]"
        }
        if let map = value as? [String: Any] {
            let pairs = map.map { "\($0.key):\(canonical($0.value))" }
            return map.isEmpty ? "" : "{" + pairs.sorted().joined(separator: ",") + "}"
        }
        return "\(value)"
    }

    @Test("A container sees its own files and the host's programs, and nothing else")
    func inside() async throws {
        try await DockerFixture.run { fixture in
            let shell = try await ContainerShell(fixture.engine, try fixture.spec(ContainerShell.script))
            for (command, output) in Self.outputs {
                let answer = try await shell.run(command)
                #expect(answer.code == 0, "\(command): \(answer.output)")
                #expect(answer.output.split(separator: "\n").joined(separator: "|") == output, "\(command)")
            }
            for command in Self.refused {
                let answer = try await shell.run(command)
                #expect(answer.code != 0, "\(command): \(answer.output)")
            }
        }
    }

    /// Commands and what they print.
    private static let outputs = [
        ("id -u; id -g; id -G", "70001|70001|70001"),
        ("cat /var/task/hello.txt", "hello from the task"),
        ("python3 -c 'import ssl, json, ctypes; print(6 * 7)'", "42"),
        ("bash -c 'echo $((1 + 1))'", "2"),
        (
            "grep -E '^Cap(Prm|Eff|Bnd|Amb)' /proc/self/status | tr -d '\\t' | sort -u -k2 -t:",
            "CapPrm:0000000000000000"
        ),
        ("grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t'", "NoNewPrivs:1|Seccomp:2"),
        ("cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d ' '", "lo"),
        ("ulimit -Hn; ulimit -Hc", "8192|0"),
        ("stat -c '%U %a' /tmp", "root 1777"),
        ("stat -c '%u %a' /run/secrets", "70001 700"),
        ("echo x > /tmp/a && cat /tmp/a", "x"),
        ("echo s > /run/secrets/s && cat /run/secrets/s", "s"),
        ("ls -A /var/runtime /opt /home /srv /mnt /media 2>/dev/null | grep -v : | grep -v '^$' | wc -l", "0"),
        ("ls /etc/ssl", "certs|openssl.cnf"),
        ("cat /proc/self/oom_score_adj", "500"),
        ("stat -f -c %T /dev/shm", "tmpfs"),
        ("find / -xdev -writable -type d 2>/dev/null | sort; echo", "/run/secrets|/tmp"),
    ]

    /// Commands that must fail.
    private static let refused = [
        "touch /x", "touch /usr/x", "touch /usr/bin/x", "touch /etc/x", "touch /var/task/x", "touch /run/glo/x",
        "touch /run/x", "echo x > /run/glo-init", "echo x > /var/task/hello.txt",
        "cat /etc/shadow", "ls /root", "ls /etc/ssl/private", "cat /var/run/docker.sock", "ls /var/run/docker.sock",
        "cp /bin/true /tmp/true && /tmp/true", "mount -t tmpfs x /tmp", "unshare -n true", "chown 0 /tmp/a",
        "kill -0 2", "dd if=/dev/zero of=/tmp/full bs=1M count=9", "test -e /dev/sda", "test -e /dev/vda",
    ]

    @Test("Exit codes are the init's", arguments: [0, 3, 127])
    func exitCodes(_ code: Int) async throws {
        try await DockerFixture.run { fixture in
            let spec = try fixture.spec("#!/bin/sh\nexit \(code)\n")
            _ = try await fixture.engine.start(spec)
            let exit = try await fixture.engine.exitReport(spec.id)
            #expect(exit == ContainerExit(exitCode: code, isOutOfMemory: false))
        }
    }

    @Test("A signal reaches init, and one that runs has no exit yet")
    func signals() async throws {
        try await DockerFixture.run { fixture in
            let spec = try fixture.spec(DockerFixture.sleeping)
            _ = try await fixture.engine.start(spec)
            let error = await #expect(throws: EngineError.self) { _ = try await fixture.engine.exitReport(spec.id) }
            #expect(error?.code == .stillRunning)
            await fixture.engine.kill(spec.id, signal: SIGKILL)
            #expect(try await fixture.engine.exitReport(spec.id).exitCode == 137)
            // Both are no failure for what has ended or is gone.
            await fixture.engine.kill(spec.id, signal: SIGKILL)
            try await fixture.engine.remove(spec.id)
            try await fixture.engine.remove(spec.id)
            let gone = await #expect(throws: EngineError.self) { _ = try await fixture.engine.exitReport(spec.id) }
            #expect(gone?.code == .containerNotFound)
        }
    }

    @Test("Running out of memory is known, of init and of a child whose death init survives", arguments: [true, false])
    func outOfMemory(_ isInit: Bool) async throws {
        let hog = "x = []\nwhile True: x.append(bytearray(1 << 20))"
        let child = """
            import subprocess, sys
            code = subprocess.run([sys.executable, "-c", \"\"\"\(hog)\"\"\"]).returncode
            sys.exit(0 if code == -9 else 1)
            """
        try await DockerFixture.run { fixture in
            let spec = try fixture.spec("#!/usr/bin/python3\n\(isInit ? hog : child)\n")
            _ = try await fixture.engine.start(spec)
            var exit: ContainerExit?
            try await waitUntil {
                exit = try? await fixture.engine.exitReport(spec.id)
                return exit != nil
            }
            #expect(exit?.isOutOfMemory == true)
            #expect(exit?.exitCode == (isInit ? 137 : 0))
        }
    }

    @Test("The kernel's own count of memory is read while the container runs, and is nil afterwards")
    func memory() async throws {
        try await DockerFixture.run { fixture in
            let spec = try fixture.spec(ContainerShell.script)
            let shell = try await ContainerShell(fixture.engine, spec)
            let state = try await fixture.engine.inspect(spec.id)
            let container = RunningContainer(id: spec.id, engineID: state.id, processID: state.state.processID)
            let before = try #require(fixture.engine.memory(of: container))
            #expect(before.currentBytes > 0 && before.currentBytes < 64 << 20 && before.outOfMemoryKills == 0)
            #expect((before.peakBytes ?? .max) >= before.currentBytes)
            let hog = try await shell.run("python3 -c 'x = bytearray(200 << 20)'")
            #expect(hog.code != 0)
            let after = try #require(fixture.engine.memory(of: container))
            #expect(after.outOfMemoryKills >= 1)
            #expect((after.peakBytes ?? .max) >= 60 << 20)
            let clock = ContinuousClock()
            let time = clock.measure { for _ in 0..<100 { _ = fixture.engine.memory(of: container) } }
            #expect(time < .seconds(1))
            try await fixture.engine.remove(spec.id)
            #expect(fixture.engine.memory(of: container) == nil)
        }
    }

    @Test("A reconciliation removes other boots' containers and this one's that never started, and nothing else")
    func strays() async throws {
        try await DockerFixture.run { fixture in
            let foreign = try DockerFixture()
            _ = try await foreign.engine.prepare { _ in }
            let specs = [
                try fixture.spec(DockerFixture.sleeping, name: "old", boot: "boot-0"),
                try fixture.spec(DockerFixture.sleeping, name: "mine"),
                try foreign.spec(DockerFixture.sleeping, name: "foreign", boot: "boot-0"),
            ]
            for spec in specs { _ = try await fixture.engine.start(spec) }
            // Left by a start that nobody finished.
            let created = try fixture.spec(DockerFixture.sleeping, name: "created")
            var words = fixture.engine.commandLine(for: created)
            words.replaceSubrange(0..<3, with: ["create"])
            #expect(try await Program.run("docker", words).code == 0)
            let removed = try await fixture.engine.removeStrays(
                namespace: fixture.namespace, keepingBoot: DockerFixture.boot, progress: { _ in })
            #expect(removed == 2)
            #expect(try await fixture.engine.inspect(specs[1].id).state.isRunning)
            #expect(try await fixture.engine.inspect(specs[2].id).state.isRunning)
            for id in [specs[0].id, created.id] {
                await #expect(throws: EngineError.self) { _ = try await fixture.engine.inspect(id) }
            }
            try await foreign.engine.remove(specs[2].id)
        }
    }

    @Test("A start that fails says why and leaves nothing behind")
    func failedStart() async throws {
        try await DockerFixture.run { fixture in
            var missing = try fixture.spec(DockerFixture.sleeping, name: "missing")
            missing.initPath = "/nonexistent/glo-init"
            let noExec = try fixture.spec(DockerFixture.sleeping, name: "noexec")
            chmod(noExec.initPath, 0o644)
            var small = try fixture.spec(DockerFixture.sleeping, name: "small")
            small.limits.memoryBytes = 1 << 20
            let noImage = try fixture.spec(DockerFixture.sleeping, name: "noimage", image: "glo-test/none:1")
            let cases: [(ContainerSpec, EngineError.Code)] = [
                (missing, .badConfiguration), (noExec, .commandNotFound), (small, .badConfiguration),
                (noImage, .imageMissing),
            ]
            for (spec, code) in cases {
                let error = await #expect(throws: EngineError.self) { _ = try await fixture.engine.start(spec) }
                #expect(error?.code == code, "\(String(describing: error))")
                let gone = await #expect(throws: EngineError.self) { _ = try await fixture.engine.inspect(spec.id) }
                #expect(gone?.code == .containerNotFound)
            }
            let taken = try fixture.spec(DockerFixture.sleeping)
            _ = try await fixture.engine.start(taken)
            let error = await #expect(throws: EngineError.self) { _ = try await fixture.engine.start(taken) }
            #expect(error?.code == .nameInUse)
            #expect(try await fixture.engine.inspect(taken.id).state.isRunning)
        }
    }

    @Test("An image's volumes become memory, not directories of the host")
    func imageVolumes() async throws {
        let tag = "glo-test:volumes-\(UInt32.random(in: 0...UInt32.max))"
        let directory = TemporaryDirectory()
        try Data(BaseImage(layout: .probe()).archive).write(to: URL(filePath: "\(directory.path)/base.tar"))
        let made = try await Program.run(
            "docker",
            ["import", "-c", "VOLUME /data", "-c", "HEALTHCHECK CMD false", "\(directory.path)/base.tar", tag])
        #expect(made.code == 0, "\(made.output)")
        do {
            try await DockerFixture.run { fixture in
                let id = try await fixture.engine.ensureImage(tag) { _ in }
                // A real image brings its own /usr; this one borrows the host's.
                var spec = try fixture.spec(ContainerShell.script, image: id)
                spec.mounts = [ReadOnlyMount(source: "/usr", target: "/usr")]
                let shell = try await ContainerShell(fixture.engine, spec)
                #expect(try await shell.run("stat -f -c %T /data").output == "tmpfs\n")
                #expect(try await shell.run("ls /etc/ssl").output == "")
                let seen = try await fixture.engineJSON("/containers/\(spec.id)/json")
                let mounts = try #require(seen["Mounts"] as? [[String: Any]])
                #expect(!mounts.contains { $0["Type"] as? String == "volume" })
                #expect((seen["State"] as? [String: Any])?["Health"] == nil)
            }
        } catch {
            _ = try await Program.run("docker", ["rmi", tag])
            throw error
        }
        _ = try await Program.run("docker", ["rmi", tag])
    }

    @Test("An image that nobody has is said with the engine's words")
    func unknownImage() async throws {
        let fixture = try DockerFixture()
        let error = await #expect(throws: EngineError.self) {
            _ = try await fixture.engine.ensureImage("localhost:1/glo-test-none:1") { _ in }
        }
        #expect(error?.code == .imageMissing && error?.cause?.isEmpty == false)
    }

    @Test("A container with egress reaches neither this host nor its neighbours")
    func egress() async throws {
        try await withEgress { fixture in
            let neighbour = try fixture.spec(ContainerShell.script, name: "n", network: .egress)
            let neighbourShell = try await ContainerShell(fixture.engine, neighbour)
            let seen = try await fixture.engineJSON("/containers/\(neighbour.id)/json")
            let settings = try #require(seen["NetworkSettings"] as? [String: Any])
            let network = try #require((settings["Networks"] as? [String: [String: Any]])?["glo-egress"])
            let address = try #require(network["IPAddress"] as? String)
            let gateway = try #require(network["Gateway"] as? String)
            let reach = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 1)"
            // The neighbour listens, as it finds itself, and this host's service answers on the bridge's address.
            _ = try await neighbourShell.run("python3 -m http.server 8000 >/dev/null 2>&1 &")
            let up =
                "for i in 1 2 3 4 5 6 7 8 9; do python3 -c '\(reach)' \(address) 8000 && exit; sleep 0.2; done; exit 1"
            #expect(try await neighbourShell.run(up).code == 0)
            let service = try await HostService()
            #expect(try await Program.run("python3", ["-c", reach, gateway, "\(service.port)"]).code == 0)
            let shell = try await ContainerShell(
                fixture.engine, try fixture.spec(ContainerShell.script, network: .egress))
            let interfaces = try await shell.run("cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d ' ' | sort | xargs")
            #expect(interfaces.output == "eth0 lo\n")
            for (host, port) in [(address, 8000), (gateway, service.port), ("10.0.0.1", 80), ("169.254.169.254", 80)] {
                let answer = try await shell.run("python3 -c '\(reach)' \(host) \(port)")
                #expect(answer.code != 0 && answer.output.contains("timed out"), "\(host):\(port) \(answer.output)")
            }
            #expect(try await shell.run("grep -v ' lo$' /proc/net/if_inet6").output == "")
            // Whoever empties the chains finds them right again at the next start.
            let early = ["INPUT", "-i", EgressFirewall.bridge, "-j", "RETURN"]
            _ = try await Program.run("iptables", ["-w", "5", "-F", EgressFirewall.chain])
            _ = try await Program.run("iptables", ["-w", "5", "-I"] + early)
            _ = try await fixture.engine.start(try fixture.spec(DockerFixture.sleeping, name: "c", network: .egress))
            let input = try await Program.run("iptables", ["-w", "5", "-S", "INPUT"]).output
            #expect(EgressFirewall.inputRule.isFirst(in: input))
            #expect(input.split(separator: "\n").count { $0.contains("-j DROP") && $0.contains("glo-egress0") } == 1)
            let chain = try await Program.run("iptables", ["-w", "5", "-S", EgressFirewall.chain]).output
            #expect(chain.contains("10.0.0.0/8"))
            _ = try await Program.run("iptables", ["-w", "5", "-D"] + early)
        }
    }

    /// Takes away what egress makes on this host, also when the test fails.
    private func withEgress(_ body: (DockerFixture) async throws -> Void) async throws {
        let result: Result<Void, any Error>
        do {
            result = .success(try await DockerFixture.run(body))
        } catch {
            result = .failure(error)
        }
        await Self.removeEgress()
        try result.get()
    }

    private static func removeEgress() async {
        let bridge = EgressFirewall.bridge
        let chain = EgressFirewall.chain
        _ = try? await Program.run("docker", ["network", "rm", ContainerProfile.egressNetwork])
        for words in [
            ["-D", "INPUT", "-i", bridge, "-j", "DROP"], ["-D", "DOCKER-USER", "-i", bridge, "-j", chain],
            ["-F", chain],
            ["-X", chain],
        ] {
            _ = try? await Program.run("iptables", ["-w", "5"] + words)
        }
        _ = try? await Program.run("ip6tables", ["-w", "5", "-D", "INPUT", "-i", bridge, "-j", "DROP"])
    }

    @Test("How long a start and a removal take")
    func times() async throws {
        try await DockerFixture.run { fixture in
            let clock = ContinuousClock()
            var starts: [Duration] = []
            var removals: [Duration] = []
            for index in 0..<8 {
                let spec = try fixture.spec(DockerFixture.sleeping, name: "t\(index)")
                starts.append(try await clock.measure { _ = try await fixture.engine.start(spec) })
                removals.append(try await clock.measure { try await fixture.engine.remove(spec.id) })
            }
            print("create + start", starts.sorted()[4], "worst", starts.max() ?? .zero)
            print("remove", removals.sorted()[4], "worst", removals.max() ?? .zero)
            #expect(starts.sorted()[4] < .seconds(5))
        }
    }
}
