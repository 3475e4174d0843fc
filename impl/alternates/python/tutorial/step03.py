"""A chat server in ten steps. Step 3: a room."""

import asyncio
import sys

members = {}  # writer -> nickname


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


async def serve(reader, writer):
    while data := await reader.read(1024):
        text = data.strip()
        if writer in members:
            tell_others(writer, b"%b: %b" % (members[writer], text))
        else:
            join(writer, text)


def join(writer, nickname):
    send(writer, b"* welcome %b %d" % (nickname, len(members)))
    for other in members.values():
        send(writer, b"* here %b" % other)
    tell_others(writer, b"* joined %b" % nickname)
    members[writer] = nickname


def tell_others(writer, line):
    for member in members:
        if member is not writer:
            send(member, line)


def send(writer, line):
    writer.write(line + b"\n")


asyncio.run(main())
