import FunctionCatalog
import FunctionModel
import HTTPCodec

/// A refusal of Lambda's management API, with the code that its clients know.
struct LambdaControlError: Error, Hashable, Sendable {
    enum Code: String, Hashable, Sendable, CaseIterable {
        case resourceNotFound = "ResourceNotFoundException"
        case resourceConflict = "ResourceConflictException"
        case invalidParameter = "InvalidParameterValueException"
        case validation = "ValidationException"
        case invalidContent = "InvalidRequestContentException"
        case tooLarge = "RequestEntityTooLargeException"
        case preconditionFailed = "PreconditionFailedException"
        case accessDenied = "AccessDeniedException"
        case unknownOperation = "UnknownOperationException"
        case provisionedNotFound = "ProvisionedConcurrencyConfigNotFoundException"
        case service = "ServiceException"
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    var status: Int {
        switch code {
        case .invalidParameter, .validation, .invalidContent: 400
        case .accessDenied: 403
        case .resourceNotFound, .provisionedNotFound, .unknownOperation: 404
        case .resourceConflict: 409
        case .preconditionFailed: 412
        case .tooLarge: 413
        case .service: 500
        }
    }

    /// The document, whose members differ from code to code as AWS's own do.
    var response: ServiceResponse {
        let isCapital = code == .resourceNotFound || code == .service
        var members: [(String, ServiceJSON?)] = [(isCapital ? "Message" : "message", .text(message))]
        if code != .validation && code != .tooLarge { members.append(("Type", code == .service ? "Service" : "User")) }
        let fields = HTTPFields([("Content-Type", "application/json"), ("x-amzn-ErrorType", code.rawValue)])
        return ServiceResponse(status: status, fields: fields, body: ServiceJSON.members(members).bytes)
    }

    // MARK: What is said often

    static func functionNotFound(_ name: String, qualifier: String? = nil) -> LambdaControlError {
        let arn = LambdaARN.function(name, qualifier: qualifier)
        return LambdaControlError(.resourceNotFound, "Function not found: \(arn)")
    }

    static func invalid(_ message: String) -> LambdaControlError { LambdaControlError(.invalidParameter, message) }

    /// The words of AWS's own checks of single members.
    static func constraint(_ value: String, _ member: String, _ rule: String) -> LambdaControlError {
        LambdaControlError(
            .validation,
            "1 validation error detected: Value '\(value)' at '\(member)' failed to satisfy constraint: Member must \(rule)"
        )
    }

    /// Something that Lambda has and Glo does not, where leaving it out would change what happens.
    static func unsupported(_ parameter: String, _ why: String) -> LambdaControlError {
        LambdaControlError(.invalidParameter, "\(parameter) is not supported by Glo: \(why)")
    }

    static let wrongRevision = LambdaControlError(
        .preconditionFailed,
        "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve "
            + "the latest Revision Id")

    init(_ error: FunctionWriteError, function: String) {
        switch error.code {
        case .exists: self.init(.resourceConflict, "Function already exist: \(function)")
        case .notFound: self = .functionNotFound(function)
        case .manifestInvalid: self.init(.invalidParameter, error.message)
        case .filesInvalid: self.init(.invalidParameter, "Could not unzip uploaded file: \(error.message)")
        case .denied:
            self.init(
                .accessDenied, "The controller's user may not write the functions directory: \(error.message)")
        case .failed: self.init(.service, error.message)
        }
    }

    init(_ error: AdminError) {
        switch error.code {
        case .failure(.functionNotFound), .versionNotFound, .aliasNotFound:
            self.init(.resourceNotFound, error.detail)
        case .versionInUse: self.init(.resourceConflict, error.detail)
        case .failure, .aliasInvalid, .rollbackFailed, .noVersion, .scheduleNotFound, .payloadGone, .unauthorized,
            .pathNotFound, .observationOff, .unsupportedMediaType:
            self.init(.invalidParameter, error.detail)
        }
    }
}
