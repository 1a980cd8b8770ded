import CLinux
import Glibc
import FunctionModel
import LinuxSystem
import Testing

@testable import InitLink

/// A hostile init passes what is not what it says. Each contract gets each kind of descriptor, at each place of its
/// message.
@Suite("Odd descriptors", .timeLimit(.minutes(1)))
struct OddDescriptorTests {
    /// A place in the message of a contract.
    struct Place: CustomTestStringConvertible, Sendable {
        let contract: Contract
        let index: Int
        /// What is right at each of its places.
        let right: [ZooKind]
        /// As right as far as it can be told: it still has its peer.
        var asRight: [ZooKind] = []
        /// It may have been right when it was sent.
        var late: [ZooKind] = []

        var testDescription: String { "\(contract) \(index)" }

        var kind: DescriptorKind {
            switch contract {
            case .lambda: .listener
            case .http: .connection
            case .stdio: .stdio
            case .exec: .slots
            }
        }
    }

    static let places = Contract.allCases.flatMap { contract -> [Place] in
        switch contract {
        case .lambda: [Place(contract: .lambda, index: 0, right: [.tcpListener])]
        case .http:
            [
                Place(
                    contract: .http, index: 0, right: [.tcpConnection], asRight: [.tcpShutDown],
                    late: [.tcpNew, .tcpReset])
            ]
        case .stdio: (0...1).map { Place(contract: .stdio, index: $0, right: [.pipeWriting, .pipeReading]) }
        case .exec: (0...1).map { Place(contract: .exec, index: $0, right: [.unixStream, .unixStream]) }
        }
    }

    @Test("What is not what it should be ends its own worker", arguments: places, ZooKind.allCases)
    func everyKind(_ place: Place, _ odd: ZooKind) throws {
        try HubTests.withPeer { peer, log, connection in
            let directory = try InitUnderTest.makeDirectory()
            defer {
                unlink(directory + "/data")
                rmdir(directory)
            }
            var command = StartCommand(worker: 1, contract: place.contract, arguments: ["x"])
            command.slots = 2
            connection.start(command)
            var animals = try place.right.map { try ZooAnimal($0, in: directory) }
            animals[place.index] = try ZooAnimal(odd, in: directory)
            HubTests.send(FrameCodecTests.hello, to: peer)
            if place.contract == .http {
                HubTests.send(FrameCodecTests.frame(GLO_FRAME_STARTED, 1, [2, 0, 0, 0]), to: peer)
            }
            let port = animals[place.index].port
            let payload = [
                place.kind.rawValue, UInt8(animals.count), UInt8(port & 0xff), UInt8(port >> 8),
            ]
            HubTests.send(
                FrameCodecTests.frame(GLO_FRAME_DESCRIPTORS, 1, payload), animals.map(\.descriptor.raw), to: peer)
            if odd == place.right[place.index] || place.asRight.contains(odd) {
                let passed = try log.descriptors(of: 1)
                #expect(passed.count == animals.count)
                for descriptor in passed { #expect(isNonblocking(descriptor)) }
            } else if place.late.contains(odd) {
                // The server may have closed it meanwhile: that is said, and the worker goes on.
                let error = try log.first { if case .connectFailed(1, let error) = $0 { error } else { nil } }
                #expect(error == ECONNRESET)
            } else {
                #expect(try log.end()?.code == .protocolViolation)
                #expect(!log.all.contains { if case .descriptors = $0 { true } else { false } })
            }
        }
    }

    private func isNonblocking(_ descriptor: OwnedDescriptor) -> Bool {
        var facts = clinux_descriptor_facts()
        return clinux_look_at_descriptor(descriptor.raw, &facts) == 0 && facts.nonblocking
    }
}
