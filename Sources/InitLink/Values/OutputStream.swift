/// Where a handler's line of output came from.
package enum OutputStream: UInt8, Hashable, Sendable, CaseIterable {
    case standardOutput = 1
    case standardError = 2
}
