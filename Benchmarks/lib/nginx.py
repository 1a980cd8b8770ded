"""nginx as the thing to compare with: a static answer, alone and behind a second nginx over a Unix socket."""

import os
import subprocess
import time

from lib import ports

COMMON = """
daemon off;
pid {root}/{name}.pid;
error_log {root}/{name}.error.log warn;
worker_processes {workers};
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {root}/{name}.body;
    proxy_temp_path {root}/{name}.proxy;
    fastcgi_temp_path {root}/{name}.fastcgi;
    uwsgi_temp_path {root}/{name}.uwsgi;
    scgi_temp_path {root}/{name}.scgi;
    {content}
}}
"""

STATIC = """
    server {{
        listen {listen};
        default_type text/plain;
        location / {{ return 200 "hello\\n"; }}
    }}
"""

PROXY = """
    upstream back {{ server unix:{socket}; keepalive 128; keepalive_requests 1000000000; }}
    server {{
        listen {listen};
        location / {{
            proxy_pass http://back;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
"""


class Nginx:
    """One nginx in the foreground, with its configuration in a directory of ours."""

    def __init__(self, root, name, content, workers, **values):
        configuration = os.path.join(root, f"{name}.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(COMMON.format(root=root, name=name, workers=workers, content=content.format(**values)))
        path = os.environ["PATH"] + ":/usr/sbin:/sbin"
        self.process = subprocess.Popen(
            ["nginx", "-p", root, "-e", f"{root}/{name}.error.log", "-c", configuration],
            stdin=subprocess.DEVNULL, env={**os.environ, "PATH": path})

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Pair:
    """`direct` answers itself; `front` asks `back` over a Unix socket."""

    def __init__(self, root, workers):
        os.chmod(root, 0o711)  # nginx' workers, which are not root, must reach the socket
        self.socket = os.path.join(root, "back.sock")
        self.direct_port, self.front_port = ports.free(), ports.free()
        self.direct = Nginx(root, "direct", STATIC, workers, listen=f"127.0.0.1:{self.direct_port}")
        self.back = Nginx(root, "back", STATIC, workers, listen=f"unix:{self.socket}")
        self.front = Nginx(root, "front", PROXY, workers, listen=f"127.0.0.1:{self.front_port}", socket=self.socket)
        try:
            for port in (self.direct_port, self.front_port):
                ports.wait_until_listening(port)
            while not os.path.exists(self.socket):
                time.sleep(0.01)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        for server in (self.front, self.back, self.direct):
            server.stop()
