import FunctionModel
import HTTPCodec
import TextForms

/// The endpoints of the Runtime API, and the stubs of its neighbours on the same port.
enum RuntimeAPIRoute: Equatable {
    case next
    /// Nil: the path segment is no id that was ever given out.
    case response(InvocationID?)
    case error(InvocationID?)
    case initError
    case restoreNext
    case restoreError
    case ping
    case extensionRegister
    case extensionNext
    case extensionInitError
    case extensionExitError
    case logs
    case telemetry
    case wrongMethod
    case unknown

    init(_ method: HTTPMethod, path: String) {
        var path = path
        self = path.withUTF8 { Self.find(method, UnsafeRawBufferPointer($0)) }
    }

    private static let invocationPrefix: StaticString = "/2018-06-01/runtime/invocation/"

    private static func find(_ method: HTTPMethod, _ path: UnsafeRawBufferPointer) -> RuntimeAPIRoute {
        let prefix = invocationPrefix.utf8CodeUnitCount
        if path.starts(with: invocationPrefix) {
            let rest = UnsafeRawBufferPointer(rebasing: path[prefix...])
            if rest.equals("next") { return method == .get ? .next : .wrongMethod }
            return answer(method, rest)
        }
        guard let (route, expected) = fixed(path) else { return .unknown }
        return method == expected ? route : .wrongMethod
    }

    /// `{id}/response` or `{id}/error`; the id may be percent-encoded.
    private static func answer(_ method: HTTPMethod, _ rest: UnsafeRawBufferPointer) -> RuntimeAPIRoute {
        guard let slash = rest.lastIndex(of: UInt8(ascii: "/")) else { return .unknown }
        let segment = UnsafeRawBufferPointer(rebasing: rest[0..<slash])
        let verb = UnsafeRawBufferPointer(rebasing: rest[(slash + 1)...])
        let isResponse = verb.equals("response")
        guard isResponse || verb.equals("error") else { return .unknown }
        guard method == .post else { return .wrongMethod }
        let id = UUIDText.parse(segment) ?? decodedID(segment)
        return isResponse ? .response(id) : .error(id)
    }

    private static func decodedID(_ segment: UnsafeRawBufferPointer) -> InvocationID? {
        var decoded: [UInt8] = []
        PercentEncoding.decode(segment, into: &decoded)
        return decoded.withUnsafeBytes { UUIDText.parse($0) }
    }

    private static func fixed(_ path: UnsafeRawBufferPointer) -> (RuntimeAPIRoute, HTTPMethod)? {
        if path.equals("/2018-06-01/runtime/init/error") { return (.initError, .post) }
        if path.equals("/2018-06-01/runtime/restore/next") { return (.restoreNext, .get) }
        if path.equals("/2018-06-01/runtime/restore/error") { return (.restoreError, .post) }
        if path.equals("/ping") || path.equals("/2018-06-01/ping") { return (.ping, .get) }
        if path.equals("/2020-01-01/extension/register") { return (.extensionRegister, .post) }
        if path.equals("/2020-01-01/extension/event/next") { return (.extensionNext, .get) }
        if path.equals("/2020-01-01/extension/init/error") { return (.extensionInitError, .post) }
        if path.equals("/2020-01-01/extension/exit/error") { return (.extensionExitError, .post) }
        if path.equals("/2020-08-15/logs") { return (.logs, .put) }
        if path.equals("/2022-07-01/telemetry") { return (.telemetry, .put) }
        return nil
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func starts(with text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount where self[index] != text.utf8Start[index] { return false }
        return true
    }

    fileprivate func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && starts(with: text)
    }
}
