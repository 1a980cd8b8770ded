import Glibc
import Testing

@testable import FunctionCatalog

/// Something named `bad` in the functions directory that is no good, and what is said of it.
enum BadFile: CaseIterable, Sendable {
    case garbage, empty, notExecutable, worldWritable, link, linkedManifest, pipe, pipeInside
    case noInterpreter, noEnvironmentName, windowsLineEnds, relativeInterpreter, hiddenInterpreter, objectFile
    case bit32, emptyDirectory, handlerNotExecutable, commandMissing, commandMisspelt, commandOutside, commandNotOnPath
    case commandHidden, brokenManifest, largeManifest

    func make(in fixture: CatalogFixture) throws {
        let path = "\(fixture.functions)/bad"
        switch self {
        case .garbage: try fixture.drop("bad", "just some words\n")
        case .empty: try fixture.drop("bad", "")
        case .notExecutable: try fixture.drop("bad", CatalogFixture.script("x"), mode: 0o644)
        case .worldWritable: try fixture.drop("bad", CatalogFixture.script("x"), mode: 0o757)
        case .link: try #require(symlink("/bin/sh", path) == 0)
        case .linkedManifest:
            try fixture.dropScript("bad/handler", "x")
            try fixture.drop("bad/settings.yaml", "memory: 64Mi\n", mode: 0o644)
            try #require(symlink("settings.yaml", "\(path)/function.yaml") == 0)
        case .pipe: try #require(mkfifo(path, 0o755) == 0)
        case .pipeInside:
            try fixture.dropScript("bad/handler", "x")
            try #require(mkfifo("\(path)/queue", 0o644) == 0)
        case .noInterpreter: try fixture.drop("bad", "#!/usr/bin/no-such-shell -e\n")
        case .noEnvironmentName: try fixture.drop("bad", "#!/usr/bin/env no-such-language\n")
        case .windowsLineEnds: try fixture.drop("bad", "#!/bin/sh\r\necho hello\r\n")
        case .relativeInterpreter: try fixture.drop("bad", "#!sh\n")
        case .hiddenInterpreter: try fixture.drop("bad", "#!/tmp/sh\n")
        case .objectFile: try fixture.drop("bad", header { $0[16] = 1 })
        case .bit32: try fixture.drop("bad", header { $0[4] = 1 })
        case .emptyDirectory: try FileOperations.makeDirectories(path)
        case .handlerNotExecutable: try fixture.drop("bad/handler.py", "#!/bin/sh\n", mode: 0o644)
        case .commandMissing: try manifest("command: [./gone]", fixture)
        case .commandMisspelt: try manifest("command: [./handlr]", fixture)
        case .commandOutside: try manifest("command: [../../etc/passwd]", fixture)
        case .commandNotOnPath: try manifest("command: [handler]", fixture)
        case .commandHidden: try manifest("command: [/opt/tool]", fixture)
        case .brokenManifest: try manifest("memory: 1Gi\ncpu: [", fixture)
        case .largeManifest: try manifest("#" + String(repeating: "x", count: 70_000), fixture)
        }
    }

    var code: CatalogProblem.Code {
        switch self {
        case .garbage, .objectFile: .unknownFormat
        case .empty: .emptyFile
        case .notExecutable, .handlerNotExecutable: .notExecutable
        case .worldWritable: .writableByOthers
        case .link, .linkedManifest: .symbolicLink
        case .pipe, .pipeInside: .specialFile
        case .noInterpreter, .noEnvironmentName, .windowsLineEnds, .relativeInterpreter, .hiddenInterpreter:
            .interpreterMissing
        case .bit32: .wrongArchitecture
        case .emptyDirectory: .noCommand
        case .commandMissing, .commandMisspelt, .commandOutside, .commandNotOnPath, .commandHidden: .commandNotFound
        case .brokenManifest: .manifestSyntax
        case .largeManifest: .tooLarge
        }
    }

    func message(in functions: String) -> String {
        let install = "install it on this host below /usr, link statically, or name an image: that has it"
        return switch self {
        case .garbage:
            "bad: it is neither an ELF program nor a script that begins with #!"
                + " (a script's first line is #!/usr/bin/env NAME)"
        case .empty: "bad: it is empty (was the copy broken off?)"
        case .notExecutable: "bad: it is not executable (chmod +x bad)"
        case .worldWritable: "bad: everybody may write it (chmod go-w \(functions)/bad)"
        case .link:
            "bad: a function itself is no symbolic link, which could lead anywhere (copy the files themselves)"
        case .linkedManifest:
            "function.yaml: the manifest is a symbolic link, and Glo follows none (copy the file itself)"
        case .pipe: "bad: this is a device, a socket or a pipe (remove it)"
        case .pipeInside: "queue: this is a device, a socket or a pipe (remove it)"
        case .noInterpreter: "bad:1: the interpreter /usr/bin/no-such-shell is not in the container (\(install))"
        case .noEnvironmentName:
            "bad:1: 'no-such-language', which env is to run, is not in the container (\(install))"
        case .windowsLineEnds:
            "bad:1: the first line ends in CR LF, so the kernel looks for an interpreter whose name ends in CR"
                + " (save it with Unix line ends)"
        case .relativeInterpreter:
            "bad:1: the first line names no interpreter by an absolute path (write #!/usr/bin/env NAME)"
        case .hiddenInterpreter: "bad:1: the interpreter /tmp/sh is not in the container (\(install))"
        case .objectFile: "bad: it is an object file or a core dump, not a program (drop a linked program)"
        case .bit32:
            "bad: it is a 32-bit program, and this machine is \(MachineArchitecture.host.name)"
                + " (build it for linux/\(MachineArchitecture.host.name))"
        case .emptyDirectory:
            "bad: there is nothing to run: no 'command' and no file named bootstrap, handler, bad or handler.*"
                + " (add one of them, or command: [...] in function.yaml)"
        case .handlerNotExecutable: "handler.py: it is not executable (chmod +x handler.py)"
        case .commandMissing: "function.yaml: './gone' is not in the function's directory"
        case .commandMisspelt:
            "function.yaml: './handlr' is not in the function's directory (did you mean './handler'?)"
        case .commandOutside:
            "function.yaml: '../../etc/passwd' leads out of the function's directory (name a file of this directory)"
        case .commandNotOnPath:
            "function.yaml: 'handler' is not on the container's PATH (/usr/local/bin:/usr/bin:/bin) (write ./handler)"
        case .commandHidden:
            "function.yaml: '/opt/tool' is no program that the container sees"
                + " (it sees the host's /usr and the function's files)"
        case .brokenManifest: "function.yaml:3: this is not valid YAML: did not find expected node content"
        case .largeManifest: "function.yaml: the manifest has more than 65536 bytes"
        }
    }

    private func manifest(_ text: String, _ fixture: CatalogFixture) throws {
        try fixture.dropScript("bad/handler", "x")
        try fixture.drop("bad/function.yaml", text, mode: 0o644)
    }

    private func header(_ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
        var bytes = try BuiltPrograms.bytes(.dynamic)
        change(&bytes)
        return bytes
    }
}
