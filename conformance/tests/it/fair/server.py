"""A Salotto server with one serious mistake: python3 server.py PORT crashing|racing|hanging|late"""

import asyncio
import os
import random
import sys

port, kind = int(sys.argv[1]), sys.argv[2]
members = {}  # writer -> nickname
said = 0


def send(writer, line):
    writer.write(line + b"\n")


def tell_others(writer, line):
    for member in list(members):
        if member is not writer:
            send(member, line)


async def serve(reader, writer):
    global said
    try:
        async for line in reader:
            if not line.endswith(b"\n"):
                break
            line = line.rstrip(b"\r\n")
            if not line:
                continue
            if line in (b"<quit>", b"{quit}"):
                break
            if writer in members:
                said += 1
                while kind == "hanging" and said > 3:
                    await asyncio.sleep(60)
                tell_others(writer, members[writer] + b": " + line)
                continue
            others = list(members.values())
            send(writer, b"* welcome %b %d" % (line, len(others)))
            for other in others:
                send(writer, b"* here " + other)
            if kind == "racing":
                # The newcomer has its welcome, and is not a member yet.
                await asyncio.sleep(random.random() / 50)
            tell_others(writer, b"* joined " + line)
            members[writer] = line
    except ConnectionError:
        if kind == "crashing":
            os.abort()
    nickname = members.pop(writer, None)
    if nickname is not None:
        tell_others(writer, b"* left " + nickname)
    try:
        send(writer, b"<quit>")
        writer.write_eof()
        async with asyncio.timeout(10):
            while await reader.read(65536):
                pass
    except (OSError, TimeoutError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(main())
