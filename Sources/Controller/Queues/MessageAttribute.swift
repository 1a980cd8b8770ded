import JSONCodec
import TextForms

/// One attribute of a message, with the types of SQS.
struct MessageAttribute: Hashable, Sendable {
    enum Value: Hashable, Sendable {
        case string(String)
        case binary([UInt8])
    }

    let name: String
    /// `String`, `Number` or `Binary`, with a type of the sender's own behind a full stop.
    let type: String
    let value: Value

    var isEmpty: Bool {
        switch value {
        case .string(let text): text.isEmpty
        case .binary(let bytes): bytes.isEmpty
        }
    }

    /// What SQS counts of it against a message's size.
    var bytes: Int {
        let length =
            switch value {
            case .string(let text): text.utf8.count
            case .binary(let bytes): bytes.count
            }
        return name.utf8.count + type.utf8.count + length
    }

    /// As a request of SQS has it; nil when it is none.
    init?(name: String, _ object: JSONObject) {
        guard let type = object["DataType"]?.string, !type.isEmpty else { return nil }
        self.name = name
        self.type = type
        if let text = object["StringValue"]?.string, !type.hasPrefix("Binary") {
            value = .string(text)
        } else if let bytes = object["BinaryValue"]?.string.flatMap({ Base64.decode($0) }), type.hasPrefix("Binary") {
            value = .binary(bytes)
        } else {
            return nil
        }
    }

    /// As a response of SQS has it.
    var json: JSONValue {
        switch value {
        case .string(let text): ["StringValue": .string(text), "DataType": .string(type)]
        case .binary(let bytes): ["BinaryValue": .string(Base64.encode(bytes)), "DataType": .string(type)]
        }
    }

    /// As Lambda's event of a queue has it.
    var record: JSONValue {
        switch value {
        case .string(let text):
            [
                "stringValue": .string(text), "stringListValues": [], "binaryListValues": [],
                "dataType": .string(type),
            ]
        case .binary(let bytes):
            [
                "binaryValue": .string(Base64.encode(bytes)), "stringListValues": [], "binaryListValues": [],
                "dataType": .string(type),
            ]
        }
    }

    /// What SQS' clients check: MD5 over names, types and values in the order of the names, each behind its length in
    /// four bytes; between type and value a byte that is 1 for a text and 2 for bytes.
    static func digest(_ attributes: [MessageAttribute]) -> String? {
        guard !attributes.isEmpty else { return nil }
        var bytes: [UInt8] = []
        func add(_ part: some Collection<UInt8>) {
            let length = UInt32(truncatingIfNeeded: part.count)
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> UInt32(shift))) }
            bytes += part
        }
        for attribute in attributes.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            add(attribute.name.utf8)
            add(attribute.type.utf8)
            switch attribute.value {
            case .string(let text):
                bytes.append(1)
                add(text.utf8)
            case .binary(let value):
                bytes.append(2)
                add(value)
            }
        }
        return MessageDigest.md5(bytes)
    }
}
