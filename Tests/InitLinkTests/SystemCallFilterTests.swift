import CLinux
import Glibc
import Testing

/// Runs a filter's instructions as the kernel does (bpf(2), seccomp(2)), for those that it has.
private struct FilterMachine {
    struct Call {
        var architecture: UInt32
        var number: UInt32
        var arguments: [UInt64] = []
    }

    struct Fault: Error {}

    let instructions: [sock_filter]

    init() {
        var room = [sock_filter](repeating: sock_filter(), count: Int(CLINUX_FILTER_MAX))
        let count = clinux_filter_program(&room)
        instructions = Array(room.prefix(count))
    }

    func run(_ call: Call) throws -> UInt32 {
        var accumulator: UInt32 = 0
        var position = 0
        while position < instructions.count {
            let instruction = instructions[position]
            position += 1
            switch instruction.code {
            // A word of `struct seccomp_data`: number, architecture, instruction pointer, six arguments.
            case 0x20: accumulator = try word(instruction.k, of: call)
            case 0x54: accumulator &= instruction.k
            case 0x15: position += Int(accumulator == instruction.k ? instruction.jt : instruction.jf)
            case 0x06: return instruction.k
            default: throw Fault()
            }
        }
        throw Fault()
    }

    private func word(_ offset: UInt32, of call: Call) throws -> UInt32 {
        switch offset {
        case 0: return call.number
        case 4: return call.architecture
        case 16..<64 where offset % 4 == 0:
            let index = Int(offset - 16) / 8
            let argument = index < call.arguments.count ? call.arguments[index] : 0
            return UInt32(truncatingIfNeeded: offset % 8 == 0 ? argument : argument >> 32)
        default: throw Fault()
        }
    }
}

@Suite("The filter of system calls")
struct SystemCallFilterTests {
    /// The machine of a call and its numbers, from the kernel's tables.
    struct Machine: CustomTestStringConvertible {
        let name: String
        let architecture: UInt32
        /// Bits of every number.
        var flag: UInt32 = 0
        let socket, socketpair, setsockopt, addKey, requestKey, keyctl, userfaultfd: UInt32
        var socketcall: UInt32?
        /// read, getpid, clone and futex, which every program needs.
        let ordinary: [UInt32]

        var testDescription: String { name }

        func call(_ number: UInt32, _ arguments: UInt64...) -> UInt32? {
            try? FilterMachine().run(
                .init(architecture: architecture, number: number | flag, arguments: arguments))
        }
    }

    static let machines = [
        Machine(
            name: "x86-64", architecture: 0xC000_003E, socket: 41, socketpair: 53, setsockopt: 54, addKey: 248,
            requestKey: 249, keyctl: 250, userfaultfd: 323, ordinary: [0, 39, 56, 202]),
        Machine(
            name: "x32", architecture: 0xC000_003E, flag: 0x4000_0000, socket: 41, socketpair: 53, setsockopt: 54,
            addKey: 248, requestKey: 249, keyctl: 250, userfaultfd: 323, ordinary: [0, 39, 56, 202]),
        Machine(
            name: "i386", architecture: 0x4000_0003, socket: 359, socketpair: 360, setsockopt: 366, addKey: 286,
            requestKey: 287, keyctl: 288, userfaultfd: 374, socketcall: 102, ordinary: [3, 20, 120, 240]),
        Machine(
            name: "arm64", architecture: 0xC000_00B7, socket: 198, socketpair: 199, setsockopt: 208, addKey: 217,
            requestKey: 218, keyctl: 219, userfaultfd: 282, ordinary: [63, 172, 220, 98]),
        Machine(
            name: "arm", architecture: 0x4000_0028, socket: 281, socketpair: 288, setsockopt: 294, addKey: 309,
            requestKey: 310, keyctl: 311, userfaultfd: 388, ordinary: [3, 20, 120, 240]),
    ]

    private static let allowed: UInt32 = 0x7fff_0000
    private static func refused(_ error: Int32) -> UInt32 { 0x0005_0000 | UInt32(error) }

    /// Unix, IPv4, IPv6 and netlink; the kernel has families up to 46.
    static let families: [UInt64] = [1, 2, 10, 16]

    @Test(
        "Every family of sockets but four is unknown, however the upper half of the argument looks",
        arguments: machines)
    func sockets(_ machine: Machine) {
        for family in UInt64(0)...64 {
            for upper in [UInt64(0), 1 << 32, UInt64(UInt32.max) << 32] {
                let isKnown = Self.families.contains(family)
                #expect(
                    machine.call(machine.socket, family | upper, 1 | 0x80000, upper)
                        == (isKnown ? Self.allowed : Self.refused(EAFNOSUPPORT)))
                #expect(
                    machine.call(machine.socketpair, family | upper, 1)
                        == (isKnown && family != 16 ? Self.allowed : Self.refused(EAFNOSUPPORT)))
            }
        }
    }

    @Test("Of netlink there are the routes, which the C library reads", arguments: machines)
    func netlink(_ machine: Machine) {
        for netlink in UInt64(0)...32 {
            #expect(
                machine.call(machine.socket, 16, 3, netlink | 1 << 40)
                    == (netlink == 0 ? Self.allowed : Self.refused(EPROTONOSUPPORT)))
        }
    }

    @Test("What is young or leads out is a call that this kernel does not have", arguments: machines)
    func missingCalls(_ machine: Machine) {
        var missing: [UInt32] = [
            425, 426, 427, machine.addKey, machine.requestKey, machine.keyctl, machine.userfaultfd,
        ]
        if let socketcall = machine.socketcall { missing.append(socketcall) }
        for number in missing { #expect(machine.call(number, 1, 2, 3) == Self.refused(ENOSYS), "\(number)") }
    }

    @Test("All else goes on to the engine's own filter", arguments: machines)
    func ordinaryCalls(_ machine: Machine) {
        let looked = [
            machine.socket, machine.socketpair, machine.setsockopt, machine.addKey, machine.requestKey, machine.keyctl,
            machine.userfaultfd, machine.socketcall ?? 425, 425, 426, 427,
        ]
        for number in machine.ordinary { #expect(machine.call(number, 40, 40, 40) == Self.allowed) }
        for number in UInt32(0)..<600 where !looked.contains(number) {
            #expect(machine.call(number, 40, 6, 31) == Self.allowed, "\(number)")
        }
    }

    @Test("A connection keeps its protocol; its other options are its owner's", arguments: machines)
    func socketOptions(_ machine: Machine) {
        #expect(machine.call(machine.setsockopt, 3, 6, 31) == Self.refused(ENOENT))
        #expect(machine.call(machine.setsockopt, 3, 6 | 1 << 32, 31 | 1 << 50) == Self.refused(ENOENT))
        for option in UInt64(0)...64 where option != 31 {
            #expect(machine.call(machine.setsockopt, 3, 6, option) == Self.allowed)
        }
        for level in [UInt64(0), 1, 17, 41] { #expect(machine.call(machine.setsockopt, 3, level, 31) == Self.allowed) }
    }

    @Test("A call of a machine that there cannot be ends the process")
    func otherMachines() throws {
        for architecture: UInt32 in [0, 0xC000_00F3, 0x8000_0016, .max] {
            let outcome = try FilterMachine().run(.init(architecture: architecture, number: 0))
            #expect(outcome == 0x8000_0000)
        }
    }
}
