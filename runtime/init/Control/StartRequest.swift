import CLibrary
import CLinux

/// The payload of a START frame.
struct StartRequest {
    struct Secret {
        let name: [UInt8]
        let contents: [UInt8]
    }

    let contract: Int32
    let port: UInt16
    let slots: Int
    let connectTimeoutMilliseconds: Int
    let logBytesPerSecond: Int
    let logLineBytes: Int
    let arguments: StringBlock
    let environment: StringBlock
    let workingDirectory: [UInt8]
    let secretsDirectory: [UInt8]
    let secrets: [Secret]

    /// Nil when the payload is not what the protocol says.
    init?(_ payload: [UInt8]) {
        var reader = ByteReader(payload)
        guard let contract = reader.readUInt8(), reader.readUInt8() == 0, let port = reader.readUInt16(),
            let slots = reader.readUInt16(), reader.readUInt16() == 0, let connectTimeout = reader.readUInt32(),
            let logRate = reader.readUInt32(), let logLine = reader.readUInt32(),
            let arguments = reader.readCounted().flatMap({ StringBlock($0) }), arguments.count > 0,
            let environment = reader.readCounted().flatMap({ StringBlock($0) }),
            let directory = reader.readCounted(), let secretsDirectory = reader.readCounted(),
            let secretCount = reader.readUInt32()
        else { return nil }
        guard (GLO_CONTRACT_LAMBDA...GLO_CONTRACT_STDIO).contains(Int32(contract)),
            (1...UInt32(GLO_LOG_LINE_LIMIT)).contains(logLine),
            Int32(contract) == GLO_CONTRACT_EXEC ? (1...UInt16(GLO_SLOTS_MAX)).contains(slots) : slots == 0
        else { return nil }
        var secrets: [Secret] = []
        for _ in 0..<secretCount {
            guard let name = reader.readCounted(), let contents = reader.readCounted(), Self.isFileName(name)
            else { return nil }
            secrets.append(Secret(name: name, contents: contents))
        }
        guard reader.isAtEnd, !directory.isEmpty, !directory.contains(0), !secretsDirectory.contains(0)
        else { return nil }
        self.contract = Int32(contract)
        self.port = port
        self.slots = Int(slots)
        connectTimeoutMilliseconds = Int(connectTimeout)
        logBytesPerSecond = Int(logRate)
        logLineBytes = Int(logLine)
        self.arguments = arguments
        self.environment = environment
        workingDirectory = directory
        self.secretsDirectory = secretsDirectory
        self.secrets = secrets
    }

    private static func isFileName(_ name: [UInt8]) -> Bool {
        guard let first = name.first, first != UInt8(ascii: "."), name.count <= 255 else { return false }
        for byte in name where byte == 0 || byte == UInt8(ascii: "/") { return false }
        return true
    }
}
