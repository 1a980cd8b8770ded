package import Dispatch
package import NIOCore
import TextForms

/// Payloads that are too large for Redis: one file each, in a directory of their own.
///
/// Confined to an event loop, where the callbacks come; the disk is waited for on a queue. A file is there whole or not
/// at all, and after ``write(_:as:_:)`` it is on disk. It is removed when the library says that no event refers to it.
package final class ContentFiles {
    /// What is larger goes into a file.
    package static let inlineLimitBytes = 256 << 10

    private let directory: ContentDirectory
    private let loop: any EventLoop
    private let queue: DispatchQueue

    /// - Parameters:
    ///   - directory: made when it is not there, for its owner alone.
    ///   - queue: serial.
    package init(
        directory: String, loop: any EventLoop,
        queue: DispatchQueue = DispatchQueue(label: "glo.content-files", qos: .utility)
    ) throws(ContentFileError) {
        self.directory = try ContentDirectory(path: directory)
        self.loop = loop
        self.queue = queue
    }

    /// A new name, which holds a checksum of what is written under it.
    package static func newRef(for bytes: ByteBuffer, using generator: inout some RandomNumberGenerator) -> String {
        ContentChecksum.ref(of: bytes, using: &generator)
    }

    /// A new name without one.
    static func newRef(using generator: inout some RandomNumberGenerator) -> String {
        (0..<2).map { _ in Hexadecimal.text(word: generator.next() as UInt64) }.joined()
    }

    /// Whether the text is a name of a content file: 32 lower-case hexadecimal digits.
    package static func isValid(ref: String) -> Bool {
        Hexadecimal.isSmall(ref, count: 32)
    }

    /// Writes a file; it is on disk when `done` is called.
    package func write(
        _ bytes: ByteBuffer, as ref: String, _ done: @escaping (Result<Void, ContentFileError>) -> Void
    ) {
        run(done) { directory throws(ContentFileError) in try directory.write(bytes, as: ref) }
    }

    package func read(_ ref: String, _ done: @escaping (Result<ByteBuffer, ContentFileError>) -> Void) {
        run(done) { directory throws(ContentFileError) in try directory.read(ref) }
    }

    /// Removes files; those that are not there do not matter.
    package func remove(_ refs: [String], _ done: @escaping (Result<Void, ContentFileError>) -> Void) {
        run(done) { directory throws(ContentFileError) in
            for ref in refs { try directory.remove(ref) }
        }
    }

    /// Names of files that were written at least so long ago, and removes unfinished ones of that age.
    func old(ageSeconds: Int, _ done: @escaping (Result<[String], ContentFileError>) -> Void) {
        run(done) { directory throws(ContentFileError) in try directory.old(ageSeconds: ageSeconds) }
    }

    private func run<Answer: Sendable>(
        _ done: @escaping (Result<Answer, ContentFileError>) -> Void,
        _ work: @escaping @Sendable (ContentDirectory) throws(ContentFileError) -> Answer
    ) {
        let done = NIOLoopBound(done, eventLoop: loop)
        queue.async { [directory, loop] in
            let result = Result { () throws(ContentFileError) in try work(directory) }
            loop.execute { done.value(result) }
        }
    }
}
