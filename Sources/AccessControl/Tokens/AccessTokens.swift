import Glibc
import Synchronization

/// The tokens as a running controller knows them: read anew when their file has changed.
package final class AccessTokens: Sendable {
    private let file: AccessTokenFile
    private let state = Mutex(State())

    private struct State {
        var stamp: Stamp?
        var byHash: [String: AccessToken] = [:]
    }

    private struct Stamp: Equatable {
        var inode: UInt64
        var seconds: Int
        var nanoseconds: Int
    }

    package init(file: AccessTokenFile) { self.file = file }

    /// The valid token that this text is; nil when there is none, or when it has expired.
    package func token(_ text: String, nowMilliseconds: Int64) -> AccessToken? {
        token(hash: AccessToken.hash(text), nowMilliseconds: nowMilliseconds)
    }

    /// The valid token of this hash; nil when there is none (any more), or when it has expired.
    package func token(hash: String, nowMilliseconds: Int64) -> AccessToken? {
        let found = state.withLock { state -> AccessToken? in
            refresh(&state)
            return state.byHash[hash]
        }
        guard let found, !found.isExpired(atMilliseconds: nowMilliseconds) else { return nil }
        return found
    }

    package var isEmpty: Bool {
        state.withLock { state in
            refresh(&state)
            return state.byHash.isEmpty
        }
    }

    /// A file that cannot be read lets nobody in.
    private func refresh(_ state: inout State) {
        var status = stat()
        guard stat(file.path, &status) == 0 else {
            state = State()
            return
        }
        let stamp = Stamp(
            inode: UInt64(status.st_ino), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        guard stamp != state.stamp else { return }
        let tokens = (try? file.tokens()) ?? []
        state.stamp = stamp
        state.byHash = Dictionary(tokens.map { ($0.hash, $0) }) { first, _ in first }
    }
}
