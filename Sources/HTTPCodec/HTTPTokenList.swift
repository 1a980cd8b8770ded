/// Lists of tokens with commas between them, such as the value of `Connection`.
package enum HTTPTokenList {
    /// Gives each member without its surrounding blanks; empty ones are left out.
    package static func forEach(
        in value: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        var start = 0
        while start <= value.count {
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
            var first = start
            var last = end
            while first < last, HTTPByteClass.isBlank(value[first]) { first += 1 }
            while last > first, HTTPByteClass.isBlank(value[last - 1]) { last -= 1 }
            if first < last { body(UnsafeRawBufferPointer(rebasing: value[first..<last])) }
            start = end + 1
        }
    }
}
