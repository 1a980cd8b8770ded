import Foundation
import Glibc

/// A real Chromium without a window, driven by the WebDriver protocol (https://www.w3.org/TR/webdriver2/) through
/// chromedriver.
package final class Browser: Sendable {
    private let driver: ChildProcess
    private let directory: TemporaryDirectory
    private let http: HTTPClient
    private let session: String

    /// The key of an element's reference in WebDriver's JSON.
    private static let elementKey = "element-6066-11e4-a52e-4f735466cecf"

    private init(driver: ChildProcess, directory: TemporaryDirectory, http: HTTPClient, session: String) {
        self.driver = driver
        self.directory = directory
        self.http = http
        self.session = session
    }

    /// Starts a browser for a test and ends it behind it.
    package static func run(width: Int, height: Int, dark: Bool = false, _ body: (Browser) async throws -> Void)
        async throws
    {
        let browser = try await start(width: width, height: height, dark: dark)
        do {
            try await body(browser)
        } catch {
            await browser.end()
            throw error
        }
        await browser.end()
    }

    private static func start(width: Int, height: Int, dark: Bool) async throws -> Browser {
        let directory = try TemporaryDirectory("glo-browser")
        let driver = try ChildProcess("/usr/bin/chromedriver", ["--port=0"], environment: ["HOME": directory.path])
        let line = await driver.log.line(seconds: 30) { $0.text.contains("started successfully on port") }
        let port = line?.text.split(separator: " ").last.map { $0.filter(\.isNumber) }
        guard let port, !port.isEmpty else {
            driver.signal(SIGKILL)
            throw TestFailure("chromedriver does not start")
        }
        let http = HTTPClient(base: "http://127.0.0.1:\(port)", concurrency: 4)
        var arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--user-data-dir=\(directory.path)/profile", "--window-size=\(width),\(height)", "--hide-scrollbars",
        ]
        if dark { arguments.append("--force-dark-mode") }
        let phone =
            width < 600
            ? "\"mobileEmulation\":{\"deviceMetrics\":{\"width\":\(width),\"height\":\(height),\"pixelRatio\":2}}," : ""
        let list = arguments.map { "\"\($0)\"" }.joined(separator: ",")
        let wanted =
            "{\"capabilities\":{\"alwaysMatch\":{\"browserName\":\"chrome\",\"goog:chromeOptions\":{\(phone)\"args\":[\(list)]}}}}"
        do {
            let answer = try await http.post("/session", wanted, seconds: 60)
            guard let session = try JSONValue(answer.body)["value"]["sessionId"].string else {
                throw TestFailure("no browser session: \(answer.text)")
            }
            return Browser(driver: driver, directory: directory, http: http, session: session)
        } catch {
            driver.signal(SIGKILL)
            _ = await driver.waitForEnd(seconds: 10)
            directory.remove()
            throw error
        }
    }

    private func end() async {
        _ = try? await http.send("DELETE", "/session/\(session)", seconds: 20)
        driver.signal(SIGTERM)
        if await driver.waitForEnd(seconds: 10) == nil { driver.signal(SIGKILL) }
        directory.remove()
    }

    // MARK: Commands

    package func open(_ url: String) async throws { try await command("url", ["url": url]) }

    /// Waits until an element is there and, where a text is wanted, holds it.
    package func wait(_ selector: String, containing text: String = "", seconds: Double = 20) async throws {
        try await eventually("\(selector) shows '\(text)'", seconds: seconds) {
            guard let found = try? await self.text(selector) else { return false }
            return text.isEmpty || found.contains(text)
        }
    }

    package func text(_ selector: String) async throws -> String {
        try await evaluate("return (document.querySelector(arguments[0]) || {}).innerText ?? null", selector).string
            ?? { throw TestFailure("there is no \(selector)") }()
    }

    package func click(_ selector: String) async throws {
        try await command("element/\(try await element(selector))/click", [:])
    }

    /// Clicks the first button with this text.
    package func press(_ text: String, inside selector: String = "body") async throws {
        let found = try await evaluate(
            "return [...document.querySelectorAll(arguments[0] + ' button')].find((b) => b.innerText === arguments[1])",
            selector, text)
        guard let element = found[Self.elementKey].string else { throw TestFailure("there is no button '\(text)'") }
        try await command("element/\(element)/click", [:])
    }

    /// Says yes to the question that is open.
    package func accept() async throws { try await command("alert/accept", [:]) }

    package func type(_ text: String, into selector: String) async throws {
        let element = try await element(selector)
        try await command("element/\(element)/clear", [:])
        try await command("element/\(element)/value", ["text": text])
    }

    /// PNG bytes of what is seen.
    package func screenshot() async throws -> [UInt8] {
        let answer = try await http.get("/session/\(session)/screenshot")
        guard let text = try JSONValue(answer.body)["value"].string, let data = Data(base64Encoded: text) else {
            throw TestFailure("no screenshot: \(answer.text.prefix(500))")
        }
        return [UInt8](data)
    }

    /// Runs JavaScript with `arguments`.
    @discardableResult
    package func evaluate(_ script: String, _ arguments: String...) async throws -> JSONValue {
        try await send(
            "execute/sync", .object(["script": .string(script), "args": .array(arguments.map { .string($0) })]))
    }

    private func element(_ selector: String) async throws -> String {
        let value = try await send(
            "element", .object(["using": .string("css selector"), "value": .string(selector)]))
        guard let element = value[Self.elementKey].string else { throw TestFailure("there is no \(selector)") }
        return element
    }

    private func command(_ path: String, _ members: [String: String]) async throws {
        _ = try await send(path, .object(members.mapValues { .string($0) }))
    }

    private func send(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        let answer = try await http.post("/session/\(session)/\(path)", body.text, seconds: 60)
        let value = try JSONValue(answer.body)["value"]
        guard answer.status == 200 else {
            throw TestFailure("the browser refuses \(path): \(value["message"].string ?? answer.text)")
        }
        return value
    }
}
