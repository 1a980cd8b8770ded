import HTTPCodec

/// What the gateway does with a field that a client has sent.
enum RequestField {
    case pass
    /// It concerns the connection, or could be taken for Glo's or the server's own word.
    case drop
    case connection
    case traceParent
    case traceState
    case requestID
    case prefer
    case forwardedFor
    case forwardedProto
    case forwardedPort
    /// A word about CloudEvents; passed on.
    case cloudEvent
    /// The body's type may be one of CloudEvents; passed on.
    case contentType
    /// Other words of proxies about the client; only a trusted one's are passed on.
    case proxyClaim
    case cookie
    /// A name with `_` or `.`; passed on unless a field is there whose name it could be taken for.
    case variant

    @inline(__always)
    static func classify(_ name: UnsafeRawBufferPointer) -> RequestField {
        if FieldName.isVariant(name) { return classifyVariant(name) }
        return classifyPlain(name)
    }

    /// What could be taken for a field that Glo or the server behind relies on is dropped, whoever sends it.
    private static func classifyVariant(_ name: UnsafeRawBufferPointer) -> RequestField {
        FieldName.plain(name).withUnsafeBytes { plain in
            switch classifyPlain(plain) {
            case .pass, .cloudEvent, .variant:
                let isTaken = ASCII.equalIgnoringCase(plain, "content-length") || FieldName.begins(plain, "x-amzn-")
                return isTaken ? .drop : .variant
            case .drop, .connection, .traceParent, .traceState, .requestID, .prefer, .forwardedFor, .forwardedProto,
                .forwardedPort, .contentType, .proxyClaim, .cookie:
                return .drop
            }
        }
    }

    @inline(__always)
    private static func classifyPlain(_ name: UnsafeRawBufferPointer) -> RequestField {
        switch ASCII.lower(name[0]) {
        case UInt8(ascii: "c"): return classifyC(name)
        case UInt8(ascii: "e"): return ASCII.equalIgnoringCase(name, "expect") ? .drop : .pass
        case UInt8(ascii: "f"): return ASCII.equalIgnoringCase(name, "forwarded") ? .proxyClaim : .pass
        case UInt8(ascii: "g"): return ControlNames.matches(name) ? .drop : .pass
        case UInt8(ascii: "k"): return ASCII.equalIgnoringCase(name, "keep-alive") ? .drop : .pass
        case UInt8(ascii: "p"): return classifyP(name)
        case UInt8(ascii: "t"): return classifyT(name)
        case UInt8(ascii: "u"): return ASCII.equalIgnoringCase(name, "upgrade") ? .drop : .pass
        case UInt8(ascii: "x"): return classifyX(name)
        default: return .pass
        }
    }

    @inline(__always)
    private static func classifyC(_ name: UnsafeRawBufferPointer) -> RequestField {
        switch name.count {
        case 6 where ASCII.equalIgnoringCase(name, "cookie"): .cookie
        case 10 where ASCII.equalIgnoringCase(name, "connection"): .connection
        case 12 where ASCII.equalIgnoringCase(name, "content-type"): .contentType
        case 4... where name[2] == UInt8(ascii: "-") && ASCII.lower(name[1]) == UInt8(ascii: "e"): .cloudEvent
        default: .pass
        }
    }

    /// `Proxy` would become `HTTP_PROXY` in the environment of a CGI program.
    private static func classifyP(_ name: UnsafeRawBufferPointer) -> RequestField {
        if ASCII.equalIgnoringCase(name, "prefer") { return .prefer }
        let isDropped =
            ASCII.equalIgnoringCase(name, "proxy") || ASCII.equalIgnoringCase(name, "proxy-connection")
            || ASCII.equalIgnoringCase(name, "proxy-authorization")
        return isDropped ? .drop : .pass
    }

    private static func classifyT(_ name: UnsafeRawBufferPointer) -> RequestField {
        if ASCII.equalIgnoringCase(name, "traceparent") { return .traceParent }
        if ASCII.equalIgnoringCase(name, "tracestate") { return .traceState }
        let isDropped =
            ASCII.equalIgnoringCase(name, "te") || ASCII.equalIgnoringCase(name, "trailer")
            || ASCII.equalIgnoringCase(name, "transfer-encoding")
        return isDropped ? .drop : .pass
    }

    private static func classifyX(_ name: UnsafeRawBufferPointer) -> RequestField {
        if ControlNames.matches(name) { return .drop }
        if ASCII.equalIgnoringCase(name, "x-request-id") { return .requestID }
        if ASCII.equalIgnoringCase(name, "x-real-ip") { return .proxyClaim }
        guard name.count > 12,
            ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: name[..<12]), "x-forwarded-")
        else { return .pass }
        if ASCII.equalIgnoringCase(name, "x-forwarded-for") { return .forwardedFor }
        if ASCII.equalIgnoringCase(name, "x-forwarded-proto") { return .forwardedProto }
        if ASCII.equalIgnoringCase(name, "x-forwarded-port") { return .forwardedPort }
        return .proxyClaim
    }
}
