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
        let record = await records.read(name)
        var tags = mapping.map { record.mappings[$0]?.tags ?? [:] } ?? record.tags
        switch operation {
        case .list: return Self.answer(200, .members([("Tags", .texts(tags))]))
        case .add:
            var members = try request.members()
            let new = try members.table("Tags") ?? [:]
            try members.end()
            tags.merge(new) { $1 }
            try Self.check(tags)
        case .remove:
            let keys = request.parameters("tagKeys")
            guard !keys.isEmpty else { throw .constraint("null", "tagKeys", "not be null") }
            for key in keys { tags[key] = nil }
        }
        let (changed, time) = (tags, clock())
        var source = ""
        if let mapping { source = try await self.mapping(mapping).1.sourceARN }
        let arn = source
        try await records.update(name) { (record) throws(LambdaControlError) in
            guard let mapping else { return record.tags = changed }
            var known =
                record.mappings[mapping]
                ?? LambdaRecord.Mapping(sourceARN: arn, modifiedAt: time, tags: [:], bounds: false)
            known.tags = changed
            record.mappings[mapping] = known
        }
        return Self.nothing
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
