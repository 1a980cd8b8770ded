import NIOCore

extension HTTPFields {
    /// The first value of a field whose name is known only now, in any ASCII case.
    package func first(named name: String) -> String? {
        var name = name
        return name.withUTF8 { wanted in
            let wanted = UnsafeRawBufferPointer(wanted)
            let entry = entries.first { entry in
                guard Int(entry.nameLength) == wanted.count else { return false }
                return storage.withVeryUnsafeBytes { bytes in
                    let start = Int(entry.nameStart)
                    return ASCII.equalIgnoringCase(
                        UnsafeRawBufferPointer(rebasing: bytes[start..<start + wanted.count]), wanted)
                }
            }
            return entry.map(valueString)
        }
    }
}
