import FunctionModel
import Testing

@testable import WorkerProtocol

@Suite("Which connection carries which invocation")
struct HTTPWorkerStateMachineTests {
    @Test(
        "Whatever servers and callers do, each invocation is carried once and connections are bounded",
        arguments: 0..<20)
    func random(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let concurrency = Int(seed % 4) + 1
        var machine = HTTPWorkerStateMachine<UInt64>(concurrency: concurrency)
        var open: Set<InvocationID> = []
        var carrying: [Int: UInt64] = [:]
        var connections: Set<Int> = []
        var requested = 0
        var lastID: UInt64 = 0
        var lastConnection = 0
        func note(_ action: HTTPWorkerStateMachine<UInt64>.Action) {
            if action.connect { requested += 1 }
            guard let send = action.send else { return }
            #expect(connections.contains(send.connection))
            #expect(carrying[send.connection] == nil)
            #expect(!carrying.values.contains(send.payload))
            carrying[send.connection] = send.payload
        }
        for _ in 0..<3000 {
            switch Int.random(in: 0..<7, using: &generator) {
            case 0, 1:
                guard open.count < concurrency else { continue }
                lastID += 1
                open.insert(Sample.id(lastID))
                note(machine.invoke(Sample.id(lastID), lastID))
            case 2:
                guard requested > 0 else { continue }
                requested -= 1
                lastConnection += 1
                guard connections.count < concurrency else {
                    #expect(machine.connected(lastConnection) == nil)
                    continue
                }
                connections.insert(lastConnection)
                if let action = machine.connected(lastConnection) { note(action) }
            case 3:
                guard let (connection, number) = carrying.first else { continue }
                carrying[connection] = nil
                open.remove(Sample.id(number))
                note(machine.responded(on: connection))
            case 4:
                guard let connection = connections.randomElement(using: &generator) else { continue }
                connections.remove(connection)
                let number = carrying.removeValue(forKey: connection)
                if let number, Bool.random(using: &generator) {
                    note(machine.retry(Sample.id(number), number, insteadOf: connection))
                } else {
                    if let number { open.remove(Sample.id(number)) }
                    note(machine.closed(connection))
                }
            case 5:
                guard requested > 0, Bool.random(using: &generator) else { continue }
                requested -= 1
                for id in machine.connectFailed() { #expect(open.remove(id) != nil) }
            default:
                guard let id = open.randomElement(using: &generator) else { continue }
                switch machine.cancel(id) {
                case .nothing: Issue.record("an open invocation is known")
                case .finished: open.remove(id)
                case .close(let connection):
                    open.remove(id)
                    carrying[connection] = nil
                    connections.remove(connection)
                    note(machine.closed(connection))
                }
            }
            #expect(machine.connectionCount == connections.count)
            #expect(machine.connectionCount + machine.requestedCount <= concurrency)
            #expect(machine.runningCount == carrying.count)
            #expect(machine.runningCount + machine.waitingCount == open.count)
            #expect(machine.requestedCount == requested)
            // Nothing waits for ever: a connection is open for it, or asked for.
            #expect(machine.waitingCount == 0 || machine.runningCount + machine.requestedCount > 0)
        }
    }
}
