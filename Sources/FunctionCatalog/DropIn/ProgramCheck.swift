import LinuxSystem

/// Whether one file can be executed in its container.
struct ProgramCheck {
    let tree: SourceTree
    let machine: MachineArchitecture
    let container: ContainerView

    func problems(of path: String, in directory: borrowing FileDescriptor) throws(SystemCallError)
        -> [CatalogProblem]
    {
        guard let file = tree.file(path) else { return [] }
        guard file.status.size > 0 else {
            return [CatalogProblem(.emptyFile, "it is empty", hint: "was the copy broken off?", path: path)]
        }
        guard file.isExecutable else {
            return [CatalogProblem(.notExecutable, "it is not executable", hint: "chmod +x \(path)", path: path)]
        }
        let descriptor = try directory.open(beneath: path)
        switch try ELFCheck.check(descriptor, size: file.status.size, machine: machine, path) {
        case .notELF:
            return script(try descriptor.bytes(count: ScriptLine.limit + 1, path), path)
        case .good(let interpreter):
            return loader(interpreter, path)
        case .truncated(let detail):
            return [
                CatalogProblem(
                    .truncated, "the program is cut off: \(detail)", hint: "copy it again, whole", path: path)
            ]
        case .wrongArchitecture(let found):
            return [
                CatalogProblem(
                    .wrongArchitecture, "it is \(found), and this machine is \(machine.name)",
                    hint: "build it for linux/\(machine.name)", path: path)
            ]
        case .unusable(let found):
            return [CatalogProblem(.unknownFormat, "it is \(found)", hint: "drop a linked program", path: path)]
        }
    }

    private func script(_ bytes: [UInt8], _ path: String) -> [CatalogProblem] {
        switch ScriptLine.read(bytes) {
        case .notScript:
            return [
                CatalogProblem(
                    .unknownFormat, "it is neither an ELF program nor a script that begins with #!",
                    hint: "a script's first line is #!/usr/bin/env NAME", path: path)
            ]
        case .broken(let message, let hint):
            return [CatalogProblem(.interpreterMissing, message, hint: hint, path: path, line: 1)]
        case .script(let line):
            return interpreter(line, path)
        }
    }

    private func interpreter(_ line: ScriptLine, _ path: String) -> [CatalogProblem] {
        guard has(line.interpreter) else { return [missing("the interpreter \(line.interpreter)", path, line: 1)] }
        guard let name = line.environmentName else { return [] }
        if name.hasPrefix("/") ? has(name) : container.find(name) != nil { return [] }
        return [missing("'\(name)', which env is to run,", path, line: 1)]
    }

    /// The dynamic loader, without which the kernel says that the program itself does not exist.
    private func loader(_ interpreter: String?, _ path: String) -> [CatalogProblem] {
        guard let interpreter, !has(interpreter) else { return [] }
        return [missing("the program's loader \(interpreter)", path, line: nil)]
    }

    private func has(_ path: String) -> Bool {
        let prefix = "\(FunctionInspector.taskDirectory)/"
        guard path.hasPrefix(prefix) else { return container.hasProgram(path) }
        switch tree.place(of: String(path.dropFirst(prefix.count))) {
        case .file(let file): return file.isExecutable
        case .system(let program): return container.hasProgram(program)
        case .nothing: return false
        }
    }

    private func missing(_ what: String, _ path: String, line: Int?) -> CatalogProblem {
        CatalogProblem(
            .interpreterMissing, "\(what) is not in the container",
            hint: "install it on this host below /usr, link statically, or name an image: that has it", path: path,
            line: line)
    }
}
