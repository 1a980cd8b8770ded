import LinuxSystem

/// Whether an ELF file is whole and made for this machine, by its headers alone.
struct ELFCheck {
    enum Finding: Hashable {
        case notELF
        case good(interpreter: String?)
        case truncated(String)
        case wrongArchitecture(String)
        case unusable(String)
    }

    static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
    private static let headerSize = 64

    private let size: UInt64
    private let header: [UInt8]

    static func check(
        _ file: borrowing FileDescriptor, size: Int64, machine: MachineArchitecture, _ path: String
    ) throws(SystemCallError) -> Finding {
        let header = try file.bytes(count: headerSize, path)
        guard header.starts(with: magic) else { return .notELF }
        guard header.count == headerSize else { return .truncated("the header alone has \(headerSize) bytes") }
        let check = ELFCheck(size: UInt64(max(0, size)), header: header)
        if let finding = check.identity(machine) { return finding }
        return try check.contents(of: file, path)
    }

    /// Class, byte order, machine and type.
    private func identity(_ machine: MachineArchitecture) -> Finding? {
        let isLittleEndian64 = header[4] == 2 && header[5] == 1
        guard isLittleEndian64 else {
            return .wrongArchitecture(header[4] == 1 ? "a 32-bit program" : "a program for another byte order")
        }
        let found = header.word16(18)
        guard found == machine.rawValue else {
            let name = MachineArchitecture(rawValue: found)?.name ?? "machine number \(found)"
            return .wrongArchitecture("built for \(name)")
        }
        let type = header.word16(16)
        // 2 is a fixed program, 3 a position-independent one (or a shared library, which looks the same).
        guard type == 2 || type == 3 else { return .unusable("an object file or a core dump, not a program") }
        return nil
    }

    private func contents(of file: borrowing FileDescriptor, _ path: String) throws(SystemCallError) -> Finding {
        let programs = Table(offset: header.word64(32), entrySize: header.word16(54), count: UInt64(header.word16(56)))
        guard programs.count > 0, programs.entrySize >= 56 else { return .unusable("a file without program headers") }
        guard programs.fits(size) else { return .truncated("the program headers lie beyond the end") }
        let programBytes = try file.bytes(
            at: Int64(programs.offset), count: Int(programs.count) * Int(programs.entrySize), path)
        var interpreter: String?
        for base in stride(from: 0, to: programBytes.count, by: Int(programs.entrySize))
        where base + 56 <= programBytes.count {
            let offset = programBytes.word64(base + 8)
            let length = programBytes.word64(base + 32)
            guard Self.fits(offset, length, size) else { return .truncated("a segment lies beyond the end") }
            let isInterpreter = programBytes.word32(base) == 3
            guard isInterpreter, length > 1, length <= 4096 else { continue }
            let name = try file.bytes(at: Int64(offset), count: Int(length), path)
            interpreter = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        }
        if let finding = try sections(of: file, path) { return finding }
        return .good(interpreter: interpreter)
    }

    private func sections(of file: borrowing FileDescriptor, _ path: String) throws(SystemCallError) -> Finding? {
        let offset = header.word64(40)
        // A stripped file may have no section headers at all.
        guard offset != 0 else { return nil }
        let entrySize = header.word16(58)
        guard entrySize >= 64 else { return .unusable("a file with malformed section headers") }
        var table = Table(offset: offset, entrySize: entrySize, count: max(1, UInt64(header.word16(60))))
        guard table.fits(size) else { return .truncated("the section headers lie beyond the end") }
        if header.word16(60) == 0 {
            // More than 65,279 sections: the first section's size is their number.
            table.count = try file.bytes(at: Int64(offset), count: 64, path).word64(32)
            guard table.fits(size) else { return .truncated("the section headers lie beyond the end") }
        }
        guard table.count <= 1 << 20 else { return .unusable("a file with more than a million sections") }
        let bytes = try file.bytes(at: Int64(offset), count: Int(table.count) * Int(entrySize), path)
        for base in stride(from: 0, to: bytes.count, by: Int(entrySize)) where base + 64 <= bytes.count {
            let type = bytes.word32(base + 4)
            // Sections of type 0 (none) and 8 (zeroed memory) have no bytes in the file.
            guard type != 0, type != 8 else { continue }
            guard Self.fits(bytes.word64(base + 24), bytes.word64(base + 32), size) else {
                return .truncated("a section lies beyond the end")
            }
        }
        return nil
    }

    /// A table of headers.
    private struct Table {
        var offset: UInt64
        var entrySize: UInt16
        var count: UInt64

        func fits(_ size: UInt64) -> Bool {
            let (length, overflow) = count.multipliedReportingOverflow(by: UInt64(entrySize))
            return !overflow && ELFCheck.fits(offset, length, size)
        }
    }

    private static func fits(_ offset: UInt64, _ length: UInt64, _ size: UInt64) -> Bool {
        let (end, overflow) = offset.addingReportingOverflow(length)
        return !overflow && end <= size
    }
}

extension [UInt8] {
    /// A little-endian word at an offset; 0 beyond the end.
    fileprivate func word(_ offset: Int, bytes: Int) -> UInt64 {
        guard offset + bytes <= count else { return 0 }
        return (0..<bytes).reduce(0) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
    }

    fileprivate func word16(_ offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: word(offset, bytes: 2)) }
    fileprivate func word32(_ offset: Int) -> UInt32 { UInt32(truncatingIfNeeded: word(offset, bytes: 4)) }
    fileprivate func word64(_ offset: Int) -> UInt64 { word(offset, bytes: 8) }
}
