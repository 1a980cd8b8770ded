import CLibrary
import CLinux

/// Finds a program the way a shell does, and says why it cannot be run.
struct ProgramSearch {
    /// Where relative paths start.
    let directory: Int32
    /// Directories with colons between.
    let path: [UInt8]

    /// The path of the program that the word means.
    func find(_ word: [UInt8]) throws(StartFailure) -> [UInt8] {
        guard !word.isEmpty else {
            throw StartFailure(GLO_STAGE_COMMAND, ENOENT, "the command is empty")
        }
        if word.contains(UInt8(ascii: "/")) {
            let error = check(word)
            if error == 0 { return word }
            throw failure(error, word)
        }
        // A file that is there but may not be run is the better explanation than one that is not there.
        var worst = ENOENT
        for place in path.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            let candidate = (place.isEmpty ? [UInt8(ascii: ".")] : [UInt8](place)) + [UInt8(ascii: "/")] + word
            let error = check(candidate)
            if error == 0 { return candidate }
            if error == EACCES { worst = EACCES }
        }
        throw failure(worst, word)
    }

    /// 0 when the file can be run as far as can be told from outside, else an `errno`.
    private func check(_ path: [UInt8]) -> Int32 {
        let name = Text.cString(path)
        var status = stat()
        guard fstatat(directory, name, &status, 0) == 0 else { return clinux_errno() }
        guard status.st_mode & mode_t(S_IFMT) == mode_t(S_IFREG) else { return EACCES }
        return faccessat(directory, name, X_OK, 0) == 0 ? 0 : clinux_errno()
    }

    private func failure(_ error: Int32, _ word: [UInt8]) -> StartFailure {
        switch error {
        case EACCES: StartFailure(GLO_STAGE_COMMAND, error, path: word, "is not an executable file")
        case ENOENT: StartFailure(GLO_STAGE_COMMAND, error, "cannot find the program", path: word)
        default: StartFailure(GLO_STAGE_COMMAND, error, "cannot use the program", path: word)
        }
    }
}
