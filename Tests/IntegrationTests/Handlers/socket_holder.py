"""Does for a test what systemd does with glo.socket and glo.service (Restart=always, Type=notify).

socket_holder.py PROGRAM ARGUMENT... : listens, starts the program with the socket as descriptor 3, starts it again
whenever it ends, and prints what it is told ("notify READY=1"). SIGTERM ends both.
"""
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading


def tell(text):
    # In one write: the program's own lines go to the same pipe.
    os.write(1, (text + "\n").encode())


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 0))
listener.listen(4096)
tell("listening %d" % listener.getsockname()[1])

directory = tempfile.mkdtemp()
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(directory + "/notify")
child = None
ending = False


def listen():
    while True:
        for line in notify.recv(4096).decode().splitlines():
            tell("notify " + line)


def end(*_):
    global ending
    ending = True
    child.terminate()


def prepare():
    os.dup2(listener.fileno(), 3)
    os.set_inheritable(3, True)
    os.environ["LISTEN_PID"] = str(os.getpid())
    os.environ["LISTEN_FDS"] = "1"
    os.environ["NOTIFY_SOCKET"] = directory + "/notify"
    os.environ["WATCHDOG_USEC"] = "400000"
    os.environ["WATCHDOG_PID"] = str(os.getpid())
    os.execv(sys.argv[1], sys.argv[1:])


threading.Thread(target=listen, daemon=True).start()
signal.signal(signal.SIGTERM, end)
code = 0
while not ending:
    child = subprocess.Popen(["unused"], executable="/bin/true", preexec_fn=prepare, close_fds=False)
    code = child.wait()
    tell("ended %d" % code)
os.unlink(directory + "/notify")
os.rmdir(directory)
sys.exit(code)
