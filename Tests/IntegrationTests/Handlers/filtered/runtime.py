#!/usr/bin/python3
"""What a runtime does on an ordinary day, under Glo's filter: sockets, names, threads, processes, event loops."""
import asyncio, concurrent.futures, hashlib, multiprocessing, os, socket, ssl, subprocess, sys, tempfile


async def echo():
    async def serve(reader, writer):
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"echo\n")
    line = await reader.readline()
    server.close()
    return line


assert asyncio.run(echo()) == b"echo\n"
assert socket.getaddrinfo("localhost", 80)
assert list(concurrent.futures.ThreadPoolExecutor(4).map(abs, [-1, -2])) == [1, 2]
assert subprocess.check_output(["echo", "child"]) == b"child\n"
with multiprocessing.Pool(2) as pool:
    assert pool.map(abs, [-3]) == [3]
ssl.create_default_context()
with tempfile.TemporaryFile() as file:
    file.write(os.urandom(8))
try:
    socket.socket(40, socket.SOCK_STREAM)
    print("vsock")
except OSError as error:
    print("ok", error.errno)
