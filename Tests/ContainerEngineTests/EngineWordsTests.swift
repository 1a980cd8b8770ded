import Testing

@testable import ContainerEngine

@Suite struct EngineWordsTests {
    @Test(
        "What the engine says in words becomes a code",
        arguments: [
            (404, "No such image: x:1", .imageMissing), (404, "No such container: x", .containerNotFound),
            (
                400, #"OCI runtime create failed: exec: "/nope": stat /nope: no such file or directory: unknown"#,
                .commandNotFound
            ),
            (400, #"exec: "/run/glo-init": permission denied: unknown"#, .commandNotFound),
            (500, "standard_init_linux.go: exec user process caused: exec format error", .commandNotFound),
            (400, "invalid mount config for type \"bind\": bind source path does not exist: /x", .badConfiguration),
            (400, "Minimum memory limit allowed is 6MB", .badConfiguration),
            (409, "Conflict. The container name \"/x\" is already in use by container \"y\".", .nameInUse),
            (500, "boom", .other),
            (
                500,
                #"OCI runtime create failed: unable to start container process: exec: "glo-init": executable file not found in $PATH"#,
                .commandNotFound
            ),
        ] as [(Int, String, EngineError.Code)])
    func codes(_ status: Int, _ message: String, _ code: EngineError.Code) {
        let error = EngineError(status: status, message: message, subject: "x")
        #expect(error.code == code && error.cause == message && !error.message.isEmpty)
    }

    @Test("That the engine lacks a program of its own is not taken for a missing init: what to install is said")
    func missingParts() {
        let apparmor = EngineError(
            status: 500,
            message: "AppArmor enabled on system but the docker-default profile could not be loaded: running "
                + "`apparmor_parser apparmor_parser --version` failed with output: \nerror: exec: \"apparmor_parser\": "
                + "executable file not found in $PATH", subject: "glo-1")
        #expect(apparmor.code == .other)
        #expect(apparmor.message.contains("AppArmor") && apparmor.hint.contains("apt-get install apparmor"))
        let shim = EngineError(
            status: 500, message: #"failed to start shim: exec: "containerd-shim": executable file not found in $PATH"#,
            subject: "glo-1")
        #expect(shim.code == .other)
        #expect(shim.message.contains("containerd-shim") && !shim.description.contains("glo-init"))
    }

    @Test("What weakens the isolation is said")
    func warnings() throws {
        let rootless = #"{"SecurityOptions":["name=seccomp,profile=default","name=rootless"],"CgroupVersion":"1"}"#
        let remapped = #"{"SecurityOptions":["name=userns"],"SwapLimit":false,"Warnings":["W"],"New":{"x":1}}"#
        let fine = #"{"SecurityOptions":["name=seccomp,profile=default"],"MemoryLimit":true,"Warnings":null}"#
        func warnings(_ text: String) throws -> [String] {
            DockerEngine.warnings(try EngineJSON.decode(EngineMessages.Info.self, from: Array(text.utf8)))
        }
        #expect(try warnings(rootless).count == 1)
        #expect(try warnings(rootless)[0].contains("cgroup v1"))
        #expect(try warnings(remapped).count == 4)
        #expect(try warnings(fine).isEmpty)
    }
}
