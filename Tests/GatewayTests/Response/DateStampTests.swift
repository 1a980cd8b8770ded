import NIOCore
import Testing

@testable import Gateway

@Suite("The Date field")
struct DateStampTests {
    @Test(
        "Dates are written as RFC 9110 wants them",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_767_323_045, "Fri, 02 Jan 2026 03:04:05 GMT"),
            (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        ] as [(Int64, String)])
    func dates(seconds: Int64, expected: String) {
        var stamp = DateStamp(unixSeconds: 0)
        stamp.update(unixSeconds: seconds)
        var buffer = ByteBuffer()
        stamp.write(into: &buffer)
        #expect(String(buffer: buffer) == "Date: \(expected)\r\n")
    }
}
