import Glibc

/// File descriptors that no channel has taken over.
enum Descriptor {
    static func close(_ descriptor: Int32) {
        guard descriptor >= 0 else { return }
        _ = Glibc.close(descriptor)
    }
}
