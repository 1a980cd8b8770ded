import AdminModel
import Foundation
import TestSupport
import Testing

private let sharedMemoryServer = """
    import os, multiprocessing
    from multiprocessing import shared_memory
    from http.server import *
    class H(BaseHTTPRequestHandler):
        def do_GET(self):
            try:
                if self.path.endswith("lock"):
                    multiprocessing.Lock()
                elif self.path.endswith("block"):
                    block = shared_memory.SharedMemory(create=True, size=100); block.close(); block.unlink()
                elif self.path.endswith("pool"):
                    with multiprocessing.Pool(2) as pool: assert pool.map(abs, [-1, 2]) == [1, 2]
                else:
                    with open("/dev/shm/large", "wb") as file:
                        for _ in range(64): file.write(bytes(1 << 20))
                text = b"ok"
            except OSError as error: text = repr(error).encode()
            try: os.remove("/dev/shm/large")
            except OSError: pass
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
    HTTPServer(("127.0.0.1", int(os.environ["PORT"])), H).serve_forever()
    """

extension Integration {
    /// What programs expect of the machine that they run on.
    @Suite(
        "The sandbox as programs expect it",
        .controller(.with("--spares", "1")) { functions in
            let python = """
                import ctypes, getpass, grp, os, pwd, shutil, subprocess
                def attempt(what):
                    try: return what()
                    except BaseException as error: return repr(error)
                def program():
                    shutil.copy("/bin/true", "/tmp/x"); os.chmod("/tmp/x", 0o755)
                    return subprocess.run(["/tmp/x"]).returncode
                def library():
                    if os.path.exists("/tmp/seven.so"): os.remove("/tmp/seven.so")
                    shutil.copy("/var/task/seven.so", "/tmp/seven.so")
                    return ctypes.CDLL("/tmp/seven.so").seven()
                def handle(event, context):
                    return {
                        "user": attempt(getpass.getuser), "name": attempt(lambda: pwd.getpwuid(os.getuid()).pw_name),
                        "group": attempt(lambda: grp.getgrgid(os.getgid()).gr_name),
                        "home": os.path.expanduser("~"), "program": attempt(program), "library": attempt(library),
                    }
                """
            for (name, temporary) in [("exact", "tmp: {size: 16Mi, exec: true}\n"), ("plain", "tmp: 16Mi\n")] {
                try functions.directory(
                    name, ["app.py": python, "function.yaml": "runtime: python\nhandler: app.handle\n\(temporary)"])
                try await Handlers.compileLibrary(
                    "int seven(void) { return 7; }", to: functions.file("\(name)/seven.so"))
            }
            try functions.directory(
                "js",
                [
                    "index.js": #"exports.handler = async () => require("os").userInfo().username"#,
                    "function.yaml": "runtime: node\n",
                ])
            try functions.write(
                "sh", "#!/bin/sh\nid -un; id -gn; cp /bin/true /tmp/x; chmod 755 /tmp/x; /tmp/x 2>/dev/null; echo $?\n")
            try functions.directory(
                "shared",
                [
                    "server.py": sharedMemoryServer,
                    "function.yaml":
                        "contract: http\ncommand: [python3, server.py]\ntmp: 8Mi\nmemory: 128Mi\ntimeout: 20s\n",
                ])
            try functions.directory(
                "leak",
                [
                    "app.py":
                        "import os, subprocess\ndef handle(e, c):\n  subprocess.Popen(['sleep', '300']); return os.getpid()\n",
                    "function.yaml":
                        "runtime: python\nhandler: app.handle\nprocesses: 24\nworkers: {max: 1}\ntimeout: 10s\n",
                ])
        })
    struct Sandbox {
        @Test("The worker's user and group have a name, and its home is /tmp", arguments: ["exact", "plain"])
        func names(function: String) async throws {
            let answer = try await glo.http.post("/\(function)", "{}").json
            for key in ["user", "name", "group"] { #expect(answer[key].string == "glo", "\(key)") }
            #expect(answer["home"].string == "/tmp")
            #expect(try await glo.http.post("/js", "{}").text == "glo")
        }

        @Test("Programs and libraries in /tmp run when the manifest wishes it, and else do not")
        func programs() async throws {
            let wished = try await glo.http.post("/exact", "{}").json
            #expect(wished["program"].int == 0)
            #expect(wished["library"].int == 7)
            let plain = try await glo.http.post("/plain", "{}").json
            #expect(plain["program"].string?.contains("PermissionError") == true)
            #expect(plain["library"].string?.contains("OSError") == true)
            #expect(try await glo.http.get("/sh").text == "glo\nglo\n126\n")
        }

        @Test("Servers have locks, shared memory and pools of processes", arguments: ["lock", "block", "pool"])
        func sharedMemory(what: String) async throws {
            #expect(try await glo.http.get("/shared/\(what)").text == "ok")
        }

        @Test("Shared memory is as large as tmp says")
        func sharedMemoryIsBounded() async throws {
            #expect(try await glo.http.get("/shared/large").text.contains("No space left on device"))
        }

        @Test("A worker that can start no process any more is replaced")
        func usedUpProcesses() async throws {
            #expect(try await glo.http.post("/leak", "{}").status == 200)
            let first = try #require(try await glo.workers(of: "leak").first).id
            var status = 200
            for _ in 0..<80 where status == 200 { status = try await glo.http.post("/leak", "{}").status }
            #expect(status == 502)
            // Calls fail until a new one has taken over, which is as soon as its container has started.
            try await eventually("another worker answers", seconds: 30) {
                let answer = try await glo.http.post("/leak", "{}")
                let ids = try await glo.workers(of: "leak").map(\.id)
                return answer.status == 200 && !ids.isEmpty && !ids.contains(first)
            }
            try await glo.logged("the worker is replaced") {
                $0.message == "A worker has used up its processes and is replaced"
            }
        }
    }
}
