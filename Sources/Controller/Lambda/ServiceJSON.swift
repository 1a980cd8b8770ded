import FoundationEssentials
import NIOCore

/// A JSON document whose members are looked at one by one.
indirect enum ServiceJSON: Hashable, Sendable {
    case null
    case truth(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([ServiceJSON])
    case object([String: ServiceJSON])

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var list: [ServiceJSON]? { if case .list(let list) = self { list } else { nil } }
    var object: [String: ServiceJSON]? { if case .object(let object) = self { object } else { nil } }
    var truth: Bool? { if case .truth(let truth) = self { truth } else { nil } }

    /// Also of a number that happens to have no fraction.
    var integer: Int? {
        switch self {
        case .integer(let integer): integer
        case .number(let number): Int(exactly: number)
        case .null, .truth, .text, .list, .object: nil
        }
    }

    var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .null, .truth, .text, .list, .object: nil
        }
    }

    /// Whether it says nothing: null, and texts, lists and objects that are empty or hold nothing but such.
    var isEmpty: Bool {
        switch self {
        case .null: true
        case .truth, .integer, .number: false
        case .text(let text): text.isEmpty
        case .list(let list): list.isEmpty
        case .object(let object): object.values.allSatisfy(\.isEmpty)
        }
    }

    subscript(key: String) -> ServiceJSON? { object?[key] }

    /// An object without the members that have no value.
    static func members(_ members: [(String, ServiceJSON?)]) -> ServiceJSON {
        .object(Dictionary(members.compactMap { key, value in value.map { (key, $0) } }, uniquingKeysWith: { $1 }))
    }

    static func texts(_ texts: [String: String]) -> ServiceJSON { .object(texts.mapValues(ServiceJSON.text)) }

    // MARK: Bytes

    /// - Throws: when the bytes are no JSON.
    init(_ buffer: ByteBuffer) throws {
        self = try JSONDecoder().decode(ServiceJSON.self, from: Data(buffer.readableBytesView))
    }

    /// Compact, members in the order of their names.
    var bytes: ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Numbers that JSON cannot hold are never put in.
        return ByteBuffer(bytes: (try? encoder.encode(self)) ?? Data("null".utf8))
    }

    var string: String { String(buffer: bytes) }
}

extension ServiceJSON: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else if let integer = try? container.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let object = try? container.decode([String: ServiceJSON].self) {
            self = .object(object)
        } else {
            self = .list(try container.decode([ServiceJSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .truth(let truth): try container.encode(truth)
        case .integer(let integer): try container.encode(integer)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let list): try container.encode(list)
        case .object(let object): try container.encode(object)
        }
    }
}

extension ServiceJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .truth(value) }
}

extension ServiceJSON: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    init(arrayLiteral elements: ServiceJSON...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, ServiceJSON)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
