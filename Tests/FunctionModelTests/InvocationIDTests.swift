import FunctionModel
import Testing

@Suite struct InvocationIDTests {
    @Test("A random id is a version 4 UUID and reads back as itself")
    func roundTrip() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let id = InvocationID.random(using: &random)
            let text = id.description
            #expect(text.utf8.count == 36)
            #expect(Array(text)[14] == "4")
            #expect("89ab".contains(Array(text)[19]))
            #expect(InvocationID(text) == id)
        }
    }

    @Test("The digits stand where the standard has them")
    func digits() {
        let id = InvocationID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        #expect(id.description == "01234567-89ab-cdef-fedc-ba9876543210")
        #expect(InvocationID("01234567-89AB-CDEF-FEDC-BA9876543210") == id)
    }

    @Test(
        "What is no UUID is refused",
        arguments: [
            "", "01234567", "01234567-89ab-cdef-fedc-ba987654321", "01234567-89ab-cdef-fedc-ba98765432100",
            "0123456789ab-cdef-fedc-ba98765432101", "g1234567-89ab-cdef-fedc-ba9876543210",
        ])
    func invalid(text: String) {
        #expect(InvocationID(text) == nil)
    }
}
