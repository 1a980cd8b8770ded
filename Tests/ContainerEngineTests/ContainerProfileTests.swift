import Foundation
import FunctionModel
import Testing

@testable import ContainerEngine

@Suite struct ContainerProfileTests {
    static func spec(image: String? = nil, network: Network = .none) -> ContainerSpec {
        var limits = Limits()
        limits.cpuMillis = 500
        return ContainerSpec(
            id: ContainerID("glo-ns-1"), image: image, uid: 70_001, limits: limits, network: network,
            taskDirectory: "/s/run/1/task", controlDirectory: "/s/run/1/ctl", initPath: "/opt/glo/glo-init",
            labels: ContainerLabels(namespace: "ns", boot: "b1", function: "hello", version: 3),
            mounts: [ReadOnlyMount(source: "/opt/a,b", target: "/var/runtime")])
    }

    static func profile(_ spec: ContainerSpec, volumes: [String] = [], processors: Int = 2) -> ContainerProfile {
        ContainerProfile(
            spec: spec, image: "glo-base:1", hostMounts: [ReadOnlyMount(source: "/usr", target: "/usr")],
            imageVolumes: volumes, processors: processors)
    }

    @Test("The command line says everything that isolates the container")
    func commandLine() {
        let expected = """
            docker run \\
              --detach \\
              --name glo-ns-1 \\
              --label glo.boot=b1 \\
              --label glo.function=hello \\
              --label glo.namespace=ns \\
              --label glo.version=3 \\
              --network none \\
              --read-only \\
              --tmpfs /run/secrets:rw,noexec,nosuid,nodev,size=1048576,mode=0700,uid=70001,gid=70001 \\
              --tmpfs /tmp:rw,noexec,nosuid,nodev,size=67108864,mode=1777 \\
              --tmpfs /dev/shm:rw,noexec,nosuid,nodev,size=67108864,mode=1777 \\
              --user 70001:70001 \\
              --cap-drop ALL \\
              --security-opt no-new-privileges \\
              --pids-limit 256 \\
              --memory 142606336 \\
              --memory-swap 142606336 \\
              --cpus 0.500 \\
              --ulimit nofile=8192:8192 \\
              --ulimit core=0:0 \\
              --ipc none \\
              --log-driver none \\
              --restart no \\
              --oom-score-adj 500 \\
              --no-healthcheck \\
              --workdir / \\
              --mount type=bind,source=/usr,target=/usr,readonly,bind-nonrecursive \\
              --mount type=bind,source=/s/run/1/task,target=/var/task,readonly,bind-nonrecursive \\
              --mount type=bind,source=/s/run/1/ctl,target=/run/glo,readonly,bind-nonrecursive \\
              --mount type=bind,source=/opt/glo/glo-init,target=/run/glo-init,readonly,bind-nonrecursive \\
              --mount 'type=bind,"source=/opt/a,b",target=/var/runtime,readonly,bind-nonrecursive' \\
              --entrypoint /run/glo-init glo-base:1 /run/glo/init.sock
            """
        #expect(ShellQuoting.command(Self.profile(Self.spec()).commandLine(.nonRecursive)) == expected)
        let newer = Self.profile(Self.spec()).commandLine(.recursiveDisabled).joined(separator: " ")
        #expect(newer.contains("readonly,bind-recursive=disabled") && !newer.contains("nonrecursive"))
    }

    @Test("The request says the same in the engine's words")
    func request() throws {
        let bytes = try EngineJSON.encode(Self.profile(Self.spec(network: .egress)).createRequest)
        let body = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let host = try #require(body["HostConfig"] as? [String: Any])
        #expect(body["Image"] as? String == "glo-base:1")
        #expect(body["User"] as? String == "70001:70001")
        #expect(body["Entrypoint"] as? [String] == ["/run/glo-init"])
        #expect(body["Cmd"] as? [String] == ["/run/glo/init.sock"])
        #expect((body["Labels"] as? [String: String])?["glo.namespace"] == "ns")
        #expect(host["NetworkMode"] as? String == "glo-egress")
        #expect(host["ReadonlyRootfs"] as? Bool == true)
        #expect(host["CapDrop"] as? [String] == ["ALL"])
        #expect(host["SecurityOpt"] as? [String] == ["no-new-privileges"])
        #expect(host["NanoCpus"] as? Int == 500_000_000)
        #expect(host["OomScoreAdj"] as? Int == 500)
        #expect(host["Privileged"] as? Bool == false)
        #expect(host["Binds"] == nil && host["CapAdd"] == nil && host["Devices"] == nil && host["PidMode"] == nil)
        let mounts = try #require(host["Mounts"] as? [[String: Any]])
        #expect(mounts.count == 5)
        #expect(mounts.allSatisfy { $0["ReadOnly"] as? Bool == true && $0["Type"] as? String == "bind" })
        let tmpfs = try #require(host["Tmpfs"] as? [String: String])
        #expect(Set(tmpfs.keys) == ["/tmp", "/dev/shm", "/run/secrets"])
    }

    @Test("More processors than the host has are not asked for", arguments: [(1, 1000), (4, 3000), (0, 3000)])
    func processors(_ pair: (host: Int, millis: Int)) {
        var spec = Self.spec()
        spec.limits.cpuMillis = 3000
        #expect(Self.profile(spec, processors: pair.host).cpuMillis == pair.millis)
    }

    @Test("Volumes of an image become memory, and cannot take the place of Glo's own")
    func volumes() {
        let profile = Self.profile(Self.spec(), volumes: ["/data", "/tmp", "/var/task", "/dev/shm"])
        #expect(profile.memoryFileSystems.map(\.target) == ["/run/secrets", "/tmp", "/dev/shm", "/data"])
    }

    @Test("Programs run in /tmp when the function wishes it, and there only", arguments: [false, true])
    func temporaryPrograms(_ isWished: Bool) {
        var spec = Self.spec()
        spec.limits.runsTemporaryPrograms = isWished
        for system in Self.profile(spec, volumes: ["/data"]).memoryFileSystems {
            let words = system.options.split(separator: ",")
            #expect(words.contains("noexec") != (isWished && system.target == "/tmp"))
            #expect(words.contains("exec") == (isWished && system.target == "/tmp"))
            #expect(words.contains("nosuid") && words.contains("nodev"))
        }
    }

    @Test("A shell reads quoted words back", arguments: ["plain", "", "a b", "it's", "$HOME `x` \"q\"", "å\nb", "*"])
    func quoting(_ word: String) async throws {
        let result = try await Program.run("sh", ["-c", "printf %s \(ShellQuoting.quote(word))"])
        #expect(result.output == word)
    }
}
