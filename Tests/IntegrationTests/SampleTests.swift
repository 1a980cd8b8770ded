import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// What a user sees first: the samples of the repository, as they are.
    @Suite(
        "The samples",
        .controller { functions in
            let manager = FileManager.default
            for name in try manager.contentsOfDirectory(atPath: "\(Handlers.repository)/functions") {
                try manager.copyItem(atPath: "\(Handlers.repository)/functions/\(name)", toPath: functions.file(name))
            }
            guard manager.fileExists(atPath: functions.file("echo-c")),
                manager.fileExists(atPath: functions.file("hello-swift/bootstrap"))
            else { throw TestFailure("the samples are not built: run deploy/build-samples") }
        })
    struct Samples {
        static let names = [
            "counter-python", "echo-c", "hello-bash", "hello-python", "hello-swift", "lambda-python",
        ]

        @Test(
            "Each sample answers from a container of its own",
            arguments: [
                ("hello-swift?name=Ada", "Ada"), ("hello-python/a/b?name=Ada", "Hello, Ada, from Python"),
                ("hello-bash?x=1", "Hello from bash"), ("echo-c?a=1", #""rawQueryString":"a=1""#),
                ("counter-python", #""count": 1"#), ("lambda-python?name=Ada", "Hello, Ada, from lambda-python"),
            ])
        func answers(path: String, expected: String) async throws {
            let answer = try await glo.http.get("/\(path)")
            #expect(answer.status == 200)
            #expect(answer.text.contains(expected), "\(answer.text)")
            let id = try #require(answer.invocation)
            #expect(UUID(uuidString: id) != nil, "\(id)")
        }

        @Test("docker ps lists a container for each function that was called, and no two share one")
        func containers() async throws {
            let running = Set(try await glo.containers())
            var seen: Set<String> = []
            for name in Self.names {
                _ = try await glo.http.get("/\(name)")
                let worker = try #require(try await glo.workers(of: name).first)
                let container = try #require(worker.container)
                #expect(running.contains(container), "\(name)")
                #expect(seen.insert(container).inserted, "\(name) shares a container")
            }
        }

        @Test("Every container has the whole hardened profile", arguments: names)
        func profile(name: String) async throws {
            _ = try await glo.http.get("/\(name)")
            let worker = try #require(try await glo.workers(of: name).first)
            let facts = try await Docker.inspect(try #require(worker.container))
            let host = facts["HostConfig"]
            #expect(host["NetworkMode"].string == "none")
            #expect(host["ReadonlyRootfs"].bool == true)
            #expect(host["CapDrop"].strings == ["ALL"])
            #expect(host["CapAdd"].array.isEmpty)
            #expect(host["SecurityOpt"].strings.contains { $0.hasPrefix("no-new-privileges") })
            #expect(!host["SecurityOpt"].strings.contains { $0.contains("unconfined") })
            #expect(host["Privileged"].bool == false)
            #expect(host["PidsLimit"].int == 256)
            // The manifest's 128 MiB, and the reserve in which a worker that leaks is noticed: a sixteenth.
            #expect(host["Memory"].int == 136 << 20)
            #expect(host["MemorySwap"].int == 136 << 20)
            #expect(host["NanoCpus"].int == 1_000_000_000)
            #expect(host["IpcMode"].string == "none")
            #expect(host["LogConfig"]["Type"].string == "none")
            #expect(host["RestartPolicy"]["Name"].string == "no")
            #expect(host["PortBindings"].members.isEmpty)
            #expect(host["Devices"].array.isEmpty)
            let limits = host["Ulimits"].array
            #expect(limits.contains { $0["Name"].string == "core" && $0["Hard"].int == 0 })
            #expect(limits.contains { $0["Name"].string == "nofile" && $0["Hard"].int == 8192 })
            let temporary = host["Tmpfs"]["/tmp"].string ?? ""
            for option in ["noexec", "nosuid", "nodev", "mode=1777", "size="] { #expect(temporary.contains(option)) }
            let user = facts["Config"]["User"].string ?? ""
            #expect(user.split(separator: ":").count == 2 && !user.hasPrefix("0"), "\(user)")
            for mount in facts["Mounts"].array {
                #expect(mount["RW"].bool == false, "\(mount)")
                #expect(mount["Source"].string?.hasSuffix("docker.sock") != true)
            }
            #expect(facts["Mounts"].array.contains { $0["Destination"].string == "/var/task" })
            let labels = facts["Config"]["Labels"]
            #expect("glo.namespace=\(labels["glo.namespace"].string ?? "")" == (try glo.label))
            #expect(labels["glo.boot"].string == (try await glo.status()).bootID)
        }

        @Test("No secret and no event stands in docker inspect's environment")
        func environment() async throws {
            _ = try await glo.http.get("/echo-c")
            let worker = try #require(try await glo.workers(of: "echo-c").first)
            let facts = try await Docker.inspect(try #require(worker.container))
            #expect(!facts["Config"]["Env"].strings.contains { $0.hasPrefix("GLO_") || $0.hasPrefix("AWS_") })
        }
    }
}
