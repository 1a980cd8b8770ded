import CLinux
import Crypto
import Foundation
import Glibc

/// Secrets as files of `<state>/secrets`, each encrypted with AES-256-GCM; its name is authenticated with it, so that
/// files cannot be exchanged. A file that somebody dropped there by hand with mode 0600 is taken as it is.
package struct SecretVault: Sendable {
    package let directory: String
    private let stateDirectory: String
    private let keyFile: String?

    /// A secret's largest size in bytes; all of a function's travel in one message to init.
    package static let largest = 65_536
    /// What an encrypted file begins with.
    private static let mark = Array("glo-secret-1\n".utf8)

    /// - Parameter keyFile: what `GLO_SECRET_KEY_FILE` says.
    package init(stateDirectory: String, keyFile: String? = nil) {
        directory = "\(stateDirectory)/secrets"
        self.stateDirectory = stateDirectory
        self.keyFile = keyFile
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

    /// - Throws: `notFound`; `exposed`; `damaged` when the key is another one or the file was changed.
    package func read(_ name: String) throws(AccessError) -> [UInt8] {
        guard Self.isName(name) else { throw badName(name) }
        let path = "\(directory)/\(name)"
        guard let stored = try PrivateFile.read(path, limit: Self.largest + 256) else {
            throw AccessError(
                .notFound, "there is no secret '\(name)'", hint: "glo secret set \(name), with its contents on stdin")
        }
        guard stored.starts(with: Self.mark) else { return stored }
        let key = try SecretKey.load(stateDirectory: stateDirectory, file: keyFile)
        do {
            let box = try AES.GCM.SealedBox(combined: stored.dropFirst(Self.mark.count))
            return Array(try AES.GCM.open(box, using: key.key, authenticating: Array(name.utf8)))
        } catch {
            throw AccessError(
                .damaged, "the secret '\(name)' cannot be decrypted: the key is another one, or the file was changed",
                hint: "set it again")
        }
    }

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
        let key = try SecretKey.load(stateDirectory: stateDirectory, file: keyFile)
        guard let sealed = try? AES.GCM.seal(contents, using: key.key, authenticating: Array(name.utf8)),
            let combined = sealed.combined
        else { throw AccessError(.invalid, "the secret '\(name)' cannot be encrypted") }
        try PrivateFile.replace("\(directory)/\(name)", with: Self.mark + combined)
    }

    /// - Throws: `notFound`.
    package func remove(_ name: String) throws(AccessError) {
        guard Self.isName(name) else { throw badName(name) }
        guard unlink("\(directory)/\(name)") == 0 else {
            if errno == ENOENT { throw AccessError(.notFound, "there is no secret '\(name)'") }
            throw PrivateFile.failure("cannot remove \(directory)/\(name)")
        }
    }

    /// By name.
    package func list() throws(AccessError) -> [Entry] {
        guard let listing = opendir(directory) else {
            if errno == ENOENT { return [] }
            throw PrivateFile.failure("cannot read \(directory)")
        }
        defer { closedir(listing) }
        var entries: [Entry] = []
        while let item = readdir(listing) {
            let name = String(cString: clinux_entry_name(item))
            guard Self.isName(name), !name.contains(".new-") else { continue }
            var status = stat()
            guard stat("\(directory)/\(name)", &status) == 0 else { continue }
            let stored = (try? PrivateFile.read("\(directory)/\(name)", limit: Self.largest + 256)) ?? nil
            let milliseconds = Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
            entries.append(
                Entry(
                    name: name, encrypted: stored?.starts(with: Self.mark) ?? false,
                    changedAtMilliseconds: milliseconds))
        }
        return entries.sorted { $0.name < $1.name }
    }

    private func badName(_ name: String) -> AccessError {
        AccessError(
            .invalid, "'\(name)' is no name of a secret",
            hint: "letters, digits, '_', '-' and '.', at most 128, and no '.' or '-' first")
    }
}
