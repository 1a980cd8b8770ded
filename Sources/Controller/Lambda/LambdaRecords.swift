import FoundationEssentials
import FunctionCatalog
import FunctionModel
import Glibc
import StateFiles

/// The files of ``LambdaRecord``; one change at a time, each written whole or not at all.
actor LambdaRecords {
    private let stateDirectory: String
    private static let limit = 16 << 20

    init(stateDirectory: String) { self.stateDirectory = stateDirectory }

    /// An empty one when there is none.
    func read(_ name: FunctionName) throws(LambdaControlError) -> LambdaRecord {
        do throws(StateFileError) {
            return try Self.stored("\(name)", stateDirectory) ?? LambdaRecord()
        } catch {
            throw LambdaControlError(.service, error.message + (error.hint.map { " (\($0))" } ?? ""))
        }
    }

    /// Changes it and gives it a new revision. One that is damaged is not overwritten.
    @discardableResult
    func update<Answer: Sendable>(
        _ name: FunctionName, _ change: @Sendable (inout LambdaRecord) throws(LambdaControlError) -> Answer
    ) throws(LambdaControlError) -> Answer {
        var record = try read(name)
        let answer = try change(&record)
        record.revision = UUID().uuidString.lowercased()
        let directory = "\(stateDirectory)/lambda"
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw LambdaControlError(.service, "\(directory) cannot be made")
        }
        do throws(StateFileError) {
            try Self.write(record, "\(name)", stateDirectory)
        } catch {
            throw LambdaControlError(.service, error.message)
        }
        return answer
    }

    /// The function is no more.
    func remove(_ name: FunctionName) { Self.discard(name, stateDirectory: stateDirectory) }

    /// The same for a function that went without being asked for through this API.
    static func discard(_ name: FunctionName, stateDirectory: String) {
        unlink("\(stateDirectory)/\(file("\(name)"))")
        guard var index = (try? LambdaIndex.read(stateDirectory)) ?? nil, index.names.remove("\(name)") != nil else {
            return
        }
        try? index.write(stateDirectory)
    }

    // MARK: The files

    /// Relative to the state directory.
    private static func file(_ name: String) -> String { "lambda/\(name).json" }

    /// The functions whose records lie there.
    private static func stored(in stateDirectory: String) -> Set<String> {
        let entries = (try? TaskDirectory.entries(of: "\(stateDirectory)/lambda")) ?? []
        return Set(
            entries.compactMap { entry -> String? in
                guard entry.hasSuffix(".json") else { return nil }
                let name = String(entry.dropLast(5))
                return FunctionName(name) == nil ? nil : name
            })
    }

    /// Gives records of an older version their checksums, and makes the index that is missing.
    ///
    /// - Returns: what was wrong with the index.
    static func convert(_ stateDirectory: String) -> String? {
        let names = stored(in: stateDirectory)
        var told: String?
        var index: LambdaIndex?
        do throws(StateFileError) {
            index = try LambdaIndex.read(stateDirectory)
            if index == nil, StateMark.isConverted(stateDirectory), !names.isEmpty {
                told = "\(LambdaIndex.fileName) was gone"
            }
        } catch {
            told = error.message
        }
        if !StateMark.isConverted(stateDirectory) {
            for name in names {
                // Older versions let others read it.
                chmod("\(stateDirectory)/\(file(name))", 0o600)
                guard let record = (try? stored(name, stateDirectory)) ?? nil else { continue }
                try? write(record, name, stateDirectory)
            }
        }
        var whole = index ?? LambdaIndex()
        // Before there is a mark, what lies there is all: an older version knows no index.
        whole.names = StateMark.isConverted(stateDirectory) ? whole.names.union(names) : names
        if whole != index { try? whole.write(stateDirectory) }
        return told
    }

    /// What is wrong with the records, in sentences.
    static func problems(_ stateDirectory: String) -> [String] {
        let known = ((try? LambdaIndex.read(stateDirectory)) ?? nil)?.names ?? []
        return known.union(stored(in: stateDirectory)).sorted().compactMap { name -> String? in
            do throws(StateFileError) {
                _ = try stored(name, stateDirectory)
                return nil
            } catch {
                return "what Lambda's API keeps of \(name) (role, tags, policy) cannot be read: \(error.message)"
            }
        }
    }

    private static func stored(_ name: String, _ stateDirectory: String) throws(StateFileError) -> LambdaRecord? {
        let path = "\(stateDirectory)/\(file(name))"
        let bytes = try StateFile.readSealed(
            path, as: file(name), limit: limit, allowsUnsealed: !StateMark.isConverted(stateDirectory))
        guard let bytes else {
            guard let index = try? LambdaIndex.read(stateDirectory), index.names.contains(name) else { return nil }
            throw StateFileError(
                .damaged, "\(path) is gone", hint: "put it back from a backup, or delete the function and make it anew")
        }
        guard let record = try? JSONDecoder().decode(LambdaRecord.self, from: Data(bytes)) else {
            throw StateFileError(.damaged, "\(path) is not what Glo writes", hint: "move it away")
        }
        return record
    }

    /// The index afterwards: a crash in between leaves a record that the next start adds to it.
    private static func write(
        _ record: LambdaRecord, _ name: String, _ stateDirectory: String
    ) throws(StateFileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(record) else {
            throw StateFileError(.unusable, "the function's record cannot be written as JSON")
        }
        let file = file(name)
        try StateFile.replace("\(stateDirectory)/\(file)", with: Seal.sealed(Array(data), as: file))
        var index = ((try? LambdaIndex.read(stateDirectory)) ?? nil) ?? LambdaIndex(names: stored(in: stateDirectory))
        if index.names.insert(name).inserted { try index.write(stateDirectory) }
    }
}
