import NIOCore
import RedisClient

/// One `FCALL` in the making.
struct LibraryCall {
    let function: StaticString
    private(set) var command: RedisCommand

    init(_ function: StaticString, key: ByteBuffer, capacityBytes: Int = 256) {
        self.function = function
        command = RedisCommand("FCALL", capacityBytes: capacityBytes)
        command.append(function)
        command.append("1" as StaticString)
        command.append(key)
    }

    mutating func add(_ bytes: ByteBuffer) { command.append(bytes) }
    mutating func add(_ text: String) { command.append(text) }
    mutating func add(_ number: Int) { command.append(number) }
    mutating func add(_ name: String, _ number: Int) {
        command.append(name)
        command.append(number)
    }

    mutating func add(option name: StaticString, _ value: String?) {
        guard let value else { return }
        command.append(name)
        command.append(value)
    }

    mutating func add(option name: StaticString, _ value: Int?) {
        guard let value else { return }
        command.append(name)
        command.append(value)
    }

    mutating func add(option name: StaticString, _ value: ByteBuffer?) {
        guard let value else { return }
        command.append(name)
        command.append(value)
    }
}
