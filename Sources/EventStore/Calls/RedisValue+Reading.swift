import FunctionModel
import NIOCore
import RedisClient

extension RedisValue {
    var text: String? { string }
    var number: Int? { int.flatMap(Int.init(exactly:)) }
    var items: [RedisValue]? { array }

    /// Elements that are all whole numbers.
    var numbers: [Int]? {
        guard let items else { return nil }
        var numbers: [Int] = []
        for item in items {
            guard let number = item.number else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    var nonEmptyText: String? {
        guard let bytes, bytes.readableBytes > 0 else { return nil }
        return text
    }

    var nonEmptyBytes: ByteBuffer? {
        guard let bytes, bytes.readableBytes > 0 else { return nil }
        return bytes
    }

    var invocationID: InvocationID? { text.flatMap { InvocationID($0) } }
}
