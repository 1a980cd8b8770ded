import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import Gateway

@Suite("Traces that begin or go on at the gateway")
struct TraceSamplingTests {
    private static let sampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    private static let unsampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"

    private func clean(_ traceParent: String?, sample: Double?) throws -> CleanFields {
        let peer = Peer(
            remote: try SocketAddress(ipAddress: "192.0.2.1", port: 4000),
            local: try SocketAddress(ipAddress: "192.0.2.9", port: 8080), trusted: [])
        var random = BufferedRandom()
        let fields = HTTPFields([("Host", "h")] + (traceParent.map { [("traceparent", $0)] } ?? []))
        return RequestFieldCleaner(trustedProxies: [], traceSample: sample).clean(fields, peer: peer, random: &random)
    }

    @Test("Without a collector everything goes through as it came")
    func off() throws {
        let clean = try clean(Self.sampled, sample: nil)
        #expect(clean.traceParent == Self.sampled && clean.parentSpan == nil)
        #expect(try self.clean(nil, sample: nil).traceParent.hasSuffix("-00"))
    }

    @Test("A recorded trace goes on: the handler's parent is a span of ours, whose parent is the caller's")
    func continued() throws {
        let clean = try clean(Self.sampled, sample: 0)
        let context = try #require(TraceContext(clean.traceParent))
        #expect(clean.traceParent.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-") && context.isSampled)
        #expect(context.span != 0xb7ad_6b71_6920_3331)
        #expect(clean.parentSpan == 0xb7ad_6b71_6920_3331)
        #expect(clean.fields.first("traceparent") == clean.traceParent)
    }

    @Test("A caller that does not record is followed, whatever the share is")
    func unsampled() throws {
        let clean = try clean(Self.unsampled, sample: 1)
        #expect(clean.traceParent == Self.unsampled && clean.parentSpan == nil)
    }

    @Test("New traces are recorded as often as the share says", arguments: [(0.0, "00"), (1.0, "01")])
    func begun(share: Double, flags: String) throws {
        for _ in 0..<50 {
            let clean = try clean(nil, sample: share)
            #expect(clean.traceParent.hasSuffix("-" + flags) && clean.parentSpan == nil)
        }
    }
}
