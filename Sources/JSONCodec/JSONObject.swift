/// The members of an object in their order, each name once.
package struct JSONObject: Hashable, Sendable {
    package private(set) var members: [(name: String, value: JSONValue)] = []
    private var indices: [String: Int] = [:]

    package init() {}

    /// Of members with one name the last stays, as most readers have it.
    package init(_ members: [(String, JSONValue)]) {
        for (name, value) in members { self[name] = value }
    }

    package var isEmpty: Bool { members.isEmpty }
    package var names: [String] { members.map(\.name) }

    package subscript(name: String) -> JSONValue? {
        get { indices[name].map { members[$0].value } }
        set {
            switch (indices[name], newValue) {
            case (let index?, let value?): members[index].value = value
            case (nil, let value?):
                indices[name] = members.count
                members.append((name, value))
            case (let index?, nil):
                members.remove(at: index)
                indices = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.name, $0) })
            case (nil, nil): break
            }
        }
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.members.count == b.members.count && a.members.allSatisfy { b[$0.name] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
        for name in names.sorted() {
            hasher.combine(name)
            hasher.combine(self[name])
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral members: (String, JSONValue)...) { self.init(members) }
}
