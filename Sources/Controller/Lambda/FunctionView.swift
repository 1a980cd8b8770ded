import AdminModel
import Crypto
import FoundationEssentials
import FunctionCatalog
import FunctionModel
import TextForms

/// A function as the management API sees it: what lies in the functions directory, and what it becomes.
struct FunctionView: Sendable {
    let name: FunctionName
    let entry: CatalogEntry
    let source: FunctionSource
    let record: LambdaRecord
    /// The manifest's keys as they are written; empty when it is no YAML.
    let document: ManifestEditor
    /// What the manifest says; that of the version that serves while the newest one is no good.
    let manifest: Manifest
    /// Of the newest files; nil when they cannot be read.
    let digest: CodeDigest?

    /// Changes with every change that anybody makes.
    var revision: String {
        let parts = [name.rawValue, record.revision, source.manifestText ?? "", digest?.hexadecimal ?? ""]
        return Self.uuid(parts.joined(separator: "\n"))
    }

    /// A UUID that is always the same for the same text.
    static func uuid(_ text: String) -> String {
        var bytes = Array(SHA256.hash(data: Array(text.utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Hexadecimal.text(bytes)
        var parts: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }

    // MARK: Configuration

    /// `FunctionConfiguration` of what lies in the functions directory.
    ///
    /// - Parameter isQualified: whether its ARN ends in `:$LATEST`.
    func configuration(isQualified: Bool = false) -> ServiceJSON {
        let code = codeMembers(digest)
        var members = settings(manifest) + code + LambdaState(entry).members
        members += [
            ("FunctionArn", .text(LambdaARN.function(name.rawValue, qualifier: isQualified ? "$LATEST" : nil))),
            ("Version", "$LATEST"), ("LastModified", .text(Self.time(source.modifiedMilliseconds))),
            ("RevisionId", .text(revision)),
        ]
        return .members(members)
    }

    /// The same of a published version.
    func configuration(_ published: PublishedVersion, _ version: FunctionVersion, _ digest: CodeDigest?) -> ServiceJSON
    {
        let number = String(published.number)
        let time = published.publishedAtMilliseconds
        var members = settings(version.manifest) + codeMembers(digest)
        members += [
            ("FunctionArn", .text(LambdaARN.function(name.rawValue, qualifier: number))), ("Version", .text(number)),
            ("Description", .text(published.description ?? version.manifest.description ?? "")),
            ("LastModified", .text(Self.time(time))), ("State", "Active"), ("LastUpdateStatus", "Successful"),
            ("RevisionId", .text(Self.uuid("\(name)\n\(number)\n\(version.contentHash)\n\(time)"))),
        ]
        return .members(members)
    }

    private func settings(_ manifest: Manifest) -> [(String, ServiceJSON?)] {
        let limits = manifest.limits
        let variables: ServiceJSON? =
            manifest.environment.isEmpty ? nil : .members([("Variables", .texts(manifest.environment))])
        let stated = document["tmp"].flatMap { $0.members == nil ? $0 : $0["size"] }
        let temporary = stated == nil ? 512 : max(1, limits.temporaryBytes >> 20)
        return [
            ("FunctionName", .text(name.rawValue)), ("Role", .text(record.role ?? LambdaControl.dummyRole)),
            ("Runtime", .text(manifest.runtime ?? "provided.al2023")),
            ("Handler", .text(manifest.handler ?? manifest.command?.last ?? defaultHandler)),
            ("Description", .text(manifest.description ?? "")),
            ("Timeout", .integer((limits.timeoutMilliseconds + 999) / 1000)),
            ("MemorySize", .integer(limits.memoryBytes >> 20)), ("Environment", variables),
            ("EphemeralStorage", .members([("Size", .integer(temporary))])), ("PackageType", "Zip"),
            ("Architectures", .list([.text(LambdaControl.architecture)])),
            ("TracingConfig", .members([("Mode", "PassThrough")])),
            ("SnapStart", .members([("ApplyOn", "None"), ("OptimizationStatus", "Off")])),
            (
                "LoggingConfig",
                .members([
                    ("LogFormat", "Text"), ("LogGroup", .text(record.logGroup ?? "/aws/lambda/\(name)")),
                ])
            ),
        ]
    }

    private var defaultHandler: String { source.isDirectory ? "bootstrap" : source.entry }

    private func codeMembers(_ digest: CodeDigest?) -> [(String, ServiceJSON?)] {
        let (sha256, size) = code(digest)
        return [("CodeSha256", .text(sha256)), ("CodeSize", .integer(size))]
    }

    /// What Lambda tells of code: the uploaded archive's hash and size, and for files that were dropped their own.
    func code(_ digest: CodeDigest?) -> (sha256: String, size: Int) {
        guard let digest else { return ("", 0) }
        if let upload = record.uploads.last(where: { $0.files == digest.hexadecimal }) {
            return (upload.sha256, upload.size)
        }
        return (Base64.encode(digest.sha256), digest.size)
    }

    /// `2026-01-01T00:00:00.000+0000`
    static func time(_ milliseconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        let text = date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        return text.hasSuffix("Z") ? "\(text.dropLast())+0000" : text
    }

    /// Epoch seconds, as some members have it.
    static func seconds(_ milliseconds: Int64) -> ServiceJSON { .number(Double(milliseconds) / 1000) }
}

extension CodeDigest {
    var hexadecimal: String { Hexadecimal.text(sha256) }
}
