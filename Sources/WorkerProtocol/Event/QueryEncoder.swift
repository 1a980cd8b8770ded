import TextForms

/// Writes `queryStringParameters`: decoded, `+` being a blank, repeated names joined by commas.
enum QueryEncoder {
    private struct Pair {
        var name: Range<Int>
        var value: Range<Int>
        /// The next pair of the same name, and whether this one is the first of it.
        var next = -1
        var isFirst = true
    }

    /// Writes nothing when the query has no parameter.
    static func append(_ query: String, to json: inout ByteAssembler) {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(query.utf8.count)
        var query = query
        var pairs = query.withUTF8 { split(UnsafeRawBufferPointer($0), into: &decoded) }
        guard !pairs.isEmpty else { return }
        link(&pairs, decoded)
        json.append(#","queryStringParameters":{"#)
        decoded.withUnsafeBytes { bytes in
            var isFirst = true
            for pair in pairs where pair.isFirst {
                json.append(isFirst ? "\"" : ",\"")
                isFirst = false
                append(bytes[pair.name], to: &json)
                json.append("\":\"")
                append(bytes[pair.value], to: &json)
                var next = pair.next
                while next >= 0 {
                    json.append(",")
                    append(bytes[pairs[next].value], to: &json)
                    next = pairs[next].next
                }
                json.append("\"")
            }
        }
        json.append("}")
    }

    /// Writes `queryStringParameters`, which has the last value of each name, and `multiValueQueryStringParameters`, which
    /// has all; both are null when the query has no parameter.
    static func appendREST(_ query: String, to json: inout ByteAssembler) {
        var decoded: [UInt8] = []
        var query = query
        var pairs = query.withUTF8 { split(UnsafeRawBufferPointer($0), into: &decoded) }
        guard !pairs.isEmpty else {
            return json.append(#","queryStringParameters":null,"multiValueQueryStringParameters":null"#)
        }
        link(&pairs, decoded)
        decoded.withUnsafeBytes { bytes in
            json.append(#","queryStringParameters":{"#)
            appendPairs(pairs, bytes, isList: false, to: &json)
            json.append(#"},"multiValueQueryStringParameters":{"#)
            appendPairs(pairs, bytes, isList: true, to: &json)
            json.append("}")
        }
    }

    private static func appendPairs(
        _ pairs: [Pair], _ bytes: UnsafeRawBufferPointer, isList: Bool, to json: inout ByteAssembler
    ) {
        var isFirst = true
        for pair in pairs where pair.isFirst {
            json.append(isFirst ? "\"" : ",\"")
            isFirst = false
            append(bytes[pair.name], to: &json)
            json.append(isList ? "\":[\"" : "\":\"")
            var last = pair
            if isList { append(bytes[pair.value], to: &json) }
            while last.next >= 0 {
                last = pairs[last.next]
                guard isList else { continue }
                json.append("\",\"")
                append(bytes[last.value], to: &json)
            }
            if !isList { append(bytes[last.value], to: &json) }
            json.append(isList ? "\"]" : "\"")
        }
    }

    private static func split(_ query: UnsafeRawBufferPointer, into decoded: inout [UInt8]) -> [Pair] {
        var pairs: [Pair] = []
        var start = 0
        while start < query.count {
            var end = start
            var equals = -1
            while end < query.count, query[end] != UInt8(ascii: "&") {
                if equals < 0, query[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            if end > start {
                let nameStart = decoded.count
                PercentEncoding.decode(
                    UnsafeRawBufferPointer(rebasing: query[start..<(equals < 0 ? end : equals)]), plusIsBlank: true,
                    into: &decoded)
                let valueStart = decoded.count
                if equals >= 0 {
                    PercentEncoding.decode(
                        UnsafeRawBufferPointer(rebasing: query[(equals + 1)..<end]), plusIsBlank: true, into: &decoded)
                }
                pairs.append(Pair(name: nameStart..<valueStart, value: valueStart..<decoded.count))
            }
            start = end + 1
        }
        return pairs
    }

    /// Links pairs of the same name. By hashing, so that thousands of parameters cost no square of them.
    private static func link(_ pairs: inout [Pair], _ decoded: [UInt8]) {
        guard pairs.count > 1 else { return }
        var last: [ArraySlice<UInt8>: Int] = [:]
        for index in pairs.indices {
            let name = decoded[pairs[index].name]
            if let earlier = last[name] {
                pairs[earlier].next = index
                pairs[index].isFirst = false
            }
            last[name] = index
        }
    }

    /// Decoded bytes need not be UTF-8; what is not becomes U+FFFD.
    private static func append(_ slice: Slice<UnsafeRawBufferPointer>, to json: inout ByteAssembler) {
        let run = UnsafeRawBufferPointer(rebasing: slice)
        if UTF8Text.isValid(run) {
            json.appendJSONContent(run)
            return
        }
        var repaired = String(decoding: run, as: UTF8.self)
        repaired.withUTF8 { json.appendJSONContent(UnsafeRawBufferPointer($0)) }
    }
}
