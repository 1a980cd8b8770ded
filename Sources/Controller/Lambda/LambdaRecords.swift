import FoundationEssentials
import FunctionCatalog
import FunctionModel
import Glibc

/// The files of ``LambdaRecord``; one change at a time, each written whole or not at all.
actor LambdaRecords {
    private let directory: String

    init(stateDirectory: String) { directory = "\(stateDirectory)/lambda" }

    /// An empty one when there is none, or none that can be read.
    func read(_ name: FunctionName) -> LambdaRecord {
        guard let data = FileManager.default.contents(atPath: path(name)) else { return LambdaRecord() }
        return (try? JSONDecoder().decode(LambdaRecord.self, from: data)) ?? LambdaRecord()
    }

    /// Changes it and gives it a new revision.
    @discardableResult
    func update<Answer: Sendable>(
        _ name: FunctionName, _ change: @Sendable (inout LambdaRecord) throws(LambdaControlError) -> Answer
    ) throws(LambdaControlError) -> Answer {
        var record = read(name)
        let answer = try change(&record)
        record.revision = UUID().uuidString.lowercased()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(record) else {
            throw LambdaControlError(.service, "the function's record cannot be written as JSON")
        }
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw LambdaControlError(.service, "\(directory) cannot be made")
        }
        do throws(FunctionWriteError) {
            try FunctionWriter.write(String(decoding: data, as: UTF8.self), to: path(name))
        } catch {
            throw LambdaControlError(.service, error.message)
        }
        return answer
    }

    /// The function is no more.
    func remove(_ name: FunctionName) { unlink(path(name)) }

    /// The same for a function that went without being asked for through this API.
    static func discard(_ name: FunctionName, stateDirectory: String) {
        unlink("\(stateDirectory)/lambda/\(name).json")
    }

    private func path(_ name: FunctionName) -> String { "\(directory)/\(name).json" }
}
