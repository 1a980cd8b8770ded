import Glibc
package import StateFiles

/// Files that only the controller's user may read: ``StateFile``, with the errors of access control.
package enum PrivateFile {
    /// The contents; nil when there is no such file.
    ///
    /// - Throws: `exposed` when others may read it, or it belongs to somebody else.
    package static func read(_ path: String, limit: Int) throws(AccessError) -> [UInt8]? {
        do throws(StateFileError) { return try StateFile.read(path, limit: limit) } catch { throw AccessError(error) }
    }

    /// A document with a checksum, checked; nil when there is none. See ``StateFile/readSealed(_:as:limit:allowsUnsealed:)``.
    package static func readSealed(_ name: String, in stateDirectory: String, limit: Int) throws(AccessError)
        -> [UInt8]?
    {
        do throws(StateFileError) {
            return try StateFile.readSealed(
                "\(stateDirectory)/\(name)", as: name, limit: limit,
                allowsUnsealed: !StateMark.isConverted(stateDirectory))
        } catch {
            throw AccessError(error)
        }
    }

    /// Replaces the file in one step, so that after a power cut the old or the new one is there.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(AccessError) {
        do throws(StateFileError) { try StateFile.replace(path, with: bytes) } catch { throw AccessError(error) }
    }

    /// Replaces a document and gives it its checksum.
    package static func replaceSealed(
        _ name: String, in stateDirectory: String, with document: [UInt8]
    ) throws(AccessError) {
        try replace("\(stateDirectory)/\(name)", with: Seal.sealed(document, as: name))
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(AccessError) {
        do throws(StateFileError) { try StateFile.write(bytes, to: descriptor, path) } catch {
            throw AccessError(error)
        }
    }

    static func failure(_ sentence: String) -> AccessError { AccessError(StateFile.failure(sentence)) }
}

extension AccessError {
    package init(_ error: StateFileError) {
        let code: Code =
            switch error.kind {
            case .unusable: .file
            case .exposed: .exposed
            case .damaged: .damaged
            }
        self.init(code, error.message, hint: error.hint)
    }
}
