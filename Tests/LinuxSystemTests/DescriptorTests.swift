import CLinux
import Glibc
import LinuxSystem
import Testing

@Suite struct DescriptorTests {
    /// Both ends of a pipe. Whether the writing end is closed everywhere shows at the reading one, whatever numbers other
    /// tests open meanwhile.
    private func pipe() -> (reading: Int32, writing: Int32) {
        var ends: (reading: Int32, writing: Int32) = (-1, -1)
        #expect(clinux_pipe(&ends.reading, &ends.writing) == 0)
        return ends
    }

    private func isHungUp(_ reading: Int32, milliseconds: Int32 = 0) -> Bool {
        var poll = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, milliseconds) == 1 && poll.revents & Int16(POLLHUP) != 0
    }

    @Test("An open file is closed when its owner goes away") func fileDescriptor() {
        let ends = pipe()
        defer { close(ends.reading) }
        do {
            let file = FileDescriptor(owning: ends.writing)
            #expect(file.number == ends.writing)
            let isOpen = file.isOpen
            #expect(isOpen)
            #expect(!isHungUp(ends.reading))
        }
        #expect(isHungUp(ends.reading))
    }

    @Test("What could not be opened is not open, and nothing is closed") func none() {
        let file = FileDescriptor(owning: open("/nowhere/file", O_RDONLY | O_CLOEXEC))
        let isOpen = file.isOpen
        #expect(!isOpen)
    }

    @Test("A descriptor of several is closed with the last of them") func shared() {
        let ends = pipe()
        defer { close(ends.reading) }
        do {
            let one = OwnedDescriptor(owning: ends.writing)
            do {
                let other = one
                #expect(other.raw == ends.writing)
            }
            #expect(!isHungUp(ends.reading))
            #expect(one.raw == ends.writing)
        }
        #expect(isHungUp(ends.reading))
    }

    @Test("Who takes it has to close it") func taken() {
        let ends = pipe()
        defer { close(ends.reading) }
        let number: Int32
        do {
            let owner = OwnedDescriptor(owning: ends.writing)
            number = owner.take()
            #expect(number == ends.writing)
            #expect(owner.raw == -1)
            #expect(owner.take() == -1)
            owner.close()
        }
        #expect(!isHungUp(ends.reading))
        close(number)
        #expect(isHungUp(ends.reading))
    }

    @Test("It is closed at once when that is asked for, once") func closed() {
        let ends = pipe()
        defer { close(ends.reading) }
        let owner = OwnedDescriptor(owning: ends.writing)
        owner.close()
        #expect(isHungUp(ends.reading))
        owner.close()
        #expect(owner.raw == -1)
    }

    @Test("It is closed on a thread of its own when that is asked for") func closedElsewhere() {
        let ends = pipe()
        defer { close(ends.reading) }
        let owner = OwnedDescriptor(owning: ends.writing)
        owner.closeElsewhere()
        #expect(owner.raw == -1)
        #expect(isHungUp(ends.reading, milliseconds: 20_000))
    }
}
