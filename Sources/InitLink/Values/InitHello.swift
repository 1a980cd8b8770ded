/// What init says first.
package struct InitHello: Hashable, Sendable {
    package enum Mode: UInt16, Hashable, Sendable, CaseIterable {
        case container = 0
        case process = 1
    }

    package var mode: Mode
    /// Init's process id as it sees it itself: 1 in a container.
    package var processID: Int32
    /// The user that it runs as, as it sees it itself.
    package var userID: UInt32

    package init(mode: Mode, processID: Int32, userID: UInt32) {
        self.mode = mode
        self.processID = processID
        self.userID = userID
    }
}
