"""A chat server in ten steps. Step 10: Ctrl-C."""

import asyncio
import re
import signal
import sys

NICKNAME = re.compile(rb"[^*!<{ \t:][^ \t:]{0,31}")
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0B-\x1F\x7F-\x9F\u2028\u2029]")
COMMAND = re.compile(rb"<[a-z][a-z0-9-]*( [^<>]+)?>")

members = {}  # writer -> nickname
tasks = set()  # one per connection
conversations = set()  # the tasks of clients that have not left


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    interrupted = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupted.set)
    await interrupted.wait()
    server.close()
    members.clear()
    for task in conversations:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=4)


async def serve(reader, writer):
    task = asyncio.current_task()
    tasks.add(task)
    conversations.add(task)
    try:
        await converse(reader, writer)
    except (OSError, asyncio.CancelledError):
        pass  # The client has reset the connection, or the server is shutting down.
    finally:
        conversations.discard(task)
        leave(writer)
        await say_goodbye(reader, writer)
        tasks.discard(task)


async def converse(reader, writer):
    async for line in lines(reader):
        if line in (b"<quit>", b"{quit}"):
            return
        if error := find_error(line):
            send(writer, b"! %b" % error)
        elif writer in members:
            tell_others(writer, b"%b: %b" % (members[writer], line))
        else:
            ask_to_join(writer, line)


async def say_goodbye(reader, writer):
    send(writer, b"<quit>")
    try:
        writer.write_eof()
        async with asyncio.timeout(2):
            while await reader.read(65536):
                pass
    except OSError:
        pass  # The client is gone or did not end its side in time.
    finally:
        await finish(writer)


async def finish(writer):
    """Closes the connection when everything has been sent."""
    writer.close()
    try:
        await writer.wait_closed()
    except OSError:
        pass


async def lines(reader):
    async for line in reader:
        if not line.endswith(b"\n"):
            return
        line = line.removesuffix(b"\n").removesuffix(b"\r")
        if line:
            yield line


def find_error(line):
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return b"not-utf8"
    if CONTROL_CHARACTER.search(text):
        return b"control-character"
    if COMMAND.fullmatch(line):
        return b"unknown-command"
    return None


def ask_to_join(writer, nickname):
    if not NICKNAME.fullmatch(nickname):
        send(writer, b"! nickname-invalid")
    elif nickname.lower() in [other.lower() for other in members.values()]:
        send(writer, b"! nickname-taken")
    else:
        join(writer, nickname)


def join(writer, nickname):
    send(writer, b"* welcome %b %d" % (nickname, len(members)))
    for other in members.values():
        send(writer, b"* here %b" % other)
    tell_others(writer, b"* joined %b" % nickname)
    members[writer] = nickname


def leave(writer):
    nickname = members.pop(writer, None)
    if nickname is not None:
        tell_others(writer, b"* left %b" % nickname)


def tell_others(writer, line):
    for member in members:
        if member is not writer:
            send(member, line)


def send(writer, line):
    writer.write(line + b"\n")


asyncio.run(main())
