import Testing

@testable import OutboundHTTP

/// What an answer means for a delivery.
@Suite struct DeliveryVerdictTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    private let now = 784_111_777

    @Test(
        "A status has its verdict",
        arguments: [
            (200, .delivered), (202, .delivered), (204, .delivered), (299, .delivered), (410, .gone),
            (408, .retry(afterSeconds: nil)), (425, .retry(afterSeconds: nil)), (429, .retry(afterSeconds: nil)),
            (500, .retry(afterSeconds: nil)), (503, .retry(afterSeconds: nil)), (599, .retry(afterSeconds: nil)),
            (301, .giveUp), (302, .giveUp), (307, .giveUp), (400, .giveUp), (401, .giveUp), (404, .giveUp),
            (415, .giveUp), (0, .giveUp), (600, .giveUp),
        ] as [(Int, DeliveryVerdict)])
    func verdict(_ status: Int, _ verdict: DeliveryVerdict) {
        #expect(DeliveryVerdict(status: status, nowSeconds: now) == verdict)
    }

    @Test(
        "Retry-After is read in seconds and in the three forms of a date",
        arguments: [
            ("0", 0), ("120", 120), (" 7 ", 7), ("86401", 86_400), ("99999999999999999999", 86_400),
            ("Sun, 06 Nov 1994 08:50:37 GMT", 60), ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
            ("Sun Nov  6 08:50:37 1994", 60), ("Sun, 06 Nov 1994 08:49:36 GMT", 0),
            ("Fri, 31 Dec 1999 23:59:59 GMT", 86_400),
            ("Mon, 07 Nov 1994 08:49:36 GMT", 86_399),
        ])
    func retryAfter(_ value: String, _ seconds: Int) {
        #expect(RetryAfter.seconds(value, nowSeconds: now) == seconds)
        #expect(DeliveryVerdict(status: 429, retryAfter: value, nowSeconds: now) == .retry(afterSeconds: seconds))
    }

    @Test(
        "A date after a leap day is right",
        arguments: [
            ("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
            ("Thu, 01 Jan 2026 00:00:00 GMT", 1_767_225_600),
        ])
    func leapDay(_ value: String, _ seconds: Int) {
        #expect(RetryAfter.seconds(value, nowSeconds: seconds - 60) == 60)
    }

    @Test("A year of two digits that seems far ahead is of the past century")
    func twoDigitYear() {
        #expect(RetryAfter.seconds("Sunday, 06-Nov-94 08:49:37 GMT", nowSeconds: 1_767_225_600) == 0)
        #expect(RetryAfter.seconds("Thursday, 01-Jan-26 00:01:00 GMT", nowSeconds: 1_767_225_600) == 60)
    }

    @Test(
        "What is neither form is left out",
        arguments: [
            "", "-1", "1.5", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
        ])
    func noRetryAfter(_ value: String) { #expect(RetryAfter.seconds(value, nowSeconds: now) == nil) }
}
