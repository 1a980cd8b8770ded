import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// The real nginx in front of a real controller, with what `glo nginx` prints.
    @Suite("nginx in front")
    struct Nginx {
        /// One nginx with a directory of its own.
        private struct Proxy {
            let directory: TemporaryDirectory
            let port: Int

            var file: String { "\(directory.path)/nginx.conf" }

            init(_ configuration: String, port: Int) throws {
                directory = try TemporaryDirectory("glo-nginx")
                self.port = port
                let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
                    "\($0)_temp_path \(directory.path)/\($0);"
                }
                let text = """
                    daemon off;
                    pid \(directory.path)/pid;
                    error_log stderr notice;
                    events {}
                    http {
                    access_log off;
                    \(paths.joined(separator: "\n"))
                    \(configuration)
                    }
                    """
                try Data(text.utf8).write(to: URL(filePath: file))
            }

            func check() async throws -> Program.Outcome {
                try await Program.run(Nginx.program, ["-t", "-q", "-c", file, "-p", directory.path])
            }
        }

        private static let program = "/usr/sbin/nginx"

        private static func settings(_ functions: FunctionsDirectory) throws {
            try functions.script("slow", Handlers.saying("slow"), manifest: "timeout: 120s")
            try functions.script(
                "routed", Handlers.saying("routed"),
                manifest: """
                    triggers:
                      - http: {path: "/users/{id}/posts", methods: [GET]}
                      - http: {path: "/files/{rest+}"}
                      - http: {path: "/a.b", mode: async}
                    """)
        }

        @Test(
            "What is generated is accepted by nginx, with each way of encryption",
            arguments: [[], ["--certificate"], ["--certbot"]])
        func syntax(options: [String]) async throws {
            let home = try GloHome()
            try Self.settings(home.functions)
            var words = [
                "nginx", "--functions", home.functions.path, "--server-name", "example.org", "--http-port",
                "\(try FreePort.any())", "--https-port", "\(try FreePort.any())",
            ]
            let certificate = "\(home.path)/cert.pem"
            let key = "\(home.path)/key.pem"
            try await Program.check(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj",
                    "/CN=example.org", "-keyout", key, "-out", certificate,
                ])
            words += options == ["--certificate"] ? ["--certificate", certificate, "--key", key] : options
            let outcome = try await Program.check(Program.glo, words, environment: ["GLO_STATE": home.state])
            let live = "/etc/letsencrypt/live/example.org"
            let text = outcome.text.replacingOccurrences(of: "\(live)/fullchain.pem", with: certificate)
                .replacingOccurrences(of: "\(live)/privkey.pem", with: key)
            let checked = try await Proxy(text, port: 80).check()
            #expect(checked.code == 0, "\(checked.errors)\n\(text)")
            #expect(text.contains("location = /slow {\n        proxy_read_timeout 125s;"))
            #expect(text.contains("location /slow/ {"))
            #expect(text.contains(#"location ~ "^/users/[^/]+/posts$" {"#))
            #expect(text.contains(#"location ~ "^/files/.+$" {"#))
            #expect(text.contains("location = /a.b {\n        proxy_read_timeout 10s;"))
            await home.cleanUp()
        }

        @Test("deploy/nginx/glo.conf is what glo nginx prints for a server without functions")
        func example() async throws {
            let home = try GloHome()
            let outcome = try await Program.check(
                Program.glo,
                [
                    "nginx", "--functions", home.functions.path, "--server-name", "functions.example.org", "--certbot",
                    "--ipv6",
                ],
                environment: ["GLO_STATE": home.state])
            let file = try String(contentsOfFile: "\(Handlers.repository)/deploy/nginx/glo.conf", encoding: .utf8)
            #expect(file == outcome.text)
            await home.cleanUp()
        }

        @Test("The engine proxy of deploy/compose lets Glo's calls through, and no others")
        func engineProxy() async throws {
            let directory = try TemporaryDirectory("glo-engine")
            let socket = "\(directory.path)/docker.sock"
            let text = try String(
                contentsOfFile: "\(Handlers.repository)/deploy/compose/engine-proxy.conf", encoding: .utf8
            ).replacingOccurrences(of: "/tmp/", with: "\(directory.path)/")
                .replacingOccurrences(of: "/run/glo-engine/docker.sock", with: socket)
            let file = "\(directory.path)/proxy.conf"
            // As root here too, because the engine's socket is root's.
            try Data("user root;\n\(text)".utf8).write(to: URL(filePath: file))
            let process = try ChildProcess(Self.program, ["-c", file, "-p", directory.path])
            defer { process.signal(SIGTERM) }
            let engine = HTTPClient(base: "http://engine", unixSocketPath: socket)
            try await eventually("the proxy answers") { (try? await engine.get("/_ping").status) == 200 }

            var options = GloProcess.Options.with("--redis", "off")
            options.environment = ["DOCKER_HOST": "unix://\(socket)"]
            try await GloProcess.run(options) {
                try $0.write("hello", Handlers.saying("hello"))
            } _: { glo in
                let answer = try await glo.http.get("/hello")
                #expect(answer.text == "hello\n")
            }
            #expect(try await engine.get("/v1.41/containers/nobody/archive?path=%2Fetc%2Fpasswd").status == 404)
            #expect(try await engine.get("/v1.41/containers/nobody/archive?path=%2Fetc%2Fshadow").status == 403)
            #expect(try await engine.get("/v1.41/volumes").status == 403)
            #expect(try await engine.post("/v1.41/containers/x/exec", "{}").status == 403)
            #expect(try await engine.post("/v1.41/build", "").status == 403)
            process.signal(SIGTERM)
            _ = await process.waitForEnd(seconds: 10)
        }

        private static let echo = #"""
            #!/usr/bin/python3
            import http.server, os, time
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_GET(self):
                    self.send_response(200)
                    if self.path.startswith("/echo/stream"):
                        self.send_header("Transfer-Encoding", "chunked")
                        self.end_headers()
                        for piece in (b"one\n", b"two\n"):
                            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                            self.wfile.flush()
                            time.sleep(1.5)
                        self.wfile.write(b"0\r\n\r\n")
                        return
                    body = str(self.headers.get("X-Forwarded-For")).encode()
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *a): pass
            class Server(http.server.ThreadingHTTPServer):
                daemon_threads = True
            Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
            """#

        @Test(
            "Answers, 202s and streams pass, the handler sees the client's address, and large bodies are refused")
        func traffic() async throws {
            let options = GloProcess.Options.with("--trusted-proxies", "127.0.0.1", "--max-body", "64Ki")
            try await GloProcess.run(options) { functions in
                try functions.script("echo", Self.echo, manifest: "contract: http")
            } _: { glo in
                let port = try FreePort.any()
                let printed = try await glo.glo("nginx", "--http-port", "\(port)")
                #expect(printed.code == 0, "\(printed.errors)")
                let limit = printed.text.replacingOccurrences(
                    of: "client_max_body_size 6291456", with: "client_max_body_size 65536")
                let proxy = try Proxy(limit, port: port)
                let process = try ChildProcess(
                    Self.program, ["-c", proxy.file, "-p", proxy.directory.path], directory: proxy.directory.path)
                defer { process.signal(SIGTERM) }
                let client = HTTPClient(base: "http://127.0.0.1:\(port)")
                try await eventually("nginx answers") { (try? await client.get("/echo").status) == 200 }
                try await Self.check(client, port)
                process.signal(SIGTERM)
                _ = await process.waitForEnd(seconds: 10)
            }
        }

        /// Sends spellings to nginx and to Glo, and tells where the two differ and where a protected path was read.
        private static let spellings = #"""
            import random, socket, sys
            nginx, glo = int(sys.argv[1]), int(sys.argv[2])
            random.seed(7)
            def ask(port, path):
                s = socket.create_connection(("127.0.0.1", port)); s.settimeout(20)
                s.sendall(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                data = b""
                while chunk := s.recv(65536): data += chunk
                head, body = data.split(b"\r\n\r\n", 1)
                return int(head.split()[1]), body
            def spell(path):
                for _ in range(random.randint(0, 3)):
                    place = random.randrange(len(path))
                    kind = random.randrange(4)
                    if kind == 0: path = path[:place] + "%%%02x" % ord(path[place]) + path[place + 1:]
                    elif kind == 1: path += random.choice(["/", "//", ";", "%2F", "%3F"])
                    elif kind == 2: path = path[:place] + random.choice(["/", "//", ";x", "%2f", "%5C", "/h"]) + path[place:]
                    else: path = "//h" + path
                return path if path.startswith("/") else "/" + path
            wrong, seen = [], set()
            for _ in range(1500):
                path = spell(random.choice(["/pp/admin", "/pp/admin/users", "/pp/a/b", "/pp", "/other/x", "/hello"]))
                direct, behind = ask(glo, path), ask(nginx, path)
                seen.add(direct[0])
                # nginx refuses some forms itself.
                if direct[0] != behind[0] and behind[0] != 400: wrong.append((path, direct, behind))
                elif direct[0] == 200 == behind[0] and direct[1] != behind[1]: wrong.append((path, direct, behind))
                told = direct[1].decode() if direct[0] == 200 else ""
                bare = "/".join(s.split(";")[0] for s in told.strip().split("/") if s.split(";")[0])
                if bare.split("?")[0] in ("pp admin", "pp admin/users"): wrong.append((path, "opened", told))
            print(len(wrong), sorted(seen), wrong[:3])
            """#

        @Test("Behind nginx every spelling is answered as without it, and none opens a protected route")
        func spelled() async throws {
            var options = GloProcess.Options.with("--trusted-proxies", "127.0.0.1", "--redis", "off")
            options.isolation = "process"
            let manifest = """
                triggers:
                  - http: {path: "/pp/{rest+}"}
                  - http: {path: /pp/admin, auth: {type: key, keys: [none]}}
                  - http: {path: "/pp/admin/{rest+}", auth: {type: key, keys: [none]}}
                """
            let handler = "#!/bin/sh\nprintf 'pp %s\\n' \"${PATH_INFO#/}\"\n"
            try await GloProcess.run(options) { functions in
                try functions.script("pp", handler, manifest: manifest)
                try functions.write("hello", Handlers.saying("hello"))
            } _: { glo in
                let port = try FreePort.any()
                let printed = try await glo.glo("nginx", "--http-port", "\(port)", "--rate", "100000")
                let proxy = try Proxy(printed.text, port: port)
                let process = try ChildProcess(
                    Self.program, ["-c", proxy.file, "-p", proxy.directory.path], directory: proxy.directory.path)
                defer { process.signal(SIGTERM) }
                let client = HTTPClient(base: "http://127.0.0.1:\(port)")
                try await eventually("nginx answers") { (try? await client.get("/hello").status) == 200 }
                let direct = glo.address.split(separator: ":").last.map(String.init) ?? ""
                let told = try await Program.check("python3", ["-c", Self.spellings, "\(port)", direct]).text
                #expect(told.hasPrefix("0 [200, 400, 404, 503]"), "\(told)")
                process.signal(SIGTERM)
                _ = await process.waitForEnd(seconds: 10)
            }
        }

        private static func check(_ client: HTTPClient, _ port: Int) async throws {
            // Another loopback address is another client, and what it claims to be is not believed.
            let other = try await Program.check(
                "curl",
                [
                    "--silent", "--interface", "127.0.0.7", "--header", "X-Forwarded-For: 9.9.9.9",
                    "http://127.0.0.1:\(port)/echo",
                ])
            #expect(other.text == "127.0.0.7, 127.0.0.1")
            let stored = try await client.send("GET", "/echo", headers: [("Prefer", "respond-async")])
            #expect(stored.status == 202)
            let large = try await client.send("POST", "/echo", body: [UInt8](repeating: 65, count: 70_000))
            #expect(large.status == 413)
            #expect(try await client.get("/nothing").status == 404)
            // The first piece is there while the handler still sleeps before the second.
            let first = try await Program.check(
                "bash",
                [
                    "-c",
                    "curl --silent --no-buffer http://127.0.0.1:\(port)/echo/stream | { read -r line; date +%s%N; cat >/dev/null; date +%s%N; }",
                ])
            let times = first.text.split(separator: "\n").compactMap { Int($0) }
            #expect(times.count == 2 && times[1] - times[0] > 1_000_000_000)
        }
    }
}
