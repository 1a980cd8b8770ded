/// What the kernel thinks of its clock.
package struct ClockState: Hashable, Sendable {
    package var isSynchronized: Bool
    package var maximumErrorMicroseconds: Int

    package init(isSynchronized: Bool, maximumErrorMicroseconds: Int) {
        self.isSynchronized = isSynchronized
        self.maximumErrorMicroseconds = maximumErrorMicroseconds
    }
}
