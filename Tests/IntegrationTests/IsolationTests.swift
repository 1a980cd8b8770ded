import AdminModel
import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// What a handler can see and do from inside. Each handler is Python code that a call sends.
    @Suite(
        "Isolation",
        .controller { functions in
            let shell = """
                #!/usr/bin/python3
                import sys
                exec(sys.stdin.read())
                """
            for name in ["alice", "bob"] {
                try functions.directory(
                    name,
                    [
                        "handler": shell, "private.txt": "the secret of \(name)",
                        "function.yaml": "timeout: 20s\nsecrets: [\(name)-key]\n",
                    ])
            }
            let secrets = "\(functions.path)/../state/secrets"
            try FileManager.default.createDirectory(
                atPath: secrets, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for name in ["alice", "bob"] {
                try Data("key of \(name)".utf8).write(to: URL(filePath: "\(secrets)/\(name)-key"))
                chmod("\(secrets)/\(name)-key", 0o600)
            }
        })
    struct Isolation {
        /// Runs Python code inside a function's container.
        private func run(_ code: String, in name: String = "alice") async throws -> String {
            let answer = try await glo.http.post("/\(name)", code)
            try #require(answer.status == 200, "\(answer.text)")
            return answer.text.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        @Test("A function sees its own files and no other function's, anywhere")
        func files() async throws {
            #expect(try await run("print(open('/var/task/private.txt').read())") == "the secret of alice")
            #expect(try await run("print(open('/var/task/private.txt').read())", in: "bob") == "the secret of bob")
            let found = try await run(
                """
                import os
                found = []
                for root in ['/var', '/run', '/tmp', '/home', '/root', '/opt', '/mnt', '/srv', '/etc']:
                    for directory, _, files in os.walk(root):
                        for file in files:
                            try: text = open(os.path.join(directory, file), errors='replace').read(4096)
                            except OSError: continue
                            if 'of bob' in text: found.append(os.path.join(directory, file))
                print(found)
                """)
            #expect(found == "[]")
        }

        @Test("Its own secret is a file that only it can read; another function's is not there")
        func secrets() async throws {
            let text = try await run(
                """
                import os
                print(os.listdir('/run/secrets'), open('/run/secrets/alice-key').read(), oct(os.stat('/run/secrets/alice-key').st_mode & 0o777))
                """)
            #expect(text == "['alice-key'] key of alice 0o400")
            let container = try #require(try await glo.workers(of: "alice").first?.container)
            let facts = try await Program.check("docker", ["inspect", container])
            #expect(!facts.text.contains("key of alice"))
        }

        @Test("There is no socket of the controller to speak to: neither its own nor another worker's")
        func sockets() async throws {
            #expect(try await run("import os; print(os.listdir('/run/glo'))") == "[]")
            let text = try await run(
                """
                import os, stat
                found = []
                for directory, names, files in os.walk('/'):
                    names[:] = [name for name in names if not (directory == '/' and name in ('proc', 'sys', 'usr'))]
                    for file in files:
                        path = os.path.join(directory, file)
                        try: mode = os.lstat(path).st_mode
                        except OSError: continue
                        if stat.S_ISSOCK(mode): found.append(path)
                print(found, os.path.exists('/var/run/docker.sock'), os.path.exists('/run/docker.sock'))
                """)
            #expect(text == "[] False False")
        }

        @Test("A handler holds no descriptor of init's: only its own standard streams")
        func descriptors() async throws {
            let text = try await run(
                """
                import os
                links = {}
                for name in os.listdir('/proc/self/fd'):
                    try: links[int(name)] = os.readlink('/proc/self/fd/' + name)
                    except OSError: pass
                print(sorted(number for number in links if number > 2 and not links[number].startswith('/proc')))
                """)
            // 3 is the script itself, when the interpreter keeps it open.
            #expect(text == "[]" || text == "[3]", "\(text)")
        }

        @Test("There is no network but loopback, and no way to the host")
        func network() async throws {
            let host = String(try glo.address.split(separator: ":")[1])
            let bridge = try await Program.run(
                "docker", ["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"])
            let gateway = bridge.text.trimmingCharacters(in: .whitespacesAndNewlines)
            let text = try await run(
                """
                import os, socket
                print(sorted(os.listdir('/sys/class/net')) if os.path.isdir('/sys/class/net') else ['lo'])
                for address in [('127.0.0.1', \(host)), ('\(gateway.isEmpty ? "172.17.0.1" : gateway)', \(host)), ('1.1.1.1', 53), ('169.254.169.254', 80)]:
                    try:
                        socket.create_connection(address, timeout=2).close()
                        print('reached', address)
                    except OSError as error:
                        pass
                try:
                    socket.getaddrinfo('example.com', 80)
                    print('resolved')
                except OSError: pass
                print(open('/proc/net/dev').read().count(':'))
                """)
            #expect(text == "['lo']\n1", "\(text)")
        }

        @Test("The root file system is read-only, /tmp takes files but runs none")
        func fileSystem() async throws {
            let text = try await run(
                """
                import errno, os, subprocess
                for path in ['/', '/var/task', '/run/glo', '/run/glo-init', '/usr', '/etc', '/var']:
                    try:
                        open(os.path.join(path, 'mark'), 'w').close()
                        print('wrote', path)
                    except OSError: pass
                try:
                    os.chmod('/var/task/handler', 0o777)
                    print('changed the handler')
                except OSError: pass
                with open('/tmp/program', 'w') as file: file.write('#!/bin/sh\\necho ran')
                os.chmod('/tmp/program', 0o755)
                try: print(subprocess.check_output(['/tmp/program']))
                except PermissionError: print('refused')
                os.remove('/tmp/program')
                try:
                    with open('/tmp/large', 'wb') as file:
                        for _ in range(200): file.write(bytes(1 << 20))
                    print('no limit')
                except OSError as error: print(errno.errorcode[error.errno])
                os.remove('/tmp/large')
                """)
            #expect(text == "refused\nENOSPC", "\(text)")
        }

        @Test("The handler has no privilege: no root, no capability, no new ones, a seccomp filter")
        func privileges() async throws {
            let text = try await run(
                """
                import os
                status = dict(line.split(':', 1) for line in open('/proc/self/status').read().splitlines())
                print(os.getuid() > 0, os.getgid() > 0, os.getgroups() in ([], [os.getgid()]))
                for name in ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']: print(name, int(status[name], 16))
                print(status['NoNewPrivs'].strip(), status['Seccomp'].strip())
                """)
            #expect(
                text == "True True True\nCapInh 0\nCapPrm 0\nCapEff 0\nCapBnd 0\nCapAmb 0\n1 2", "\(text)")
        }

        @Test("Two functions run as different users")
        func users() async throws {
            let alice = try await run("import os; print(os.getuid())")
            let bob = try await run("import os; print(os.getuid())", in: "bob")
            #expect(alice != bob)
            #expect(Int(alice) ?? 0 >= 700_000)
        }

        @Test("The host's files that matter are not there or cannot be read")
        func hostFiles() async throws {
            let text = try await run(
                """
                import os
                for path in ['/etc/shadow', '/root', '/home', '/boot', '/var/lib/docker', '\(glo.state)', '/proc/kcore', '/dev/sda', '/dev/vda', '/dev/mem']:
                    try:
                        content = os.listdir(path) if os.path.isdir(path) else open(path, 'rb').read(1)
                        if content: print('saw', path, content)
                    except OSError: pass
                print('end')
                """)
            #expect(text == "end", "\(text)")
        }

        @Test("Processes: only its own are visible, init cannot be traced, namespaces and mounts cannot be made")
        func processes() async throws {
            let text = try await run(
                """
                import ctypes, os
                libc = ctypes.CDLL(None, use_errno=True)
                print(len([name for name in os.listdir('/proc') if name.isdigit()]) <= 3)
                print(libc.ptrace(16, 1, 0, 0))
                try: os.readlink('/proc/1/fd/3'); print('saw the descriptors of init')
                except OSError: print('hidden')
                try: open('/proc/1/mem', 'rb'); print('opened the memory of init')
                except OSError: print('hidden')
                print(libc.unshare(0x10000000), libc.mount(b'none', b'/tmp', b'tmpfs', 0, None), libc.setuid(0))
                print(libc.chroot(b'/tmp'), libc.reboot(0x1234567))
                """)
            #expect(text == "True\n-1\nhidden\nhidden\n-1 -1 -1\n-1 -1", "\(text)")
        }

        @Test("What one call leaves in /tmp, another function does not find")
        func temporaryFiles() async throws {
            _ = try await run("open('/tmp/left', 'w').write('of alice')")
            #expect(try await run("import os; print(os.listdir('/tmp'))", in: "bob") == "[]")
        }

        @Test(
            "Nothing internal is reachable on the public listener",
            arguments: [
                "/v1/status", "/v1/functions", "/v1/functions/alice/invoke", "/_/", "/_/metrics", "/_/functions",
                "/2018-06-01/runtime/invocation/next", "/..%2f_/health", "/alice/../_/ready/..",
            ])
        func publicListener(path: String) async throws {
            let answer = try await glo.http.get(path)
            #expect(answer.status == 404 || answer.status == 400, "\(answer.status) \(answer.text)")
        }
    }
}
