import Crypto
import FoundationEssentials
import FunctionCatalog
import TextForms
import ZipArchive

/// An archive out of `ZipFile`, checked.
struct UploadedCode: Sendable {
    static let manifestName = "function.yaml"

    let package: ZipPackage
    /// Base64.
    let sha256: String

    private static let refused = [
        "S3Bucket": "send the archive itself as ZipFile", "S3Key": "send the archive itself as ZipFile",
        "S3ObjectVersion": "send the archive itself as ZipFile", "S3ObjectStorageMode": "there is no S3",
        "ImageUri": "container images are named with `image` in function.yaml",
        "SourceKMSKeyArn": "archives are not encrypted",
    ]

    /// Takes the members that say where the code is.
    init(_ members: inout ControlMembers) throws(LambdaControlError) {
        try members.refuse(Self.refused)
        guard let text = try members.text("ZipFile") else {
            throw .invalid("Please provide a source for function code: ZipFile, the archive itself")
        }
        guard let data = Data(base64Encoded: text) else {
            throw LambdaControlError(.invalidContent, "Could not parse request body into json: ZipFile is not Base64")
        }
        sha256 = Base64.encode(Array(SHA256.hash(data: data)))
        do throws(ZipError) {
            package = try ZipPackage([UInt8](data))
        } catch {
            throw Self.refusal(error)
        }
        guard package.entries.contains(where: { !$0.isDirectory }) else {
            throw .invalid("Uploaded file must be a non-empty zip")
        }
        guard !package.entries.contains(where: { $0.isLink && $0.path == Self.manifestName }) else {
            throw .invalid("Could not unzip uploaded file: '\(Self.manifestName)' is a symbolic link")
        }
    }

    private static func refusal(_ error: ZipError) -> LambdaControlError {
        let limits = ZipLimits()
        switch error.code {
        case .tooLarge where error.message.hasPrefix("the archive"):
            return LambdaControlError(
                .tooLarge, "Zipped size must be smaller than \(limits.archiveBytes) bytes")
        case .tooLarge where error.message.hasPrefix("the files"):
            return .invalid("Unzipped size must be smaller than \(limits.unzippedBytes) bytes")
        case .notAnArchive:
            return .invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
        case .damaged, .unsupported, .unsafe, .tooLarge:
            return .invalid("Could not unzip uploaded file: \(error.message)")
        case .writeFailed: return LambdaControlError(.service, error.message)
        }
    }

    /// The archive's own manifest, which a new function begins with.
    func manifest() throws(LambdaControlError) -> String? {
        do throws(ZipError) {
            let bytes = try package.contents(of: Self.manifestName, limit: 65_536)
            return bytes.map { String(decoding: $0, as: UTF8.self) }
        } catch {
            throw Self.refusal(error)
        }
    }

    /// Writes all files but the manifest.
    func write(to directory: String) throws(FunctionWriteError) {
        do throws(ZipError) {
            // Archives made on Windows know no executable files, and some tools forget it.
            try package.extract(to: directory, skipping: [Self.manifestName]) { entry in
                entry.path == "bootstrap" || entry.isExecutable == true
            }
        } catch {
            throw FunctionWriteError(error.code == .writeFailed ? .failed : .filesInvalid, error.message)
        }
    }
}
