internal import CLinux

/// Writes the frames that go to an exec slot.
package enum ExecFrameEncoder {
    /// Starts the command once, with additions to its environment and its standard input.
    package static func run(
        _ run: UInt32, environment: [(name: String, value: String)], standardInput: some Collection<UInt8>
    ) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeFrame(type: UInt8(GLO_FRAME_RUN), id: run) { body in
            body.write(counted: ByteWriter.block(environment.map { "\($0.name)=\($0.value)" }))
            body.write(raw: standardInput)
        }
        return writer.bytes
    }

    /// Ends the run early.
    package static func cancel(_ run: UInt32) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeFrame(type: UInt8(GLO_FRAME_CANCEL), id: run) { _ in }
        return writer.bytes
    }
}
