/// What a check wants to know of a file.
package struct PathStatus: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file
        case directory
        case link
        case other
    }

    package var kind: Kind
    /// The twelve bits of permissions.
    package var mode: UInt32
    package var owner: UInt32

    package init(kind: Kind, mode: UInt32, owner: UInt32 = 0) {
        self.kind = kind
        self.mode = mode
        self.owner = owner
    }
}
