internal import CLinux
internal import FunctionModel

/// Writes the control frames that go to init.
package enum InitCommandEncoder {
    package static func start(_ command: StartCommand) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeFrame(type: UInt8(GLO_FRAME_START), id: command.worker) { body in
            body.write(contractCode(command.contract))
            body.write(UInt8(0))
            body.write(command.port)
            body.write(UInt16(command.effectiveSlots))
            body.write(UInt16(0))
            body.write(UInt32(clamping: command.connectTimeoutMilliseconds))
            body.write(UInt32(clamping: command.logBytesPerSecond))
            body.write(UInt32(min(max(command.logLineBytes, 1), Int(GLO_LOG_LINE_LIMIT))))
            body.write(counted: ByteWriter.block(command.arguments))
            body.write(counted: ByteWriter.block(command.environment.map { "\($0.name)=\($0.value)" }))
            body.write(counted: Array(command.workingDirectory.utf8))
            body.write(counted: Array(command.secretsDirectory.utf8))
            body.write(UInt32(clamping: command.secrets.count))
            for secret in command.secrets {
                body.write(counted: Array(secret.name.utf8))
                body.write(counted: secret.contents)
            }
        }
        return writer.bytes
    }

    /// Signals the worker's process group.
    package static func signal(worker: UInt32, signal: Int32) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeFrame(type: UInt8(GLO_FRAME_SIGNAL), id: worker) { $0.write(signal) }
        return writer.bytes
    }

    /// Asks an http worker for one more connection.
    package static func connect(worker: UInt32, timeoutMilliseconds: Int) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeFrame(type: UInt8(GLO_FRAME_CONNECT), id: worker) {
            $0.write(UInt32(clamping: timeoutMilliseconds))
        }
        return writer.bytes
    }

    /// SIGTERM, and SIGKILL after the grace.
    package static func stop(worker: UInt32, graceMilliseconds: Int) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeFrame(type: UInt8(GLO_FRAME_STOP), id: worker) { $0.write(UInt32(clamping: graceMilliseconds)) }
        return writer.bytes
    }

    /// The frame with which the lifeline travels.
    package static func lifeline() -> [UInt8] {
        var writer = ByteWriter()
        writer.writeFrame(type: UInt8(GLO_FRAME_LIFELINE), id: 0) { _ in }
        return writer.bytes
    }

    static func contractCode(_ contract: Contract) -> UInt8 {
        switch contract {
        case .lambda: UInt8(GLO_CONTRACT_LAMBDA)
        case .http: UInt8(GLO_CONTRACT_HTTP)
        case .exec: UInt8(GLO_CONTRACT_EXEC)
        case .stdio: UInt8(GLO_CONTRACT_STDIO)
        }
    }
}
