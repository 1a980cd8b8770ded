import AdminModel
import ArgumentParser
import FunctionModel

/// The names that events are kept under: functions' names, and one that no function can have.
enum QueueNames {
    static func isName(_ text: String) -> Bool { QueueInfo.isOwn(text) || FunctionName(text) != nil }

    static func check(_ text: String) throws {
        guard isName(text) else {
            throw ValidationError("'\(text)' is not a function's name: \(FunctionName.rule).")
        }
    }
}
