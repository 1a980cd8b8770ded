/// A number as its digits: no precision is lost on the way through.
package struct JSONNumber: Hashable, Sendable {
    package let digits: String

    package init(_ value: Int) { digits = String(value) }

    /// The digits have to be a number of JSON.
    init(digits: String) { self.digits = digits }

    /// The value when it is whole and fits.
    package var integer: Int? {
        if let value = Int(digits) { return value }
        guard let value = Double(digits), value.rounded() == value, abs(value) <= 9_007_199_254_740_992 else {
            return nil
        }
        return Int(value)
    }

    /// The nearest value that there is; infinite when it is too large.
    package var double: Double { Double(digits) ?? .nan }
}
