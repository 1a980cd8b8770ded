/// What happened to one entry of the functions directory.
struct EntryChange: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    /// It came by a rename from elsewhere: whatever it is, nothing of it is still to come.
    static let movedIn = EntryChange(rawValue: 1)
    /// The file was made or written.
    static let written = EntryChange(rawValue: 2)
    /// It is a directory, and something in it changed: what belongs to it may still be on its way.
    static let inside = EntryChange(rawValue: 4)
}
