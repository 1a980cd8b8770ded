"""A socket in front of the engine's: python3 engine_proxy.py LISTEN TARGET. Stopped by SIGSTOP it is an engine that hangs."""

import asyncio
import sys


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        pass


async def serve(reader, writer):
    try:
        engine_reader, engine_writer = await asyncio.open_unix_connection(sys.argv[2])
    except OSError:
        writer.close()
        return
    await asyncio.gather(copy(reader, engine_writer), copy(engine_reader, writer))
    writer.close()
    engine_writer.close()


async def main():
    async with await asyncio.start_unix_server(serve, sys.argv[1]) as server:
        print("ready")
        await server.serve_forever()


asyncio.run(main())
