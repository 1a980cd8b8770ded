/// One record of the controller's log.
package struct LogLine: Sendable {
    package let text: String
    package let json: JSONValue

    init(_ text: String) {
        self.text = text
        json = (try? JSONValue(Array(text.utf8))) ?? .null
    }

    package var message: String { json["message"].string ?? "" }
    package var level: String { json["level"].string ?? "" }
    package var function: String? { json["function"].string }
    package var reason: String { json["reason"].string ?? "" }
    package var version: Int? { json["version"].int ?? json["version"].string.flatMap(Int.init) }
}
