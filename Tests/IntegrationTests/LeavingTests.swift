import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// Clients that go away, and a controller that does.
    @Suite("Leaving")
    struct Leaving {
        private static func options(_ arguments: String...) -> GloProcess.Options {
            var options = GloProcess.Options()
            options.isolation = "process"
            options.arguments = arguments
            return options
        }

        private static func python(_ script: String, _ arguments: [String]) async throws -> String {
            try await Program.check("python3", ["-c", script] + arguments).text
        }

        private static let poll = #"""
            import json, socket, struct, sys, time, urllib.request
            port, token, how = int(sys.argv[1]), sys.argv[2], sys.argv[3]
            def head(operation, body):
                return {"Host": "h", "Authorization": "Bearer " + token, "X-Amz-Target": "AmazonSQS." + operation,
                        "Content-Type": "application/x-amz-json-1.0", "Content-Length": str(len(body))}
            def ask(operation, **members):
                body = json.dumps(members).encode()
                request = urllib.request.Request(f"http://127.0.0.1:{port}/", body, head(operation, body))
                return json.load(urllib.request.urlopen(request, timeout=30))
            url = ask("CreateQueue", QueueName="q-" + how)["QueueUrl"]
            body = json.dumps({"QueueUrl": url, "WaitTimeSeconds": 20}).encode()
            poll = socket.create_connection(("127.0.0.1", port))
            fields = "".join(f"{k}: {v}\r\n" for k, v in head("ReceiveMessage", body).items())
            poll.sendall(f"POST / HTTP/1.1\r\n{fields}\r\n".encode() + body)
            time.sleep(1)
            if how == "reset": poll.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            poll.close()
            time.sleep(0.5)
            ask("SendMessage", QueueUrl=url, MessageBody="m")
            time.sleep(1)
            got = ask("ReceiveMessage", QueueUrl=url, AttributeNames=["All"]).get("Messages", [])
            print([m["Attributes"]["ApproximateReceiveCount"] for m in got])
            """#

        @Test("A client that waits for messages and goes away takes none", arguments: ["reset", "closed"])
        func longPoll(how: String) async throws {
            let port = try FreePort.any()
            let token = "a-token-of-good-length"
            var options = Self.options("--admin-listen", "127.0.0.1:\(port)")
            options.environment["GLO_ADMIN_TOKEN"] = token
            try await GloProcess.run(options) { _ in
                let words = ["\(port)", token, how]
                let counts = try await Self.python(Self.poll, words)
                #expect(counts == "['1']\n")
            }
        }

        private static let stored = #"""
            import json, socket, sys, time, urllib.request
            port = int(sys.argv[1])
            def ask(extra):
                s = socket.create_connection(("127.0.0.1", port)); s.settimeout(20)
                s.sendall(b"GET /f/a%20b?x=%C3%A9 HTTP/1.1\r\nHost: x\r\nUser-Agent: caf\xe9\r\nX-City: Torrej\xc3\xb3n\r\n"
                          b"X-Raw: \x80\xfe\xff\r\n" + extra + b"Connection: close\r\n\r\n")
                data = b""
                while chunk := s.recv(65536): data += chunk
                return data.split(b"\r\n\r\n", 1)[1]
            now = ask(b"").decode()
            id = json.loads(ask(b"Prefer: respond-async\r\n"))["id"]
            request = urllib.request.Request(f"http://127.0.0.1:{port}/_/invocations/{id}", headers={"Prefer": "wait=20"})
            later = json.load(urllib.request.urlopen(request, timeout=30))["result"]["body"]
            print(now.strip() == later.strip(), "63 61 66 e9" in now, "80 fe ff" in now, now, later)
            """#

        @Test("A stored request reaches its handler byte for byte as the direct one does")
        func storedRequest() async throws {
            let handler = #"""
                #!/bin/sh
                {
                    printf '%s|%s|%s|' "$HTTP_USER_AGENT" "$HTTP_X_CITY" "$HTTP_X_RAW"
                    printf '%s|%s' "$PATH_INFO" "$QUERY_STRING"
                } | od -An -v -tx1 | tr -d '\n'
                """#
            try await GloProcess.run(Self.options()) {
                try $0.write("f", handler)
            } _: { glo in
                let port = glo.address.split(separator: ":").last.map(String.init) ?? ""
                let told = try await Self.python(Self.stored, [port])
                #expect(told.hasPrefix("True True True "), "\(told)")
            }
        }

        private static let waiting = #"""
            import socket, struct, sys, threading, time
            port, how = int(sys.argv[1]), sys.argv[2]
            def open():
                s = socket.create_connection(("127.0.0.1", port)); s.settimeout(30)
                s.sendall(b"GET /one HTTP/1.1\r\nHost: h\r\n\r\n")
                return s
            first = open()
            time.sleep(0.5)
            gone = [open() for _ in range(5)]
            time.sleep(0.3)
            for s in gone:
                if how == "reset": s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                s.close()
            half = open()
            half.shutdown(socket.SHUT_WR)
            def answer(s):
                data = b""
                while b"ran\n" not in data:
                    chunk = s.recv(4096)
                    if not chunk: break
                    data += chunk
                return b"200 OK" in data
            print(answer(first), answer(half))
            """#

        @Test(
            "Who left while waiting for a worker is not run; who has only shut its side is",
            arguments: ["reset", "closed"])
        func queued(how: String) async throws {
            let directory = try TemporaryDirectory("glo-left")
            let handler = "#!/bin/sh\necho x >> \(directory.path)/runs\nsleep 4\necho ran\n"
            try await GloProcess.run(Self.options()) {
                try $0.script("one", handler, manifest: "workers: {max: 1}\ntimeout: 60s")
            } _: { glo in
                let port = glo.address.split(separator: ":").last.map(String.init) ?? ""
                #expect(try await Self.python(Self.waiting, [port, how]) == "True True\n")
                let runs = try String(contentsOfFile: "\(directory.path)/runs", encoding: .utf8)
                #expect(runs == "x\nx\n")
            }
        }

        private static let load = #"""
            import socket, sys, threading, time
            port, mode, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
            end = time.time() + seconds
            good, bad, lock = [0], [], threading.Lock()
            def answer(s):
                data = b""
                while b"\r\n\r\n" not in data:
                    chunk = s.recv(65536)
                    if not chunk: return None
                    data += chunk
                head, body = data.split(b"\r\n\r\n", 1)
                length = int([l for l in head.split(b"\r\n") if l.lower().startswith(b"content-length")][0].split(b":")[1])
                while len(body) < length:
                    chunk = s.recv(65536)
                    if not chunk: return None
                    body += chunk
                return head
            def run():
                s = None
                while time.time() < end:
                    if s is None:
                        try:
                            s = socket.create_connection(("127.0.0.1", port), timeout=0.5)
                            s.settimeout(10)
                        except OSError:
                            # Refused: nothing was sent, and the next controller takes it.
                            if bad or time.time() > end: return
                            time.sleep(0.02)
                            continue
                    try:
                        s.sendall(b"GET /f HTTP/1.1\r\nHost: h\r\n\r\n")
                        head = answer(s)
                    except OSError as error:
                        head = None
                        with lock: bad.append(repr(error))
                    else:
                        with lock:
                            if head is None: bad.append("closed")
                            elif b" 200 " not in head.split(b"\r\n")[0]: bad.append(head.decode())
                            else: good[0] += 1
                    if head is None or mode == "each" or b"connection: close" in head.lower():
                        s.close(); s = None
            threads = [threading.Thread(target=run) for _ in range(12)]
            for t in threads: t.start()
            for t in threads: t.join()
            print(good[0], len(bad), bad[:3])
            """#

        @Test("SIGTERM under load drops no request that was sent", arguments: ["kept", "each"])
        func sigterm(mode: String) async throws {
            for _ in 0..<5 {
                let home = try GloHome()
                try home.functions.script("f", Handlers.saying("f"), manifest: "workers: {min: 2}")
                let glo = try await GloProcess.start(in: home, Self.options("--redis", "off"))
                let port = glo.address.split(separator: ":").last.map(String.init) ?? ""
                async let told = Self.python(Self.load, [port, mode, "3"])
                try await Task.sleep(for: .seconds(1))
                try await glo.stop()
                let words = try await told.split(separator: " ")
                #expect(words.count >= 2 && Int(words[0]) ?? 0 > 20 && words[1] == "0", "\(words)")
                await home.cleanUp()
            }
        }
    }
}
