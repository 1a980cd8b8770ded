import HTTPCodec
import JSONCodec
import NIOCore

/// Answers of the older protocol: XML, in which lists and mappings are elements that come again.
enum QueryAnswer {
    private static let namespace = "http://queue.amazonaws.com/doc/2012-11-05/"
    /// What this protocol says of a queue that does not exist.
    private static let noQueue = "The specified queue does not exist for this wsdl version."
    private static let fields = HTTPFields([("Content-Type", "text/xml")])

    static func result(_ result: JSONObject?, of operation: String, _ id: String) -> ServiceResponse {
        var xml = "<?xml version=\"1.0\"?><\(operation)Response xmlns=\"\(namespace)\">"
        if let result {
            xml += "<\(operation)Result>"
            for (name, value) in result.members { write(name, value, operation, &xml) }
            xml += "</\(operation)Result>"
        }
        xml += "<ResponseMetadata><RequestId>\(id)</RequestId></ResponseMetadata></\(operation)Response>"
        return ServiceResponse(status: 200, fields: fields, body: ByteBuffer(string: xml))
    }

    static func error(_ error: QueueError, _ id: String) -> ServiceResponse {
        var xml = "<?xml version=\"1.0\"?><ErrorResponse xmlns=\"\(namespace)\"><Error>"
        xml += "<Type>\(error.isSender ? "Sender" : "Receiver")</Type>"
        element("Code", error.code, &xml)
        element("Message", error == .noQueue ? noQueue : error.message, &xml)
        xml += "<Detail/></Error><RequestId>\(id)</RequestId></ErrorResponse>"
        return ServiceResponse(status: error.status, fields: fields, body: ByteBuffer(string: xml))
    }

    private static func write(_ name: String, _ value: JSONValue, _ operation: String, _ xml: inout String) {
        switch value {
        case .null: break
        case .bool(let value): element(name, value ? "true" : "false", &xml)
        case .number(let number): element(name, number.digits, &xml)
        case .string(let text): element(name, text, &xml)
        case .array(let items):
            let item = itemName(name, operation)
            for value in items { write(item, value, operation, &xml) }
        case .object(let object):
            switch name {
            case "Attributes", "MessageAttributes": entries(String(name.dropLast()), "Name", object, operation, &xml)
            case "Tags": entries("Tag", "Key", object, operation, &xml)
            default:
                xml += "<\(name)>"
                for (name, value) in object.members { write(name, value, operation, &xml) }
                xml += "</\(name)>"
            }
        }
    }

    private static func entries(
        _ name: String, _ key: String, _ object: JSONObject, _ operation: String, _ xml: inout String
    ) {
        for (entry, value) in object.members {
            xml += "<\(name)>"
            element(key, entry, &xml)
            write("Value", value, operation, &xml)
            xml += "</\(name)>"
        }
    }

    private static func itemName(_ list: String, _ operation: String) -> String {
        switch list {
        case "QueueUrls", "queueUrls": "QueueUrl"
        case "Messages": "Message"
        case "Successful": operation + "ResultEntry"
        case "Failed": "BatchResultErrorEntry"
        default: "member"
        }
    }

    private static func element(_ name: String, _ text: String, _ xml: inout String) {
        xml += "<\(name)>"
        XMLText.escape(text, into: &xml)
        xml += "</\(name)>"
    }
}
