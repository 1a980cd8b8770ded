import CLibrary
import CLinux

/// Why a command could not be started: a stage GLO_STAGE_*, an `errno` and a sentence.
struct StartFailure: Error {
    let stage: Int32
    let systemError: Int32
    let message: [UInt8]

    init(_ stage: Int32, _ systemError: Int32, _ text: Text) {
        self.stage = stage
        self.systemError = systemError
        message = text.bytes.count > GLO_MESSAGE_MAX ? [UInt8](text.bytes.prefix(Int(GLO_MESSAGE_MAX))) : text.bytes
    }

    /// The words, a path, and the system's words for the error.
    init(_ stage: Int32, _ systemError: Int32, _ words: StaticString, path: [UInt8]) {
        var text = Text(words)
        text.append(" ")
        text.append(Self.shortened(path))
        self.init(stage, systemError, text.explained(by: systemError))
    }

    /// A path, what is wrong with it, and the system's words for the error.
    init(_ stage: Int32, _ systemError: Int32, path: [UInt8], _ words: StaticString) {
        var text = Text()
        text.append(Self.shortened(path))
        text.append(" ")
        text.append(words)
        self.init(stage, systemError, text.explained(by: systemError))
    }

    /// The words and the system's words for the error.
    init(_ stage: Int32, _ systemError: Int32, _ words: StaticString) {
        self.init(stage, systemError, Text(words).explained(by: systemError))
    }

    /// A long path must not push the reason out of the message.
    private static func shortened(_ path: [UInt8]) -> [UInt8] { [UInt8](path.prefix(512)) }
}
