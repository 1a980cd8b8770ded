/// One of the dashboard's files, as a browser asks for it below `/ui/`.
package struct DashboardFile: Sendable {
    package let contentType: String
    package let bytes: [UInt8]

    /// - Parameter name: what follows `/ui/`; empty for the page itself.
    package init?(_ name: String) {
        switch name {
        case "", "index.html": self.init("text/html; charset=utf-8", PackageResources.dashboard_html)
        case "dashboard.css": self.init("text/css; charset=utf-8", PackageResources.dashboard_css)
        case "dashboard.js": self.init(Self.script, PackageResources.dashboard_js)
        case "dashboard-api.js": self.init(Self.script, PackageResources.dashboard_api_js)
        case "dashboard-chart.js": self.init(Self.script, PackageResources.dashboard_chart_js)
        case "dashboard-view.js": self.init(Self.script, PackageResources.dashboard_view_js)
        default: return nil
        }
    }

    private static let script = "text/javascript; charset=utf-8"

    private init(_ contentType: String, _ bytes: [UInt8]) {
        self.contentType = contentType
        self.bytes = bytes
    }

    /// What a browser may do with the page: nothing that comes from elsewhere.
    package static let securityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'"
}
