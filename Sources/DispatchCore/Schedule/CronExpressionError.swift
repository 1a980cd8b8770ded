/// Why a text is no cron expression.
package enum CronExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
    case fieldCount(Int)
    case unknownShorthand(String)
    /// An item of a field's list that is neither a value nor a range of the field.
    case value(CronField, String)
    /// A range whose end lies before its beginning.
    case backwards(CronField, String)
    case step(CronField, String)
    /// A day that no month of the expression has, such as 30 February.
    case neverFires

    /// A clause that goes on behind "'TEXT': ".
    package var description: String {
        switch self {
        case .fieldCount(let count):
            "it has \(count) fields where there are five: minute hour day-of-month month day-of-week"
        case .unknownShorthand(let text):
            "'\(text)' is none of \(CronExpression.shorthands.map(\.name).joined(separator: ", "))"
        case .value(let field, let text): "'\(text)' is no \(field.name) (\(field.allowed))"
        case .backwards(let field, let text): "the \(field.name) '\(text)' runs backwards (\(field.allowed))"
        case .step(let field, let text):
            "the step of the \(field.name) '\(text)' is none of 1-\(field.range.upperBound)"
        case .neverFires: "it never fires, since no month of it has such a day"
        }
    }
}
