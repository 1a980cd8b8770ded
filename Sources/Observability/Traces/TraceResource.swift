/// Who sends the spans: OpenTelemetry's resource attributes.
package struct TraceResource: Sendable {
    /// `service.version`
    package var version: String
    /// `service.instance.id`: this run of the controller.
    package var instance: String
    /// `host.name`
    package var host: String

    /// `service.name`
    package static let service = "glo"

    package init(version: String, instance: String, host: String) {
        self.version = version
        self.instance = instance
        self.host = host
    }
}
