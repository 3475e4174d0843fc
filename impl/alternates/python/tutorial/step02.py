"""A chat server in ten steps. Step 2: welcome."""

import asyncio
import sys


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


async def serve(reader, writer):
    while data := await reader.read(1024):
        nickname = data.strip()
        send(writer, b"* welcome %b 0" % nickname)


def send(writer, line):
    writer.write(line + b"\n")


asyncio.run(main())
