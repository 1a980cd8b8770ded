import CLinux
import Crypto
import Foundation
import Glibc
import LinuxSystem
import StateFiles

/// Secrets as files of `<state>/secrets`, each encrypted with AES-256-GCM; its name is authenticated with it, so that
/// files cannot be exchanged.
///
/// A file that somebody dropped there by hand is encrypted when it is first looked at. What was encrypted once is in
/// ``SecretIndex`` and never taken for such a file: damage to it is an error, whatever it looks like.
package struct SecretVault: Sendable {
    package let directory: String
    private let stateDirectory: String
    private let keyFile: String?
    /// Told of each file that was put there by hand and has been encrypted.
    private let onTaken: (@Sendable (_ name: String) -> Void)?

    /// A secret's largest size in bytes; all of a function's travel in one message to init.
    package static let largest = 65_536
    /// What an encrypted file begins with.
    private static let mark = Array("glo-secret-1\n".utf8)
    /// A file that differs from the mark in no more bytes than this was encrypted once.
    private static let likeness = 6
    private static let limit = largest + 256

    /// - Parameter keyFile: what `GLO_SECRET_KEY_FILE` says.
    package init(
        stateDirectory: String, keyFile: String? = nil, onTaken: (@Sendable (_ name: String) -> Void)? = nil
    ) {
        directory = "\(stateDirectory)/secrets"
        self.stateDirectory = stateDirectory
        self.keyFile = keyFile
        self.onTaken = onTaken
    }

    /// One of the vault's secrets, without its contents.
    package struct Entry: Encodable, Sendable, Hashable {
        package let name: String
        package let encrypted: Bool
        /// Unix time in milliseconds.
        package let changedAtMilliseconds: Int64
    }

    /// `^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`: it becomes a file's name.
    package static func isName(_ name: String) -> Bool {
        let letters = name.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "_")
                || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
        return letters && (1...128).contains(name.utf8.count) && name.first != "." && name.first != "-"
    }

    // MARK: Reading

    /// - Throws: `notFound`; `exposed`; `damaged` when the key is another one or the file is not what was written.
    package func read(_ name: String) throws(AccessError) -> [UInt8] {
        guard Self.isName(name) else { throw badName(name) }
        let found = try PrivateFile.read(path(name), limit: Self.limit)
        let stored = if let found { found } else { try settled(name) }
        guard stored.starts(with: Self.mark) else { return try takeIn(name, stored) }
        let key = try SecretKey.load(stateDirectory: stateDirectory, file: keyFile, makes: false)
        do {
            let box = try AES.GCM.SealedBox(combined: stored.dropFirst(Self.mark.count))
            return Array(try AES.GCM.open(box, using: key.key, authenticating: Array(name.utf8)))
        } catch {
            let known = (try? SecretIndex.read(stateDirectory)) ?? nil
            let isOtherKey = known?.keyCheck.map { $0 != key.check } ?? false
            throw AccessError(
                .damaged,
                "the secret '\(name)' cannot be decrypted: "
                    + (isOtherKey ? "the key is another one than it was encrypted with" : "its file is damaged"),
                hint: isOtherKey ? "put the key back from a backup" : "set it again: glo secret set \(name)")
        }
    }

    /// What lies there once nobody is about to set or to remove it: the index and the file change one after the other.
    private func settled(_ name: String) throws(AccessError) -> [UInt8] {
        var stored: [UInt8]?
        var isKnown = false
        try locked { () throws(AccessError) in
            stored = try PrivateFile.read(path(name), limit: Self.limit)
            let index = (try? SecretIndex.read(stateDirectory)) ?? nil
            isKnown = index?.names.contains(name) ?? false
        }
        if let stored { return stored }
        guard isKnown else {
            throw AccessError(
                .notFound, "there is no secret '\(name)'", hint: "glo secret set \(name), with its contents on stdin")
        }
        throw AccessError(
            .damaged, "the file of the secret '\(name)' is gone", hint: "set it again: glo secret set \(name)")
    }

    // MARK: Files put there by hand

    /// Encrypts what somebody put there by hand.
    ///
    /// - Throws: `damaged` when it may be what damage made of an encrypted file.
    private func takeIn(_ name: String, _ contents: [UInt8]) throws(AccessError) -> [UInt8] {
        try locked { () throws(AccessError) in
            let index = try readIndex()
            if let reason = Self.doubt(contents, isKnown: index.names.contains(name)) {
                throw AccessError(
                    .damaged, "the file of the secret '\(name)' is damaged: \(reason)",
                    hint: "set it again: glo secret set \(name)")
            }
            try store(name, contents, index)
        }
        onTaken?(name)
        return contents
    }

    /// Why a file without the mark is not one that was put there by hand; nil when it is.
    private static func doubt(_ contents: [UInt8], isKnown: Bool) -> String? {
        if contents.isEmpty { return "it is empty" }
        if isKnown { return "it was encrypted and is so no longer" }
        let differences = zip(contents, mark).count { $0 != $1 }
        if contents.count > mark.count && differences <= likeness {
            return "it was encrypted, and its start was changed"
        }
        return mark.starts(with: contents) ? "its end is missing" : nil
    }

    /// Gets the vault in order at the start of a controller: the index names all that is encrypted, and what lies there
    /// by hand is taken in. A crash in between is mended by the next time.
    ///
    /// - Returns: what is to be told: an index that had to be made anew.
    package func prepare() throws(AccessError) -> String? {
        let names = try fileNames()
        var told: String?
        try locked { () throws(AccessError) in
            var before: SecretIndex?
            do throws(AccessError) {
                before = try SecretIndex.read(stateDirectory)
                if before == nil, StateMark.isConverted(stateDirectory), !names.isEmpty {
                    told = "\(stateDirectory)/\(SecretIndex.fileName) was gone"
                }
            } catch {
                told = error.message
            }
            // After damage nothing that lies there is taken for a file put there by hand any more.
            var index = before ?? SecretIndex(names: told == nil ? [] : Set(names))
            // Before there is a mark, what lies there is all: an older version knows no index.
            if !StateMark.isConverted(stateDirectory) { index.names.formIntersection(names) }
            index.names.formUnion(names.filter(isEncrypted))
            if index.keyCheck == nil, !index.names.isEmpty {
                index.keyCheck = try? SecretKey.load(stateDirectory: stateDirectory, file: keyFile, makes: false).check
            }
            if index != before { try index.write(stateDirectory) }
        }
        for name in names where !isEncrypted(name) { _ = try? read(name) }
        return told
    }

    /// What is wrong with the secrets, in sentences.
    package func problems() -> [String] {
        var problems: [String] = []
        var names: Set<String> = []
        do throws(AccessError) {
            names = Set(try fileNames())
            names.formUnion(try SecretIndex.read(stateDirectory)?.names ?? [])
        } catch {
            problems.append(error.message)
        }
        for name in names.sorted() {
            do throws(AccessError) {
                _ = try read(name)
            } catch {
                // One that was removed meanwhile is not missed.
                if error.code != .notFound { problems.append(error.message) }
            }
        }
        return problems
    }

    // MARK: Changing

    package func set(_ name: String, to contents: [UInt8]) throws(AccessError) {
        guard Self.isName(name) else { throw badName(name) }
        guard contents.count <= Self.largest else {
            throw AccessError(.invalid, "a secret has at most \(Self.largest) bytes; these are \(contents.count)")
        }
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw PrivateFile.failure("cannot make \(directory)")
        }
        guard StateOwner.adopt(directory: directory) else {
            throw PrivateFile.failure("cannot give \(directory) away")
        }
        try locked { () throws(AccessError) in try store(name, contents, try readIndex()) }
    }

    /// The index first: an encrypted file that it does not name could be taken for another after damage.
    private func store(_ name: String, _ contents: [UInt8], _ known: SecretIndex) throws(AccessError) {
        var index = known
        let isFirst = index.names.subtracting([name]).isEmpty
        let key = try SecretKey.load(stateDirectory: stateDirectory, file: keyFile, makes: isFirst)
        guard isFirst || index.keyCheck == nil || index.keyCheck == key.check else {
            throw AccessError(
                .damaged, "the key of the secrets is another one than they were encrypted with",
                hint: "put it back from a backup, or remove the secrets (glo secret rm) and set them again")
        }
        guard let sealed = try? AES.GCM.seal(contents, using: key.key, authenticating: Array(name.utf8)),
            let combined = sealed.combined
        else { throw AccessError(.invalid, "the secret '\(name)' cannot be encrypted") }
        index.names.insert(name)
        index.keyCheck = key.check
        if index != known { try index.write(stateDirectory) }
        do throws(AccessError) {
            try PrivateFile.replace(path(name), with: Self.mark + combined)
        } catch {
            if index != known, access(path(name), F_OK) != 0 { try? known.write(stateDirectory) }
            throw error
        }
    }

    /// - Throws: `notFound`.
    package func remove(_ name: String) throws(AccessError) {
        guard Self.isName(name) else { throw badName(name) }
        try locked { () throws(AccessError) in
            var index = try readIndex()
            let isKnown = index.names.remove(name) != nil
            if unlink(path(name)) != 0 {
                guard errno == ENOENT else { throw PrivateFile.failure("cannot remove \(path(name))") }
                guard isKnown else { throw AccessError(.notFound, "there is no secret '\(name)'") }
            }
            StateFile.synchronizeDirectory(of: path(name))
            if index.names.isEmpty { index.keyCheck = nil }
            if isKnown { try index.write(stateDirectory) }
        }
    }

    /// By name.
    package func list() throws(AccessError) -> [Entry] {
        try fileNames().compactMap { name -> Entry? in
            var status = stat()
            guard stat(path(name), &status) == 0 else { return nil }
            let milliseconds = Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
            return Entry(name: name, encrypted: isEncrypted(name), changedAtMilliseconds: milliseconds)
        }
    }

    // MARK: Parts

    private func path(_ name: String) -> String { "\(directory)/\(name)" }

    private func isEncrypted(_ name: String) -> Bool {
        ((try? PrivateFile.read(path(name), limit: Self.limit)) ?? nil)?.starts(with: Self.mark) ?? false
    }

    /// Sorted.
    private func fileNames() throws(AccessError) -> [String] {
        do throws(SystemError) {
            return try DirectoryStream.names(in: directory)
                .filter { Self.isName($0) && !$0.contains(".new-") }.sorted()
        } catch {
            if error.number == ENOENT { return [] }
            throw AccessError(.file, "cannot read \(directory): \(error)")
        }
    }

    /// One that is damaged is made anew of everything that lies there, which is then taken to be encrypted.
    private func readIndex() throws(AccessError) -> SecretIndex {
        do throws(AccessError) {
            if let index = try SecretIndex.read(stateDirectory) { return index }
        } catch {
            guard error.code == .damaged else { throw error }
            return SecretIndex(names: Set(try fileNames()))
        }
        guard StateMark.isConverted(stateDirectory) else {
            return SecretIndex(names: Set(try fileNames().filter(isEncrypted)))
        }
        return SecretIndex(names: Set(try fileNames()))
    }

    /// Two commands at once must not undo each other, nor a command and the controller.
    private func locked(_ body: () throws(AccessError) -> Void) throws(AccessError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return try body() }
            throw PrivateFile.failure("cannot open \(directory)")
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw PrivateFile.failure("cannot lock \(directory)") }
        }
        try body()
    }

    private func badName(_ name: String) -> AccessError {
        AccessError(
            .invalid, "'\(name)' is no name of a secret",
            hint: "letters, digits, '_', '-' and '.', at most 128, and no '.' or '-' first")
    }
}
