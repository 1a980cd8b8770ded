import NIOCore
import SigV4
import Testing

@Suite("Bodies of signed requests")
struct PayloadTests {
    private func request(_ payload: String, _ signature: String) -> SignedRequest {
        Signed.request(
            headers: "host;x-amz-content-sha256;x-amz-date", signature: signature,
            fields: [("x-amz-content-sha256", payload)])
    }

    private let chunks =
        "5;chunk-signature=35867763e939fa815c086ec76386f3b66a98afea1db53a6bad261c97aeb0b58e\r\n{\"a\":\r\n"
        + "2;chunk-signature=235c23a529d59b4746108c72ec23b1ff7b2f9af10796a9cbae64fa412819ca27\r\n1}\r\n"
        + "0;chunk-signature=9be408b06e36a9f9a42de9e7b9676a22d7bcc14def1fe2f8425cd6520f692d80\r\n\r\n"

    private var chunked: SignedRequest {
        request(
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "3b1a88a07d6da0b4fb8f22d3cad7474d7d43f75ec4245fa021be80b8151f9065")
    }

    @Test("A stated hash is signed, and the body has to have it")
    func stated() throws {
        let stated = request(
            "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862",
            "569ae0a3ec5cfcfbc0246309fd9d51dc0ec2d7fcd3b25dceebb32d3e2d8d568e")
        try Signed.accept(stated, body: #"{"a":1}"#)
        #expect(throws: SigV4Error.self) { try Signed.accept(stated, body: #"{"a":2}"#) }
    }

    @Test("A body that is not signed may be any")
    func unsigned() throws {
        let unsigned = request(
            "UNSIGNED-PAYLOAD", "98a5c1f6011c8b5da798d3b234306b5c1687fd5bfd57eaab479e42e0255aebe5")
        try Signed.accept(unsigned, body: "anything")
    }

    @Test("Signed chunks are verified and joined")
    func signedChunks() throws {
        #expect(try String(buffer: Signed.accept(chunked, body: chunks)) == #"{"a":1}"#)
        #expect(throws: SigV4Error.mismatch) {
            try Signed.accept(chunked, body: chunks.replacing("1}", with: "2}"))
        }
        for cut in [1, 20, 100, chunks.utf8.count - 90] {
            #expect(throws: SigV4Error.self) { try Signed.accept(chunked, body: String(chunks.prefix(cut))) }
        }
    }

    @Test("Chunks without signatures and with a trailer are joined")
    func unsignedChunks() throws {
        let request = request(
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "94cd2b16e66ecbc0d6aae52d543c3610158bbb69b91b8a40bf7bd3c18b1e5100")
        let body = "3\r\nabc\r\nA\r\n0123456789\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
        #expect(try String(buffer: Signed.accept(request, body: body)) == "abc0123456789")
        for body in [
            "5\r\nabc\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n-0\r\n\r\n", "-3\r\nabc\r\n0\r\n\r\n",
        ] {
            #expect(throws: SigV4Error.self) { try Signed.accept(request, body: body) }
        }
    }

    @Test("A form of chunks that is not known is refused")
    func unknown() {
        let request = request("STREAMING-SOMETHING", "98a5c1f6011c8b5da798d3b234306b5c1687fd5bfd57eaab479e42e0255aebe5")
        let error = #expect(throws: SigV4Error.self) { try Signed.accept(request) }
        #expect(error?.code == .invalidSignature)
    }
}
