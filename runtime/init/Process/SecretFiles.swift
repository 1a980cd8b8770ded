import CLibrary
import CLinux

/// Writes secrets where only the handler's user can read them.
struct SecretFiles {
    let directory: [UInt8]

    /// Each file appears whole or not at all; one of the same name is replaced.
    func write(_ secrets: [StartRequest.Secret]) throws(StartFailure) {
        if secrets.isEmpty { return }
        let path = Text.cString(directory)
        if mkdir(path, 0o700) != 0, clinux_errno() != EEXIST {
            throw StartFailure(
                GLO_STAGE_SECRETS, clinux_errno(), "cannot make the directory of secrets", path: directory)
        }
        let place = Descriptor(owning: clinux_open(path, O_RDONLY | O_DIRECTORY, 0))
        guard place.isOpen else {
            throw StartFailure(
                GLO_STAGE_SECRETS, clinux_errno(), "cannot use the directory of secrets", path: directory)
        }
        for secret in secrets { try write(secret, in: place.raw) }
    }

    private func write(_ secret: StartRequest.Secret, in place: Int32) throws(StartFailure) {
        let error = replace(Text.cString(secret.name), secret.contents, in: place)
        if error != 0 { throw StartFailure(GLO_STAGE_SECRETS, error, "cannot write the secret", path: secret.name) }
    }

    /// 0, or an `errno`.
    private func replace(_ name: [CChar], _ contents: [UInt8], in place: Int32) -> Int32 {
        // Names of secrets never start with a dot, so this one is free.
        let temporary = Text(".new").cString
        _ = unlinkat(place, temporary, 0)
        let file = Descriptor(owning: clinux_open_at(place, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o400))
        guard file.isOpen else { return clinux_errno() }
        var error = Self.writeAll(contents, to: file.raw)
        if error == 0, renameat(place, temporary, place, name) != 0 { error = clinux_errno() }
        if error != 0 { _ = unlinkat(place, temporary, 0) }
        return error
    }

    private static func writeAll(_ contents: [UInt8], to file: Int32) -> Int32 {
        contents.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = CLibrary.write(file, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count > 0 { written += count } else if clinux_errno() != EINTR { return clinux_errno() }
            }
            return 0
        }
    }
}
