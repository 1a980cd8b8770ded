import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// The dashboard in a real browser.
    @Suite("Dashboard", .needs("chromedriver"))
    struct Dashboard {
        private static let token = "the-operators-own-token"

        private func withController(_ body: (GloProcess, String) async throws -> Void) async throws {
            var options = GloProcess.Options.with("--admin-listen", "127.0.0.1:0")
            options.environment = ["GLO_ADMIN_TOKEN": Self.token]
            try await GloProcess.run(options) { functions in
                try functions.script("shout", "#!/bin/sh\necho a line of its log >&2\ntr a-z A-Z\n", manifest: "")
                try functions.script(
                    "broken", "#!/bin/sh\necho this cannot work >&2\nexit 1\n",
                    manifest: "async: {attempts: 1}\nworkers: {max: 1}")
            } _: { glo in
                let listener = try await glo.status().listeners.first {
                    $0.role == "admin" && !$0.address.hasPrefix("unix:")
                }
                try await body(glo, "http://\(try #require(listener).address)")
            }
        }

        private func signIn(_ browser: Browser, _ base: String) async throws {
            try await browser.open(base)
            try await browser.wait("#token")
            try await browser.type("wrong-wrong-wrong-wrong", into: "#token")
            try await browser.press("Sign in")
            try await browser.wait("form", containing: "no valid token")
            try await browser.type(Self.token, into: "#token")
            try await browser.press("Sign in")
            try await browser.wait("#functions", containing: "shout")
        }

        /// Keeps a picture for the documentation when `GLO_SCREENSHOTS` names a directory.
        private func keep(_ browser: Browser, _ name: String) async throws {
            let picture = try await browser.screenshot()
            #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
            if let directory = ProcessInfo.processInfo.environment["GLO_SCREENSHOTS"] {
                try Data(picture).write(to: URL(fileURLWithPath: "\(directory)/\(name).png"))
            }
        }

        @Test("Signed in, one sees the functions, invokes one, reads its log, and redrives a dead letter")
        func operate() async throws {
            try await withController { glo, base in
                let event = try await glo.http.send(
                    "POST", "/broken", body: Array("x".utf8), headers: [(name: "Prefer", value: "respond-async")])
                #expect(event.status == 202)
                try await Browser.run(width: 1280, height: 900) { browser in
                    try await signIn(browser, base)
                    try await browser.wait("#health", containing: "1 failing")
                    try await keep(browser, "dashboard-functions")
                    try await browser.open("\(base)/ui/#/functions/shout")
                    try await browser.wait("#payload")
                    try await browser.type("hello glo", into: "#payload")
                    try await browser.click("#invoke")
                    try await browser.wait("#result", containing: "HELLO GLO")
                    try await browser.wait("#log", containing: "a line of its log")
                    try await browser.wait("main", containing: "docker run")
                    try await keep(browser, "dashboard-function")
                    try await browser.open("\(base)/ui/#/queues")
                    try await browser.wait("#dead", containing: "broken")
                    try await keep(browser, "dashboard-queues")
                    try await browser.press("Redrive", inside: "#dead")
                    try await browser.accept()
                    try await browser.wait("#notice", containing: "1 run again")
                    try await browser.press("Sign out", inside: "header")
                    try await browser.wait("#token")
                }
            }
        }

        @Test("At a phone's width nothing is wider than the screen, in the dark too")
        func phone() async throws {
            try await withController { _, base in
                try await Browser.run(width: 390, height: 844, dark: true) { browser in
                    try await signIn(browser, base)
                    for page in ["", "functions/shout", "queues", "schedules", "doctor"] {
                        try await browser.open("\(base)/ui/#/\(page)")
                        try await browser.wait("h1")
                        if page == "doctor" { try await browser.wait("#doctor") }
                        let width = try await browser.evaluate("return document.documentElement.scrollWidth")
                        #expect((width.int ?? 0) <= 390, "the page '\(page)'")
                        try await keep(
                            browser, "dashboard-phone-\(page.isEmpty ? "start" : page.split(separator: "/")[0])")
                    }
                }
            }
        }

        @Test("Without the session's word nothing is shown or changed")
        func forgery() async throws {
            try await withController { _, base in
                let http = HTTPClient(base: base)
                #expect(try await http.get("/v1/functions").status == 401)
                let page = try await http.get("/ui/")
                #expect(page.status == 200)
                #expect(page.field("Content-Security-Policy")?.contains("default-src 'none'") == true)
                let session = try await http.post("/ui/session", "{\"token\":\"\(Self.token)\"}")
                let cookie = try #require(session.field("Set-Cookie")?.split(separator: ";").first.map(String.init))
                let word = try #require(try JSONValue(session.body)["word"].string)
                let body = Array("{\"function\":\"broken\",\"limit\":1}".utf8)
                // A function on another port of this host is sent the cookie too: it opens nothing by itself.
                let both = [(name: "Cookie", value: cookie), (name: "X-Glo-Session", value: word)]
                #expect(try await http.send("GET", "/v1/functions", headers: [both[0]]).status == 401)
                #expect(try await http.send("GET", "/v1/functions", headers: both).status == 200)
                let forged = try await http.send(
                    "POST", "/v1/dead/purge", body: body, headers: [(name: "Cookie", value: cookie)])
                #expect(forged.status == 401)
                let meant = try await http.send(
                    "POST", "/v1/dead/purge", body: body,
                    headers: [(name: "Cookie", value: cookie), (name: "X-Glo-Session", value: word)])
                #expect(meant.status == 200, "\(meant.text)")
            }
        }

        @Test("A token does what its scopes say, until it is removed, and what it changed is in the audit log")
        func scopes() async throws {
            try await withController { glo, base in
                func make(_ scope: String) async throws -> String {
                    let made = try await glo.glo("token", "create", "--scope", scope, "--name", scope)
                    return made.text.trimmingCharacters(in: .whitespacesAndNewlines)
                }
                let http = HTTPClient(base: base)
                func status(_ method: String, _ path: String, _ token: String) async throws -> Int {
                    try await http.send(
                        method, path, body: method == "GET" ? nil : Array("{}".utf8),
                        headers: [(name: "Authorization", value: "Bearer \(token)")]
                    ).status
                }
                let (reader, invoker) = (try await make("read"), try await make("invoke"))
                #expect(try await status("GET", "/v1/functions", reader) == 200)
                #expect(try await status("POST", "/v1/functions/shout/invoke", reader) == 403)
                #expect(try await status("POST", "/v1/functions/shout/invoke", invoker) == 200)
                #expect(try await status("POST", "/2015-03-31/functions/shout/invocations", invoker) == 200)
                #expect(try await status("DELETE", "/2015-03-31/functions/shout", invoker) == 403)
                #expect(try await status("POST", "/v1/functions/shout/rollback", invoker) == 403)
                let deployer = try await make("deploy")
                #expect(try await status("POST", "/v1/functions/shout/rollback", deployer) == 404)
                #expect(try await glo.glo("token", "rm", "read").code == 0)
                #expect(try await status("GET", "/v1/functions", reader) == 401)
                let audit = try await glo.glo("audit", "-o", "json").text
                #expect(audit.contains("token:deploy") && audit.contains("token.create"))
                #expect(try await glo.glo("audit", "verify").code == 0)
            }
        }
    }
}
