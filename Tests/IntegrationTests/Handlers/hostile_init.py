#!/usr/bin/python3
"""An init that has been taken over: whatever it is asked for, it answers with odd descriptors and odd frames.

It stands in for glo-init with `--isolation process`. Only for the function `neighbour` it is an honest messenger between
the controller and the real one, which lies beside it as `honest-init`. What it does follows from the file `seed` beside it
and the path of its socket. It appends a letter for each session to the file `sessions`.
"""

import fcntl
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LAMBDA, HTTP, EXEC, STDIO = 1, 2, 3, 4
START = 1
KINDS = {LAMBDA: 1, HTTP: 2, STDIO: 3, EXEC: 4}

path = sys.argv[1]
dice = random.Random(open(f"{HERE}/seed").read().strip() + path)
kept = []


def frame(kind, worker, payload=b""):
    return struct.pack("<IBBHI", len(payload), kind, 0, 0, worker) + payload


def send(bytes_, descriptors=()):
    try:
        if descriptors:
            socket.send_fds(control, [bytes_], list(descriptors))
        else:
            control.sendall(bytes_)
    except OSError:
        leave()


def leave():
    os._exit(0)


def read_exactly(count):
    data = b""
    while len(data) < count:
        piece = control.recv(count - len(data))
        if not piece:
            leave()
        data += piece
    return data


# Descriptors

def keep(thing):
    kept.append(thing)
    return thing


def descriptor(of):
    return keep(of).fileno() if hasattr(of, "fileno") else of


def listener(address="127.0.0.1", port=0):
    made = socket.socket()
    made.bind((address, port))
    made.listen(8)
    return made


def connection():
    server = keep(listener())
    client = keep(socket.create_connection(server.getsockname()))
    keep(server.accept()[0])
    return client


def pipe_end(index):
    ends = os.pipe()
    kept.append(ends)
    return ends[index]


def fifo():
    name = tempfile.mktemp(dir="/tmp")
    os.mkfifo(name)
    opened = os.open(name, os.O_RDWR)
    os.unlink(name)
    return opened


ZOO = [
    lambda: os.open("/etc/passwd", os.O_RDONLY),
    lambda: os.open("/", os.O_RDONLY),
    lambda: os.open("/", os.O_PATH),
    lambda: os.open("/dev/null", os.O_RDWR),
    lambda: os.open("/dev/zero", os.O_RDWR),
    lambda: os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY),
    lambda: os.memfd_create("odd"),
    lambda: descriptor(tempfile.TemporaryFile()),
    lambda: descriptor(select.epoll()),
    lambda: os.eventfd(0) if hasattr(os, "eventfd") else os.open("/dev/null", os.O_RDONLY),
    lambda: os.pidfd_open(os.getpid()),
    lambda: pipe_end(0),
    lambda: pipe_end(1),
    fifo,
    lambda: descriptor(socket.socket()),
    lambda: descriptor(listener()),
    lambda: descriptor(listener("0.0.0.0")),
    lambda: descriptor(connection()),
    lambda: descriptor(socket.socket(socket.AF_INET6)),
    lambda: descriptor(socket.socket(type=socket.SOCK_DGRAM)),
    lambda: descriptor(socket.socket(socket.AF_UNIX)),
    lambda: descriptor(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)),
    lambda: descriptor(socket.socketpair()[0]),
    lambda: descriptor(keep(socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))[0]),
    lambda: descriptor(keep(socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET))[0]),
    lambda: control.fileno(),
]


def right(contract, slots):
    """What the contract asks for: descriptors, a port, and the other ends."""
    if contract == LAMBDA:
        server = keep(listener())
        return [server.fileno()], server.getsockname()[1], [server]
    if contract == HTTP:
        client = connection()
        return [client.fileno()], client.getpeername()[1], [kept[-1]]
    if contract == EXEC:
        pairs = [keep(socket.socketpair()) for _ in range(max(slots, 1))]
        return [pair[0].fileno() for pair in pairs], 0, [pair[1] for pair in pairs]
    stdin, stdout = os.pipe(), os.pipe()
    kept.extend((stdin, stdout))
    return [stdin[1], stdout[0]], 0, [stdin[0], stdout[1]]


def spoil(number):
    """Changes an open file that the controller has too."""
    try:
        what = dice.randrange(7)
        if what == 0:
            fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) & ~os.O_NONBLOCK)
        elif what == 1:
            fcntl.fcntl(number, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK | os.O_APPEND)
        else:
            with socket.socket(fileno=os.dup(number)) as shared:
                if what == 2:
                    shared.shutdown(dice.choice([socket.SHUT_RD, socket.SHUT_WR, socket.SHUT_RDWR]))
                elif what == 3:
                    shared.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 3600))
                elif what == 4:
                    shared.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1 << 20)
                elif what == 5:
                    # Ends the connection, or the listening, and leaves the socket.
                    disconnect(shared)
                else:
                    disconnect(shared)
                    shared.listen(4)
    except (OSError, ValueError):
        pass


def disconnect(shared):
    import ctypes

    libc = ctypes.CDLL(None)
    libc.connect(shared.fileno(), struct.pack("H14x", socket.AF_UNSPEC), 16)


def disturb(other, contract):
    """Something on the other end of what was passed."""
    texts = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"HTTP/1.1 200 OK\r\n\r\n", b"{}\n", b"\n" * 50,
        dice.randbytes(dice.randrange(200)), frame(0x20, dice.randrange(4), b"x"), frame(0x21, 1, bytes(32)),
        struct.pack("<I", 0xFFFFFFFF) * 4,
    ]
    try:
        if isinstance(other, int):
            os.set_blocking(other, False)
            os.write(other, dice.choice(texts)) if dice.random() < 0.7 else os.close(other)
        elif contract == LAMBDA:
            with socket.create_connection(other.getsockname(), timeout=1) as client:
                client.settimeout(0.2)
                client.sendall(
                    dice.choice([b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n"] + texts))
                client.recv(4096)
        elif dice.random() < 0.7:
            other.setblocking(False)
            other.send(dice.choice(texts))
        elif dice.random() < 0.5:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            other.close()
        else:
            other.shutdown(socket.SHUT_RDWR)
    except (OSError, ValueError):
        pass


# Frames

def odd_frame(worker):
    kind = dice.choice([0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, dice.randrange(256)])
    payload = dice.randbytes(dice.choice([0, 1, 4, 8, 16, 31, 32, 64, dice.randrange(5000)]))
    if dice.random() < 0.1:
        return struct.pack("<IBBHI", 0xFFFFFFFF, kind, dice.randrange(2), dice.randrange(2), worker) + payload
    return frame(kind, dice.choice([worker, worker, 0, worker + 1, 0xFFFFFFFF]), payload)


def mislead(worker, contract, slots):
    started = frame(0x83, worker, struct.pack("<i", dice.choice([0, 1, os.getpid(), -1])))
    descriptors, port, others = right(contract, slots)
    passed = list(descriptors)
    if dice.random() < 0.6:
        passed[dice.randrange(len(passed))] = dice.choice(ZOO)()
    if dice.random() < 0.1:
        passed += [dice.choice(ZOO)() for _ in range(dice.randrange(70))]
    count = len(passed) if dice.random() < 0.95 else dice.randrange(256)
    kind = KINDS[contract] if dice.random() < 0.95 else dice.randrange(6)
    if dice.random() < 0.05:
        port = dice.randrange(65536)
    message = frame(0x82, worker, struct.pack("<BBH", kind, count & 0xFF, port))
    if dice.random() < 0.3:
        for number in passed[:len(descriptors)]:
            spoil(number)
    messages = [(message, passed[:250]), (started, ())]
    if contract == HTTP:
        messages.reverse()
    if dice.random() < 0.1:
        dice.shuffle(messages)
    for bytes_, with_ in messages:
        send(bytes_, with_)
    end = time.monotonic() + dice.choice([0, 0.01, 0.1, 0.5, 1])
    while time.monotonic() < end:
        time.sleep(dice.random() * 0.05)
        choice = dice.random()
        if choice < 0.3:
            for number in descriptors:
                spoil(number)
        elif choice < 0.8 and others:
            disturb(dice.choice(others), contract)
        elif choice < 0.9:
            send(odd_frame(worker))
        if select.select([control], [], [], 0)[0] and not control.recv(65536):
            leave()


# Honest

def be_honest(start):
    """Passes everything on between the controller and the real init."""
    directory = tempfile.mkdtemp(dir="/tmp")
    place = f"{directory}/init.sock"
    server = socket.socket(socket.AF_UNIX)
    server.bind(place)
    server.listen(1)
    subprocess.Popen([f"{HERE}/honest-init", place, "process"])
    other, _ = server.accept()
    os.unlink(place)
    os.rmdir(directory)
    other.recv(28)  # Its greeting: this one has greeted.
    other.sendall(start)
    while True:
        ready, _, _ = select.select([control, other], [], [])
        for source in ready:
            target = other if source is control else control
            bytes_, descriptors, _, _ = socket.recv_fds(source, 65536, 64)
            if not bytes_:
                leave()
            if descriptors:
                socket.send_fds(target, [bytes_], descriptors)
                for number in descriptors:
                    os.close(number)
            else:
                target.sendall(bytes_)


signal.signal(signal.SIGPIPE, signal.SIG_IGN)
control = socket.socket(socket.AF_UNIX)
control.connect(path)
send(frame(0x81, 0, struct.pack("<IHHII", 0x314F4C47, 2, 1, os.getpid(), os.getuid())))
kind = None
while kind != START:  # The lifeline comes first.
    header = read_exactly(12)
    length, kind, _, _, worker = struct.unpack("<IBBHI", header)
    payload = read_exactly(length)
if b"GLO_FUNCTION=neighbour\0" in payload:
    be_honest(header + payload)
with open(f"{HERE}/sessions", "ab") as sessions:
    sessions.write(b"x")
contract, slots = payload[0], struct.unpack_from("<H", payload, 4)[0]
if dice.random() < 0.1:
    for _ in range(dice.randrange(20)):
        send(odd_frame(worker))
else:
    mislead(worker, contract, slots)
