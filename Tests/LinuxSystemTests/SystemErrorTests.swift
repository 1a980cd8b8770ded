import Glibc
import LinuxSystem
import Testing

@Suite struct SystemErrorTests {
    @Test(
        "An error number has the C library's words",
        arguments: [
            (ENOENT, "No such file or directory"), (EACCES, "Permission denied"), (ENOSPC, "No space left on device"),
            (EADDRINUSE, "Address already in use"), (EDQUOT, "Disk quota exceeded"), (0, "Success"),
        ])
    func words(number: Int32, words: String) {
        #expect(SystemError.text(number) == words)
        #expect(SystemError(number).description == words)
    }

    @Test("Every error number has the words that strerror gives", arguments: Int32(-2)...200)
    func allNumbers(number: Int32) { #expect(SystemError.text(number) == String(cString: strerror(number))) }

    @Test("A number that is no error has words too") func unknown() {
        #expect(SystemError.text(9999) == "Unknown error 9999")
    }
}
