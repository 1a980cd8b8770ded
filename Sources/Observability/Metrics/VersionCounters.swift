package import FunctionModel

/// How the invocations of one version ended.
package struct VersionCounters: Sendable, Hashable {
    package struct Failures: Sendable, Hashable {
        package let code: FailureCode
        package fileprivate(set) var count: Int
    }

    /// 0 counts what ended without ever having had a worker.
    package let version: Int
    package private(set) var succeeded = 0
    package private(set) var failures: [Failures] = []

    init(version: Int) { self.version = version }

    mutating func add(_ outcome: InvocationOutcome) {
        guard case .failed(let code) = outcome else {
            succeeded += 1
            return
        }
        if let index = failures.firstIndex(where: { $0.code == code }) {
            failures[index].count += 1
        } else {
            failures.append(Failures(code: code, count: 1))
        }
    }
}
