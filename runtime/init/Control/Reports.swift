import CLibrary
import CLinux

extension ControlLink {
    func sendHello(mode: Int32) {
        send(GLO_FRAME_HELLO, worker: 0) { body in
            body.write(UInt32(GLO_PROTOCOL_MAGIC))
            body.write(UInt16(GLO_PROTOCOL_VERSION))
            body.write(UInt16(mode))
            body.write(getpid())
            body.write(getuid())
        }
    }

    /// Passes descriptors, which become the link's.
    func sendDescriptors(_ descriptors: [Int32], kind: Int32, worker: UInt32, port: UInt16 = 0) {
        send(GLO_FRAME_DESCRIPTORS, worker: worker, descriptors: descriptors) { body in
            body.write(UInt8(kind))
            body.write(UInt8(descriptors.count))
            body.write(port)
        }
    }

    func sendStarted(worker: UInt32, pid: pid_t) {
        send(GLO_FRAME_STARTED, worker: worker) { $0.write(pid) }
    }

    func sendStartFailed(worker: UInt32, _ failure: StartFailure) {
        send(GLO_FRAME_START_FAILED, worker: worker) { body in
            body.write(UInt8(failure.stage))
            body.write(UInt8(0))
            body.write(UInt16(0))
            body.write(failure.systemError)
            body.bytes.append(contentsOf: failure.message)
        }
    }

    func sendExited(worker: UInt32, _ outcome: Outcome) {
        send(GLO_FRAME_EXITED, worker: worker) { outcome.write(to: &$0, stage: 0) }
    }

    func sendConnectFailed(worker: UInt32, error: Int32) {
        send(GLO_FRAME_CONNECT_FAILED, worker: worker) { $0.write(error) }
    }

    func sendLog(worker: UInt32, stream: Int32, run: UInt32, _ line: UnsafeRawBufferPointer, continues: Bool) {
        send(GLO_FRAME_LOG, worker: worker) { body in
            body.write(UInt8(stream))
            body.write(UInt8(continues ? 1 : 0))
            body.write(UInt16(0))
            body.write(run)
            body.write(raw: line)
        }
    }

    func sendLogDropped(worker: UInt32, lines: UInt64, bytes: UInt64) {
        send(GLO_FRAME_LOG_DROPPED, worker: worker) { body in
            body.write(lines)
            body.write(bytes)
        }
    }
}
