import FoundationEssentials

/// JSON as the engine writes it: members begin with a capital letter.
enum EngineJSON {
    static func encode(_ value: some Encodable) throws(EngineError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .custom { path in CapitalKey(path.last?.stringValue ?? "") }
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw EngineError(.other, "A request to the engine cannot be written as JSON.", cause: "\(error)")
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(EngineError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw EngineError(
                .other, "The engine's answer cannot be understood.",
                hint: "See whether a Docker-compatible engine listens on the socket.", cause: Self.excerpt(bytes))
        }
    }

    private static func excerpt(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(200), as: UTF8.self)
    }

    private struct CapitalKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name.prefix(1).uppercased() + name.dropFirst() }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}
