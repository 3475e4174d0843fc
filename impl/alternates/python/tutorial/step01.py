"""A chat server in ten steps. Step 1: listen."""

import asyncio
import sys


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


async def serve(reader, writer):
    while data := await reader.read(1024):
        writer.write(data)


asyncio.run(main())
