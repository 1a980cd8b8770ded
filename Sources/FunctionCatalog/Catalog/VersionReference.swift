package import FunctionModel

/// A version by name and number.
package struct VersionReference: Hashable, Sendable {
    package let function: FunctionName
    package let number: Int

    package init(function: FunctionName, number: Int) {
        self.function = function
        self.number = number
    }

    package init(_ version: FunctionVersion) { self.init(function: version.name, number: version.number) }
}
