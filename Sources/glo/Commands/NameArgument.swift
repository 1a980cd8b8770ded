import ArgumentParser
import FunctionModel

/// The argument NAME, checked before anybody is asked.
struct NameArgument: ParsableArguments {
    @Argument(help: "The function's name.")
    var name: String

    func validate() throws {
        guard FunctionName(name) != nil else {
            throw ValidationError("'\(name)' is not a function's name: \(FunctionName.rule).")
        }
    }
}
