import AdminModel
import FunctionModel
import Hummingbird

/// The parameters of a request's query, checked.
struct QueryReader {
    private let parameters: [Substring: Substring]

    /// A leap year, the longest that an event may wait.
    static let maximumDelayMilliseconds = 31_622_400_000
    /// The largest number that is exact in every JSON reader.
    static let maximumMilliseconds = 9_007_199_254_740_991
    /// Bytes of a text.
    private static let maximumTextBytes = 256

    init(_ request: Request) {
        parameters = Dictionary(request.uri.queryParameters.map { ($0.key, $0.value) }, uniquingKeysWith: { a, _ in a })
    }

    func isTrue(_ name: String) -> Bool { parameters[name[...]] == "true" }

    /// Nil without the parameter.
    func number(_ name: String, in range: ClosedRange<Int>) throws(AdminError) -> Int? {
        guard let text = parameters[name[...]] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw AdminError(
                .badRequest, "'\(name)' is not a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// Nil without the parameter. A text is not empty and fits into a header field.
    func text(_ name: String) throws(AdminError) -> String? {
        guard let text = parameters[name[...]] else { return nil }
        guard !text.isEmpty, text.utf8.count <= Self.maximumTextBytes,
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        else {
            throw AdminError(
                .badRequest,
                "'\(name)' is not a text of 1 to \(Self.maximumTextBytes) bytes without control characters.")
        }
        return String(text)
    }
}
