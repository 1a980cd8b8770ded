import CLinux
import Glibc
import InitLink
import LinuxSystem

/// Waits until a descriptor has something or room.
func wait(_ descriptor: OwnedDescriptor, _ events: Int32, seconds: Int = 20) throws {
    var waiting = pollfd(fd: descriptor.raw, events: Int16(events), revents: 0)
    guard poll(&waiting, 1, Int32(seconds * 1000)) == 1 else { throw EventLog.TimedOut() }
}

/// Reads what comes next, empty at the end.
func readSome(_ descriptor: OwnedDescriptor, seconds: Int = 20) throws -> ArraySlice<UInt8> {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        try wait(descriptor, POLLIN, seconds: seconds)
        let count = buffer.withUnsafeMutableBytes { read(descriptor.raw, $0.baseAddress, $0.count) }
        if count >= 0 { return buffer[..<count] }
        guard clinux_errno() == EAGAIN else { return [] }
    }
}

/// Reads to the end.
func readAll(_ descriptor: OwnedDescriptor, seconds: Int = 20) throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
        let some = try readSome(descriptor, seconds: seconds)
        if some.isEmpty { return all }
        all.append(contentsOf: some)
    }
}

/// Writes everything to a non-blocking descriptor.
func writeAll(_ bytes: [UInt8], to descriptor: OwnedDescriptor) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
        try wait(descriptor, POLLOUT)
        let count = rest.withUnsafeBytes { write(descriptor.raw, $0.baseAddress, $0.count) }
        if count > 0 { rest = rest.dropFirst(count) } else if clinux_errno() != EAGAIN { throw EventLog.TimedOut() }
    }
}
