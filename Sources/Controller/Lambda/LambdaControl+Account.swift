import FunctionCatalog
import FunctionModel
import ZipArchive

/// What clients ask beside what they came for.
extension LambdaControl {
    /// What AWS gives a new account; Glo's own bounds are the machine's memory and `workers.max`.
    private static let concurrency = 1_000

    func accountSettings() async throws(LambdaControlError) -> ServiceResponse {
        var (size, count) = (0, 0)
        var reserved = 0
        for entry in await catalog.list() {
            guard let name = FunctionName(entry.name), let view = try? await view(name, entry) else { continue }
            size += view.code(view.digest).size
            reserved += Self.reservedConcurrency(view.document) ?? 0
            count += 1
        }
        let limits = ZipLimits()
        return Self.answer(
            200,
            .members([
                (
                    "AccountLimit",
                    .members([
                        ("ConcurrentExecutions", .integer(Self.concurrency)),
                        ("UnreservedConcurrentExecutions", .integer(max(0, Self.concurrency - reserved))),
                        ("TotalCodeSize", .integer(80_530_636_800)),
                        ("CodeSizeUnzipped", .integer(limits.unzippedBytes)),
                        ("CodeSizeZipped", .integer(limits.archiveBytes)),
                    ])
                ),
                ("AccountUsage", .members([("TotalCodeSize", .integer(size)), ("FunctionCount", .integer(count))])),
            ]))
    }

    func getCodeSigning(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let view = try await view(target)
        return Self.answer(
            200, .members([("FunctionName", .text(view.name.rawValue)), ("CodeSigningConfigArn", "")]))
    }

    func getRuntimeManagement(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let view = try await view(target)
        let arn = LambdaARN.function(view.name.rawValue, qualifier: target.qualifier)
        return Self.answer(200, .members([("UpdateRuntimeOn", "Auto"), ("FunctionArn", .text(arn))]))
    }

    func getRecursion(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        _ = try await view(target)
        return Self.answer(200, .members([("RecursiveLoop", "Allow")]))
    }
}
