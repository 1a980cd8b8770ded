/// The members of a request's body: each is asked for by its name, and those that nobody asks for are refused.
struct ControlMembers: Sendable {
    private var members: [String: ServiceJSON]
    private let prefix: String

    init(_ members: [String: ServiceJSON], prefix: String = "") {
        // Null is as good as nothing.
        self.members = members.filter { $0.value != .null }
        self.prefix = prefix
    }

    private mutating func take(_ name: String) -> ServiceJSON? { members.removeValue(forKey: name) }

    mutating func text(_ name: String) throws(LambdaControlError) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.text else { throw wrongKind(name, "a string") }
        return text
    }

    mutating func flag(_ name: String) throws(LambdaControlError) -> Bool? {
        guard let value = take(name) else { return nil }
        guard let flag = value.truth else { throw wrongKind(name, "a boolean") }
        return flag
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(LambdaControlError) -> Int? {
        guard let value = take(name) else { return nil }
        guard let integer = value.integer else { throw wrongKind(name, "an integer") }
        let member = Self.member(prefix + name)
        guard integer >= range.lowerBound else {
            throw .constraint("\(integer)", member, "have value greater than or equal to \(range.lowerBound)")
        }
        guard integer <= range.upperBound else {
            throw .constraint("\(integer)", member, "have value less than or equal to \(range.upperBound)")
        }
        return integer
    }

    mutating func texts(_ name: String) throws(LambdaControlError) -> [String]? {
        guard let value = take(name) else { return nil }
        guard let list = value.list else { throw wrongKind(name, "a list") }
        var texts: [String] = []
        for item in list {
            guard let text = item.text else { throw wrongKind(name, "a list of strings") }
            texts.append(text)
        }
        return texts
    }

    /// Names with texts, as tags and variables are.
    mutating func table(_ name: String) throws(LambdaControlError) -> [String: String]? {
        guard let value = take(name) else { return nil }
        guard let object = value.object else { throw wrongKind(name, "an object") }
        var table: [String: String] = [:]
        for (key, value) in object {
            guard let text = value.text else { throw wrongKind("\(name).\(key)", "a string") }
            table[key] = text
        }
        return table
    }

    mutating func list(_ name: String) throws(LambdaControlError) -> [ServiceJSON]? {
        guard let value = take(name) else { return nil }
        guard let list = value.list else { throw wrongKind(name, "a list") }
        return list
    }

    mutating func object(_ name: String) throws(LambdaControlError) -> ControlMembers? {
        guard let value = take(name) else { return nil }
        guard let object = value.object else { throw wrongKind(name, "an object") }
        return ControlMembers(object, prefix: "\(prefix)\(name).")
    }

    mutating func raw(_ name: String) -> ServiceJSON? { take(name) }

    /// What only says something when it is not empty, and then says something that Glo cannot do.
    mutating func refuse(_ names: [String: String]) throws(LambdaControlError) {
        for name in names.keys.sorted() {
            guard let value = take(name), !value.isEmpty else { continue }
            throw .unsupported(prefix + name, names[name] ?? "")
        }
    }

    /// Members that nobody has asked for.
    func end() throws(LambdaControlError) {
        let left = members.filter { !$0.value.isEmpty }.keys.sorted().map { prefix + $0 }
        guard let first = left.first else { return }
        let all = left.joined(separator: ", ")
        throw .unsupported(
            all, left.count == 1 ? "there is no such parameter here" : "it knows none of them, \(first) first")
    }

    private func wrongKind(_ name: String, _ kind: String) -> LambdaControlError {
        LambdaControlError(
            .invalidContent, "Could not parse request body into json: \(prefix)\(name) is not \(kind)")
    }

    /// As Lambda's messages have it: `ephemeralStorage.size`.
    private static func member(_ name: String) -> String {
        name.split(separator: ".").map { $0.prefix(1).lowercased() + $0.dropFirst() }.joined(separator: ".")
    }
}
