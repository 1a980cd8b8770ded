import FunctionModel

extension LambdaControl {
    private static let mostTags = 50

    static func check(_ tags: [String: String]) throws(LambdaControlError) {
        guard tags.count <= mostTags else {
            throw .invalid("Number of tags exceeds resource tag limit of \(mostTags)")
        }
        for (key, value) in tags {
            guard (1...128).contains(key.unicodeScalars.count), value.unicodeScalars.count <= 256 else {
                throw .invalid("Tag keys have 1 to 128 characters and values at most 256: '\(key)'")
            }
            guard !key.lowercased().hasPrefix("aws:") else {
                throw .invalid("aws: prefixed tag key names are not allowed for external use.")
            }
        }
    }

    /// Tags of a function or of an event source mapping.
    func tags(_ operation: ControlOperation.TagOperation, _ arn: String, _ request: ControlRequest)
        async throws(LambdaControlError) -> ServiceResponse
    {
        let (name, mapping) = try await tagged(arn)
        var added: [String: String] = [:]
        var removed: [String] = []
        switch operation {
        case .list:
            let record = try await records.read(name)
            let tags = mapping.map { record.mappings[$0]?.tags ?? [:] } ?? record.tags
            return Self.answer(200, .members([("Tags", .texts(tags))]))
        case .add:
            var members = try request.members()
            guard let new = try members.table("Tags") else { throw .constraint("null", "tags", "not be null") }
            try members.end()
            added = new
        case .remove:
            removed = request.parameters("tagKeys")
            guard !removed.isEmpty else { throw .constraint("null", "tagKeys", "not be null") }
        }
        var source = ""
        if let mapping { source = try await self.mapping(mapping).1.sourceARN }
        let change = TagChange(added: added, removed: removed)
        let (time, origin) = (clock(), source)
        try await records.update(name) { (record) throws(LambdaControlError) in
            guard let mapping else { return try change.apply(to: &record.tags) }
            var known =
                record.mappings[mapping]
                ?? LambdaRecord.Mapping(sourceARN: origin, modifiedAt: time, tags: [:], bounds: false)
            try change.apply(to: &known.tags)
            record.mappings[mapping] = known
        }
        return Self.nothing
    }

    /// Made on what is there then, so that changes at the same time lose nothing of each other.
    private struct TagChange: Sendable {
        let added: [String: String]
        let removed: [String]

        func apply(to tags: inout [String: String]) throws(LambdaControlError) {
            var changed = tags.merging(added) { $1 }
            for key in removed { changed[key] = nil }
            try LambdaControl.check(changed)
            tags = changed
        }
    }

    private func tagged(_ arn: String) async throws(LambdaControlError) -> (FunctionName, String?) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 7, parts[0] == "arn", parts[2] == "lambda" else {
            throw .constraint(arn, "resource", "satisfy regular expression pattern: arn:(aws[a-zA-Z-]*):lambda:…")
        }
        if parts[5] == "event-source-mapping" {
            let uuid = String(parts[6])
            return (try await mapping(uuid).0.name, uuid)
        }
        let target = try ControlTarget(arn)
        guard target.qualifier == nil else {
            throw .invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.")
        }
        return (try await view(target).name, nil)
    }
}
