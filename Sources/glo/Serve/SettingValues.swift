import Configuration
import Controller
import SystemPackage
import Yams

/// The settings as text, whichever of flags, environment and file they come from, and their reading as values.
///
/// Environment variables are the keys in capitals behind `GLO_`: `adminListen` is `GLO_ADMIN_LISTEN`.
struct SettingValues: Sendable {
    private let reader: ConfigReader

    static let keys = [
        "functions", "state", "listen", "adminListen", "adminAccessKeyId", "adminSecretAccessKey", "redis",
        "redisUnsafe", "redisNamespace", "redisMemory",
        "redisAppendfsync", "outboundAllow", "isolation", "logLevel", "logFormat", "memoryBudget",
        "spares", "drainTimeout", "maxBody", "bodyMemory", "maxConnectionsPerAddress", "trustedProxies",
        "metrics", "records", "traces", "traceSample", "location",
    ]

    init(_ options: ServeOptions, environment: [String: String]) async throws {
        var flags: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, value) in options.given {
            flags[AbsoluteConfigKey([key])] = ConfigValue(.string(value), isSecret: false)
        }
        var providers: [any ConfigProvider] = [
            InMemoryProvider(name: "flags", values: flags),
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "glo"),
        ]
        if let path = options.config ?? environment["GLO_CONFIG"] {
            try Self.check(path)
            do {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(path)))
            } catch {
                throw CommandFailure(.usage, "the configuration file \(path) cannot be read: \(error)")
            }
        }
        reader = ConfigReader(providers: providers)
    }

    // MARK: Values

    func text(_ key: String) -> String? {
        let value = reader.string(forKey: ConfigKey(key))
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Separated by commas, or a list in the file.
    func list(_ key: String) -> [String] {
        if let list = reader.stringArray(forKey: ConfigKey(key)) { return list }
        return (text(key) ?? "").split(separator: ",").map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
    }

    func number(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw bad(key, text, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of _: Choice.Type
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text = text(key) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw bad(key, text, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    /// `host:port`, `[v6]:port`.
    func address(_ key: String) throws -> ControllerConfiguration.Address? {
        guard let text = text(key) else { return nil }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw bad(key, text, "HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080") }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw bad(key, text, "HOST:PORT with a host; 0.0.0.0 is every interface") }
        return ControllerConfiguration.Address(host: String(host), port: port)
    }

    func milliseconds(_ key: String) throws -> Int? {
        try scaled(key, ["ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000], "a time such as 30s, 500ms or 2m")
    }

    func bytes(_ key: String) throws -> Int? {
        try scaled(
            key, ["": 1, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30], "a size such as 6Mi, 512Ki or a number of bytes")
    }

    func flag(_ key: String) throws -> Bool? {
        // A file may have it as a bool of YAML.
        if let value = reader.bool(forKey: ConfigKey(key)) { return value }
        guard let text = text(key) else { return nil }
        throw bad(key, text, "true or false")
    }

    /// `off`, or a URL.
    func redis(_ key: String) throws -> RedisChoice? {
        guard let text = text(key) else { return nil }
        if text == "off" { return .off }
        do throws(ControllerError) {
            return try RedisChoice(url: text)
        } catch {
            throw CommandFailure(
                .usage, "\(key) (\(Self.flag(key)), \(Self.variable(key))): \(error.message)", hint: error.hint)
        }
    }

    /// `off` is 0.
    func numberOrOff(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = text(key) else { return nil }
        if text == "off" { return 0 }
        guard let number = Int(text), range.contains(number) else {
            throw bad(key, text, "off or a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// 0 to 1.
    func share(_ key: String) throws -> Double? {
        guard let text = text(key) else { return nil }
        guard let share = Double(text), (0...1).contains(share) else {
            throw bad(key, text, "a share from 0 to 1, such as 0.01")
        }
        return share
    }

    /// `off` is nil.
    func httpURL(_ key: String) throws -> String? {
        guard let text = text(key), text != "off" else { return nil }
        let rest = ["http://", "https://"].compactMap { text.hasPrefix($0) ? text.dropFirst($0.count) : nil }.first
        guard let rest, let first = rest.first, first != "/", !text.contains(where: { $0.isWhitespace }) else {
            throw bad(key, text, "off or a URL such as http://localhost:4318/v1/traces")
        }
        return text
    }

    private func scaled(_ key: String, _ units: [String: Int], _ allowed: String) throws -> Int? {
        guard let text = text(key) else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else {
            throw bad(key, text, allowed)
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow, product > 0 else { throw bad(key, text, allowed) }
        return product
    }

    private func bad(_ key: String, _ text: String, _ allowed: String) -> CommandFailure {
        CommandFailure(.usage, "\(key) (\(Self.flag(key)), \(Self.variable(key))) is '\(text)'; it takes \(allowed)")
    }

    // MARK: Names

    /// `adminListen` as `--admin-listen`.
    static func flag(_ key: String) -> String { "--" + words(key).joined(separator: "-") }

    /// `adminListen` as `GLO_ADMIN_LISTEN`.
    static func variable(_ key: String) -> String { "GLO_" + words(key).joined(separator: "_").uppercased() }

    private static func words(_ key: String) -> [String] {
        var words: [String] = [""]
        for character in key {
            if character.isUppercase { words.append("") }
            words[words.count - 1] += character.lowercased()
        }
        return words
    }

    // MARK: The file

    /// A key that nobody reads is a mistake that would go unseen.
    private static func check(_ path: String) throws {
        let text: String
        guard let bytes = FileText.read(path, maximum: 1 << 20) else {
            throw CommandFailure(.usage, "the configuration file \(path) cannot be read")
        }
        text = String(decoding: bytes, as: UTF8.self)
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw CommandFailure(.usage, "\(path): \(error)")
        }
        guard let node else { return }
        guard let mapping = node.mapping else {
            throw CommandFailure(.usage, "\(path): it has to consist of keys and values")
        }
        for key in mapping.keys {
            let name = key.string ?? ""
            guard !keys.contains(name) else { continue }
            let line = key.mark.map { ":\($0.line)" } ?? ""
            throw CommandFailure(
                .usage, "\(path)\(line): unknown key '\(name)'", hint: "known keys: " + keys.joined(separator: ", "))
        }
    }
}

extension Substring {
    func trimmingBlanks() -> String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
