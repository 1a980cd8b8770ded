import CLibrary
import CLinux

/// Reads a slot's frames piece by piece: standard input passes through, only the environment is held.
struct SlotDecoder {
    enum Event {
        /// Nothing more can be said without more bytes.
        case needsBytes
        case run(id: UInt32, environment: StringBlock, inputLength: Int)
        /// Standard input of the last run: this part of the chunk.
        case input(Range<Int>)
        /// Standard input of the last run is complete.
        case inputEnd
        case cancel(id: UInt32)
        case violation
    }

    private enum Phase {
        case header
        case environmentLength
        case environment(length: Int)
        case input
        case broken
    }

    private var phase = Phase.header
    private var held: [UInt8] = []
    private var id: UInt32 = 0
    /// Bytes of the present frame's payload that have not come yet.
    private var payloadLeft = 0

    /// Goes on at `offset` of the chunk, which moves.
    mutating func next(_ chunk: UnsafeRawBufferPointer, _ offset: inout Int) -> Event {
        while true {
            switch phase {
            case .header:
                guard collect(Int(GLO_FRAME_HEADER_LENGTH), chunk, &offset) else { return .needsBytes }
                if let event = takeHeader() { return event }
            case .environmentLength:
                guard collect(4, chunk, &offset) else { return .needsBytes }
                var reader = ByteReader(held)
                let length = Int(reader.readUInt32() ?? 0)
                held = []
                payloadLeft -= 4
                guard length <= payloadLeft, length <= Int(GLO_RUN_ENVIRONMENT_MAX) else { return broken() }
                phase = .environment(length: length)
            case .environment(let length):
                guard collect(length, chunk, &offset) else { return .needsBytes }
                guard let environment = StringBlock(held) else { return broken() }
                held = []
                payloadLeft -= length
                phase = .input
                return .run(id: id, environment: environment, inputLength: payloadLeft)
            case .input: return takeInput(chunk, &offset)
            case .broken: return .violation
            }
        }
    }

    private mutating func takeHeader() -> Event? {
        var reader = ByteReader(held)
        held = []
        guard let length = reader.readUInt32(), let type = reader.readUInt8(), let flags = reader.readUInt8(),
            let reserved = reader.readUInt16(), let id = reader.readUInt32(), flags == 0, reserved == 0, id != 0
        else { return broken() }
        switch Int32(type) {
        case GLO_FRAME_RUN where length >= 4 && length <= UInt32(GLO_RUN_PAYLOAD_MAX):
            self.id = id
            payloadLeft = Int(length)
            phase = .environmentLength
            return nil
        case GLO_FRAME_CANCEL where length == 0: return .cancel(id: id)
        default: return broken()
        }
    }

    private mutating func takeInput(_ chunk: UnsafeRawBufferPointer, _ offset: inout Int) -> Event {
        if payloadLeft == 0 {
            phase = .header
            return .inputEnd
        }
        let count = min(payloadLeft, chunk.count - offset)
        if count == 0 { return .needsBytes }
        defer {
            offset += count
            payloadLeft -= count
        }
        return .input(offset..<offset + count)
    }

    private mutating func collect(_ count: Int, _ chunk: UnsafeRawBufferPointer, _ offset: inout Int) -> Bool {
        let more = min(count - held.count, chunk.count - offset)
        held.append(contentsOf: chunk[offset..<offset + more])
        offset += more
        return held.count == count
    }

    private mutating func broken() -> Event {
        phase = .broken
        held = []
        return .violation
    }
}
