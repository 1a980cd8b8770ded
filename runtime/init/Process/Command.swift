import CLibrary
import CLinux

/// A command that has been found and can be started again and again.
final class Command {
    /// The three standard streams of a process; they stay the caller's.
    struct Streams {
        let input: Int32
        let output: Int32
        let error: Int32
    }

    private let arguments: StringBlock
    private let environment: StringBlock
    private let directory: Descriptor
    /// The program's path, relative to the directory when it does not start with '/'.
    private let program: [UInt8]

    /// Enters the directory, so to speak, and finds the program.
    init(_ request: StartRequest) throws(StartFailure) {
        arguments = request.arguments
        environment = request.environment
        directory = Descriptor(owning: clinux_open_place(Text.cString(request.workingDirectory)))
        let failed = clinux_errno()
        guard directory.isOpen else {
            throw StartFailure(
                GLO_STAGE_DIRECTORY, failed, "cannot enter the working directory", path: request.workingDirectory)
        }
        let search = request.environment.value(of: "PATH") ?? Text("/usr/local/bin:/usr/bin:/bin").bytes
        program = try ProgramSearch(directory: directory.raw, path: search).find(request.arguments[0])
    }

    /// Starts a process with additions to the environment, which replace variables of the same name.
    func spawn(additions: StringBlock, streams: Streams, diesWithParent: Bool) throws(StartFailure) -> pid_t {
        var stage: Int32 = 0
        var error: Int32 = 0
        let path = Text.cString(program)
        let pid = withPointers(arguments, StringBlock()) { argumentPointers in
            withPointers(environment, additions) { environmentPointers in
                path.withUnsafeBufferPointer { path in
                    var request = clinux_spawn_request()
                    request.path = path.baseAddress
                    request.arguments = UnsafePointer(argumentPointers)
                    request.environment = UnsafePointer(environmentPointers)
                    request.directory = directory.raw
                    request.standard_input = streams.input
                    request.standard_output = streams.output
                    request.standard_error = streams.error
                    request.dies_with_parent = diesWithParent
                    return clinux_spawn(&request, &stage, &error)
                }
            }
        }
        if pid > 0 { return pid }
        throw failure(stage, error)
    }

    private typealias Pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    /// Lends the strings as C wants them: pointers, NULL last. Those of `base` that `over` sets anew are left out.
    private func withPointers<Result>(_ base: StringBlock, _ over: StringBlock, _ body: (Pointers) -> Result) -> Result
    {
        let pointers = Pointers.allocate(capacity: base.count + over.count + 1)
        defer { pointers.deallocate() }
        return base.bytes.withUnsafeBytes { baseBytes in
            over.bytes.withUnsafeBytes { overBytes in
                var count = 0
                for start in base.starts where !over.setsSameVariable(as: base, at: start) {
                    pointers[count] = Self.pointer(baseBytes, start)
                    count += 1
                }
                for start in over.starts {
                    pointers[count] = Self.pointer(overBytes, start)
                    count += 1
                }
                pointers[count] = nil
                return body(pointers)
            }
        }
    }

    private static func pointer(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> UnsafeMutablePointer<CChar>? {
        bytes.baseAddress.map { UnsafeMutablePointer(mutating: ($0 + start).assumingMemoryBound(to: CChar.self)) }
    }

    private func failure(_ stage: Int32, _ error: Int32) -> StartFailure {
        switch UInt32(bitPattern: stage) {
        case CLINUX_SPAWN_PROCESS.rawValue:
            return StartFailure(GLO_STAGE_PROCESS, error, "cannot make a process for", path: program)
        case CLINUX_SPAWN_SETUP.rawValue:
            return StartFailure(GLO_STAGE_PROCESS, error, "cannot prepare the process for", path: program)
        case CLINUX_SPAWN_DIRECTORY.rawValue:
            return StartFailure(GLO_STAGE_DIRECTORY, error, "cannot enter the working directory of", path: program)
        default: return executionFailure(error)
        }
    }

    private func executionFailure(_ error: Int32) -> StartFailure {
        switch error {
        case ENOENT:
            // The file itself was found, so it is what it asks for that is missing.
            StartFailure(GLO_STAGE_EXECUTE, error, path: program, "names an interpreter or loader that is missing")
        case ENOEXEC:
            StartFailure(
                GLO_STAGE_EXECUTE, error, path: program,
                "is neither a program for this machine nor a script that starts with #!")
        case E2BIG: StartFailure(GLO_STAGE_EXECUTE, error, path: program, "has too long arguments and environment")
        case ETXTBSY: StartFailure(GLO_STAGE_EXECUTE, error, path: program, "is still open for writing")
        default: StartFailure(GLO_STAGE_EXECUTE, error, "cannot execute", path: program)
        }
    }
}
