import ArgumentParser
import FunctionModel

/// The argument ID, checked before anybody is asked.
struct InvocationArgument: ParsableArguments {
    @Argument(help: "The invocation's id.")
    var id: String

    func validate() throws {
        guard InvocationID(id) != nil else {
            throw ValidationError("'\(id)' is not an invocation's id; `glo invocations` shows them.")
        }
    }
}
