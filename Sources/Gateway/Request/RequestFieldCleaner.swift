import FunctionModel
import HTTPCodec
import LinuxSystem
import NIOCore

/// Takes out of a request's fields what handlers must not see, and puts in what they can rely on.
///
/// Out: hop-by-hop fields with those that `Connection` names, `x-glo-*` and `glo-*`, what a CGI program would take for
/// a setting, every word about the client that does not come from a trusted proxy, and names that a server could take
/// for one of these or for another field's, since it treats `_` and `.` as `-`. In: `X-Forwarded-For`, `-Proto`
/// and `-Port`, and `traceparent` when no valid one came.
struct RequestFieldCleaner {
    let trustedProxies: [AddressRange]
    /// A cookie that no handler is given.
    var hiddenCookie: CookieFilter?
    /// The share of new traces that are recorded; nil when none are, and those of callers neither.
    var traceSample: Double?
    /// A longer id is not carried through.
    static let maxRequestIDBytes = 200

    /// What was met on the way through the fields.
    private struct Notes {
        var connectionNames: [[UInt8]] = []
        var traceParent: String?
        var traceParents = 0
        var requestID: String?
        var prefersAsync = false
        var mayCarryCloudEvents = false
        var forwardedFor: [String] = []
        var proto: String?
        var port: String?
        var hasVariants = false
        /// `Cookie` fields without the hidden one.
        var cookies: [[UInt8]] = []
    }

    func clean(_ fields: HTTPFields, peer: Peer, random: inout BufferedRandom) -> CleanFields {
        var notes = Notes()
        // All that is kept, 55 bytes of traceparent with its name, and the forwarded fields.
        let capacity = fields.storage.writerIndex + 66 + peer.forwarded.storage.readableBytes
        var builder = FieldCopier(capacity: capacity, entries: fields.count + 4)
        fields.forEachBytes { name, value in
            if keeps(name, value, peer, &notes) { builder.copy(name, value) }
        }
        if notes.traceParents > 0, notes.traceParent == nil || notes.traceParents > 1 {
            // State without a valid parent means nothing (Trace Context, 4.3).
            notes.traceParent = nil
            builder.removeAll { RequestField.classify($0) == .traceState }
        }
        for cookie in notes.cookies where !cookie.isEmpty { builder.append("cookie", bytes: cookie) }
        if notes.hasVariants { builder.removeVariants() }
        if !notes.connectionNames.isEmpty { removeNamed(notes.connectionNames, from: &builder) }
        let (traceParent, parentSpan) = trace(notes.traceParent, &random)
        builder.append("traceparent", traceParent)
        let source = addForwarded(notes, peer, &builder)
        return CleanFields(
            fields: builder.finish(), traceParent: traceParent, parentSpan: parentSpan, requestID: notes.requestID,
            prefersAsync: notes.prefersAsync, mayCarryCloudEvents: notes.mayCarryCloudEvents, sourceAddress: source)
    }

    /// What the handler is given as its parent. Where traces are recorded that is a span of ours, whose parent is the
    /// caller's; otherwise the caller's goes through as it is.
    private func trace(_ incoming: String?, _ random: inout BufferedRandom) -> (text: String, parentSpan: UInt64?) {
        guard let traceSample else { return (incoming ?? TraceParent.random(using: &random), nil) }
        guard let incoming else {
            let isSampled = Double(random.next() >> 11) * 0x1p-53 < traceSample
            return (TraceContext.random(isSampled: isSampled, using: &random).text, nil)
        }
        guard let context = TraceContext(incoming), context.isSampled else { return (incoming, nil) }
        return (context.child(max(1, random.next())).text, context.span)
    }

    @inline(__always)
    private func keeps(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ peer: Peer, _ notes: inout Notes
    ) -> Bool {
        switch RequestField.classify(name) {
        case .pass, .traceState: return true
        case .drop: return false
        case .cloudEvent:
            notes.mayCarryCloudEvents = true
            return true
        case .variant:
            notes.hasVariants = true
            return true
        case .cookie:
            guard let rest = hiddenCookie?.filtered(value) else { return true }
            notes.cookies.append(rest)
        case .contentType:
            if Self.isCloudEventType(value) { notes.mayCarryCloudEvents = true }
            return true
        case .connection: noteConnection(value, &notes)
        case .traceParent:
            notes.traceParents += 1
            if TraceParent.isValid(value) { notes.traceParent = String(decoding: value, as: UTF8.self) }
        case .requestID:
            guard Self.isRequestID(value) else { return false }
            notes.requestID = String(decoding: value, as: UTF8.self)
            return true
        case .prefer:
            if Preference.asksForAsync(value) { notes.prefersAsync = true }
            return true
        case .forwardedFor:
            if peer.isTrusted { notes.forwardedFor.append(String(decoding: value, as: UTF8.self)) }
        case .forwardedProto:
            if peer.isTrusted, let proto = Self.proto(value) { notes.proto = proto }
        case .forwardedPort:
            if peer.isTrusted, value.count <= 5, value.allSatisfy({ $0 &- 48 < 10 }), !value.isEmpty {
                notes.port = String(decoding: value, as: UTF8.self)
            }
        case .proxyClaim: return peer.isTrusted
        }
        return false
    }

    /// `application/cloudevents` and what follows.
    @inline(__always)
    private static func isCloudEventType(_ value: UnsafeRawBufferPointer) -> Bool {
        value.count >= 23
            && ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: value[..<23]), "application/cloudevents")
    }

    private func noteConnection(_ value: UnsafeRawBufferPointer, _ notes: inout Notes) {
        HTTPTokenList.forEach(in: value) { token in
            let name = FieldName.plain(token)
            switch String(decoding: name, as: UTF8.self) {
            // Options of the connection; and fields that no client can have taken away from the function.
            case "close", "keep-alive", "host", "content-length", "content-type", "cookie", "authorization": break
            default: notes.connectionNames.append(name)
            }
        }
    }

    private func removeNamed(_ names: [[UInt8]], from builder: inout FieldCopier) {
        builder.removeAll { names.contains(FieldName.plain($0)) }
    }

    /// Appends what is said about the client, and returns its address.
    private func addForwarded(_ notes: Notes, _ peer: Peer, _ builder: inout FieldCopier) -> String {
        guard peer.isTrusted else {
            builder.append(peer.forwarded)
            return peer.text
        }
        let chain = ForwardedChain(values: notes.forwardedFor, peer: peer.text, trusted: trustedProxies)
        let port = notes.port ?? notes.proto.map { $0 == "https" ? "443" : "80" } ?? "\(peer.localPort)"
        builder.append(Peer.forwarded(for: chain.text, proto: notes.proto ?? "http", port: port))
        return chain.source
    }

    private static func proto(_ value: UnsafeRawBufferPointer) -> String? {
        if ASCII.equalIgnoringCase(value, "https") { return "https" }
        return ASCII.equalIgnoringCase(value, "http") ? "http" : nil
    }

    /// Visible ASCII of a bearable length.
    private static func isRequestID(_ value: UnsafeRawBufferPointer) -> Bool {
        (1...maxRequestIDBytes).contains(value.count) && value.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }
}
