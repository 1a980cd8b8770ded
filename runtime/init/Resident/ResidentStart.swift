import CLibrary
import CLinux

/// Starts a lambda, http or stdio worker.
struct ResidentStart {
    /// Connections that wait for the controller or the handler: it must exceed what a burst brings.
    private static let backlog: Int32 = 256
    private static let firstLambdaPort: UInt16 = 9001
    private static let firstHTTPPort: UInt16 = 8080

    let id: UInt32
    let request: StartRequest
    let context: InitContext
    /// Ports of the workers that live.
    let takenPorts: [UInt16]

    func run() throws(StartFailure) -> ResidentWorker {
        let command = try Command(request)
        try SecretFiles(directory: request.secretsDirectory).write(request.secrets)
        switch request.contract {
        case GLO_CONTRACT_LAMBDA: return try startLambda(command)
        case GLO_CONTRACT_HTTP: return try startHTTP(command)
        default: return try startStdio(command)
        }
    }

    private func startLambda(_ command: Command) throws(StartFailure) -> ResidentWorker {
        var port = request.port != 0 ? request.port : firstFreePort(from: Self.firstLambdaPort)
        var listener = Descriptor(owning: clinux_listen_loopback(&port, Self.backlog))
        var error = clinux_errno()
        // Another program of the container may have the port.
        while !listener.isOpen, error == EADDRINUSE, request.port == 0, port != 0, port < Self.firstLambdaPort + 999 {
            port += 1
            listener = Descriptor(owning: clinux_listen_loopback(&port, Self.backlog))
            error = clinux_errno()
        }
        guard listener.isOpen else {
            throw StartFailure(GLO_STAGE_DESCRIPTORS, error, "cannot listen for the handler on 127.0.0.1")
        }
        context.control.sendDescriptors([listener.take()], kind: GLO_DESCRIPTORS_LISTENER, worker: id, port: port)
        var variable = Text("AWS_LAMBDA_RUNTIME_API=127.0.0.1:")
        variable.append(decimal: Int(port))
        return try spawn(command, additions: StringBlock(single: variable), port: port, isServer: false)
    }

    private func startHTTP(_ command: Command) throws(StartFailure) -> ResidentWorker {
        let port = request.port != 0 ? request.port : firstFreePort(from: Self.firstHTTPPort)
        guard port != 0 else {
            throw StartFailure(GLO_STAGE_DESCRIPTORS, EADDRINUSE, "no port is free for the handler on 127.0.0.1")
        }
        var variable = Text("PORT=")
        variable.append(decimal: Int(port))
        let worker = try spawn(command, additions: StringBlock(single: variable), port: port, isServer: true)
        return worker
    }

    /// Both its streams go to the controller, only stderr stays here.
    private func startStdio(_ command: Command) throws(StartFailure) -> ResidentWorker {
        var input = try Pipe()
        var output = try Pipe()
        var error = try Pipe()
        _ = clinux_set_nonblocking(input.writeEnd.raw)
        _ = clinux_set_nonblocking(output.readEnd.raw)
        context.control.sendDescriptors(
            [input.writeEnd.take(), output.readEnd.take()], kind: GLO_DESCRIPTORS_STDIO, worker: id)
        let pid = try command.spawn(
            additions: StringBlock(),
            streams: .init(input: input.readEnd.raw, output: output.writeEnd.raw, error: error.writeEnd.raw),
            diesWithParent: context.mode == GLO_MODE_PROCESS)
        let log = LogSink(worker: id, request: request, context: context)
        let outputs = [OutputPipe(error.takeReadEnd(), stream: GLO_STREAM_STDERR, log: log)]
        return ResidentWorker(
            id: id, port: 0, pid: pid, connector: nil, outputs: outputs, log: log, context: context)
    }

    /// lambda and http: nothing to read, both outputs are log.
    private func spawn(
        _ command: Command, additions: StringBlock, port: UInt16, isServer: Bool
    ) throws(StartFailure) -> ResidentWorker {
        let nothing = Descriptor(owning: clinux_open("/dev/null", O_RDONLY, 0))
        guard nothing.isOpen else {
            throw StartFailure(GLO_STAGE_DESCRIPTORS, clinux_errno(), "cannot open /dev/null")
        }
        var output = try Pipe()
        var error = try Pipe()
        let pid = try command.spawn(
            additions: additions,
            streams: .init(input: nothing.raw, output: output.writeEnd.raw, error: error.writeEnd.raw),
            diesWithParent: context.mode == GLO_MODE_PROCESS)
        let log = LogSink(worker: id, request: request, context: context)
        let outputs = [
            OutputPipe(output.takeReadEnd(), stream: GLO_STREAM_STDOUT, log: log),
            OutputPipe(error.takeReadEnd(), stream: GLO_STREAM_STDERR, log: log),
        ]
        return ResidentWorker(
            id: id, port: port, pid: pid,
            connector: isServer ? HTTPConnector(worker: id, port: port, context: context) : nil, outputs: outputs,
            log: log, context: context)
    }

    /// In a container the ports count up from the first; elsewhere others use ports too, so the system chooses.
    private func firstFreePort(from first: UInt16) -> UInt16 {
        if context.mode == GLO_MODE_PROCESS {
            return first == Self.firstLambdaPort ? 0 : clinux_free_loopback_port()
        }
        var port = first
        while takenPorts.contains(port) { port += 1 }
        return port
    }
}
