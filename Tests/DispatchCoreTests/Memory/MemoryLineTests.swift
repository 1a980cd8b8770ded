import DispatchCore
import Testing

@Suite struct MemoryLineTests {
    private func drain(_ line: inout MemoryLine<Int>) -> [Int] {
        var served: [Int] = []
        while case .granted(let claimant) = line.next() { served.append(claimant) }
        return served
    }

    @Test("Who fits has memory at once; who needs more than there is in all never has")
    func granted() {
        var line = MemoryLine<Int>(limitBytes: 100)
        let answers = [line.request(1, bytes: 60), line.request(2, bytes: 40), line.request(3, bytes: 101)]
        #expect(answers == [.granted, .granted, .impossible])
        #expect(line.waitingCount == 0)
    }

    @Test("Who fits once containers that are being ended are gone waits for them, and nothing more is ended for him")
    func waits() {
        var line = MemoryLine<Int>(limitBytes: 100)
        _ = line.request(1, bytes: 100)
        line.returns(100)
        let answers = [line.request(2, bytes: 50), line.request(3, bytes: 50)]
        #expect(answers == [.waits, .waits])
        #expect(drain(&line).isEmpty)
        line.returned(100)
        #expect(drain(&line) == [2, 3])
        #expect(line.budget.freeBytes == 0)
    }

    @Test("A burst asks for what each lacks beyond those before, and all are served once that came back")
    func burst() {
        var line = MemoryLine<Int>(limitBytes: 150)
        for idle in 0..<10 { _ = line.request(idle, bytes: 10) }
        var short: [Int] = []
        for call in 100..<114 {
            switch line.request(call, bytes: 10) {
            case .granted, .waits: break
            case .short(let bytes):
                #expect(bytes == 10)
                short.append(call)
            case .impossible: Issue.record("it fits")
            }
        }
        #expect(short == Array(105..<114))
        for call in short {
            line.returns(10)
            let stays = line.looked(for: call)
            #expect(stays)
        }
        var served: [Int] = []
        for _ in short {
            line.returned(10)
            served += drain(&line)
        }
        #expect(served == short)
    }

    @Test("Who is told that no more can be ended leaves the line, and those behind have their turn")
    func refused() {
        var line = MemoryLine<Int>(limitBytes: 100)
        _ = line.request(1, bytes: 70)
        let large = line.request(2, bytes: 80)
        let small = line.request(3, bytes: 30)
        #expect(large == .short(bytes: 50) && small == .short(bytes: 30))
        #expect(drain(&line).isEmpty)
        let stays = line.looked(for: 2)
        #expect(!stays)
        #expect(drain(&line) == [3])
    }

    @Test("Who leaves makes room for those behind, once")
    func withdrawn() {
        var line = MemoryLine<Int>(limitBytes: 100)
        _ = line.request(1, bytes: 100)
        line.returns(100)
        _ = line.request(2, bytes: 100)
        _ = line.request(3, bytes: 100)
        let left = [line.withdraw(2), line.withdraw(2)]
        #expect(left == [true, false])
        line.returned(100)
        #expect(drain(&line) == [3])
    }

    @Test("What nobody waits for takes nothing while somebody does")
    func spares() {
        var line = MemoryLine<Int>(limitBytes: 100)
        _ = line.request(1, bytes: 60)
        let first = line.reserve(20)
        _ = line.request(2, bytes: 50)
        let second = line.reserve(10)
        #expect(first && !second)
    }

    @Test("Who came while another was looked for, and counted on that one's memory too, is looked for in his turn")
    func overlapping() {
        var line = MemoryLine<Int>(limitBytes: 20)
        _ = line.request(1, bytes: 10)
        _ = line.request(2, bytes: 10)
        let first = line.request(3, bytes: 10)
        // The one that is given up for it is being ended, and the answer that nothing else is comes after that.
        line.returns(10)
        let second = line.request(4, bytes: 10)
        #expect(first == .short(bytes: 10) && second == .waits)
        let stays = line.looked(for: 3)
        #expect(stays && line.next() == .short(4, bytes: 10) && line.next() == nil)
    }

    @Test("Whatever overlaps, nobody waits once all has been looked for and all has come back", arguments: 0..<200)
    func interleaved(seed: UInt64) {
        var model = Model(seed: seed)
        for _ in 0..<400 { model.step() }
        model.settle()
        #expect(model.line.waitingCount == 0, "\(model.waiting)")
        #expect(model.line.returningBytes == 0)
        #expect(model.line.budget.reservedBytes == model.held.values.reduce(0, +))
    }

    /// Who needs memory, who is asked for it, and who ends containers, each at his own pace.
    private struct Model {
        var random: SplitMix64
        var line = MemoryLine<Int>(limitBytes: 100)
        var held: [Int: Int] = [:]
        var waiting: [Int: Int] = [:]
        private var asked: [(claimant: Int, bytes: Int)] = []
        private var answers: [Int] = []
        private var ending: [Int] = []
        private var last = 0

        init(seed: UInt64) { random = SplitMix64(seed: seed) }

        mutating func step() {
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1, 2: request(Int.random(in: 1...40, using: &random))
            case 3: look(gives: Bool.random(using: &random))
            case 4: answer()
            case 5: endOne()
            case 6: comeBack()
            default: withdraw()
            }
        }

        mutating func settle() {
            while !asked.isEmpty || !answers.isEmpty || !ending.isEmpty {
                look(gives: Bool.random(using: &random))
                answer()
                comeBack()
            }
        }

        private mutating func request(_ bytes: Int) {
            last += 1
            switch line.request(last, bytes: bytes) {
            case .granted: held[last] = bytes
            case .waits: waiting[last] = bytes
            case .short(let short):
                waiting[last] = bytes
                asked.append((last, short))
            case .impossible: Issue.record("\(bytes) of 100 is possible")
            }
        }

        /// Ends what the first who was asked for lacks; that all has been looked for is told later.
        private mutating func look(gives: Bool) {
            guard !asked.isEmpty else { return }
            let (claimant, bytes) = asked.removeFirst()
            var freed = 0
            for victim in held.keys.sorted() where gives && freed < bytes {
                freed += held[victim] ?? 0
                end(victim)
            }
            answers.append(claimant)
        }

        private mutating func answer() {
            guard !answers.isEmpty else { return }
            let claimant = answers.removeFirst()
            if !line.looked(for: claimant) { waiting[claimant] = nil }
            serve()
        }

        private mutating func endOne() {
            if let victim = held.keys.sorted().randomElement(using: &random) { end(victim) }
        }

        private mutating func end(_ victim: Int) {
            guard let bytes = held.removeValue(forKey: victim) else { return }
            line.returns(bytes)
            ending.append(bytes)
        }

        private mutating func comeBack() {
            guard !ending.isEmpty else { return }
            line.returned(ending.removeFirst())
            serve()
        }

        private mutating func withdraw() {
            guard let claimant = waiting.keys.sorted().randomElement(using: &random) else { return }
            let left = line.withdraw(claimant)
            #expect(left)
            waiting[claimant] = nil
            serve()
        }

        private mutating func serve() {
            while let turn = line.next() {
                switch turn {
                case .granted(let claimant): held[claimant] = waiting.removeValue(forKey: claimant)
                case .short(let claimant, let bytes): asked.append((claimant, bytes))
                }
            }
        }
    }

    @Test("Whatever happens, nobody waits for memory that will not come, and the sum is kept", arguments: 0..<50)
    func random(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var line = MemoryLine<Int>(limitBytes: 100)
        var held: [Int: Int] = [:]
        var ending: [Int] = []
        var bytes: [Int: Int] = [:]
        var waiting: Set<Int> = []
        for id in 0..<400 {
            let size = Int.random(in: 1...40, using: &random)
            bytes[id] = size
            switch line.request(id, bytes: size) {
            case .granted: held[id] = size
            case .waits: waiting.insert(id)
            case .impossible: Issue.record("\(size) of 100 is possible")
            case .short(let short):
                waiting.insert(id)
                var freed = 0
                for victim in held.keys.sorted() where freed < short && Bool.random(using: &random) {
                    let size = held.removeValue(forKey: victim) ?? 0
                    line.returns(size)
                    ending.append(size)
                    freed += size
                }
                if !line.looked(for: id) { waiting.remove(id) }
            }
            if Int.random(in: 0..<10, using: &random) == 0, let one = waiting.randomElement(using: &random) {
                let left = line.withdraw(one)
                #expect(left)
                waiting.remove(one)
            }
            if Bool.random(using: &random), let size = ending.popLast() { line.returned(size) }
            for next in drain(&line) {
                waiting.remove(next)
                held[next] = bytes[next]
            }
            #expect(line.waitingCount == waiting.count)
            #expect(line.budget.reservedBytes == held.values.reduce(0, +) + ending.reduce(0, +))
        }
        for size in ending { line.returned(size) }
        for next in drain(&line) { waiting.remove(next) }
        #expect(waiting.isEmpty)
    }
}
