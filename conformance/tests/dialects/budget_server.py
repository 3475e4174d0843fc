#!/usr/bin/env python3
"""A server of Budget Chat, problem 3 of Protohackers. Without a fault it is right.

`--list` lists its faults, each with the requirement that it breaks in the dialect `budget-chat`.
"""

import asyncio
import signal
import sys

FAULTS = {
    "lists-the-newcomer": ("JOIN-2", "The list of members names the newcomer too."),
    "lists-the-gone": ("JOIN-2", "The list of members names those who have left."),
    "forgets-somebody": ("JOIN-2", "The list of members is one short."),
    "notice-to-itself": ("JOIN-4", "A newcomer hears its own notice."),
    "takes-any-name": ("NICK-4", "A nickname may have signs in it."),
    "refused-and-not-closed": ("NICK-4", "A connection whose nickname is refused stays open."),
    "trims": ("MSG-3", "Spaces around a text are removed."),
    "echo": ("MSG-2", "A speaker hears itself."),
    "silent-at-a-fin": ("LEAVE-1", "Nobody is told that a client has ended its side."),
    "reads-as-lines": ("LINE-1", "The result of one read is taken for one line."),
    "half-a-line-counts": ("LINE-4", "What a client has sent without an LF before it ends is a message."),
    "overheard-before-the-name": ("NAME-2", "Connections hear the room before they have a name."),
}

if "--list" in sys.argv:
    for name, (requirement, sentence) in FAULTS.items():
        print(requirement, name, sentence)
    sys.exit()
port = int(sys.argv[1])
chosen = set(sys.argv[2:])
assert chosen <= set(FAULTS), chosen

members = {}  # writer -> nickname
gone = []
nameless = set()


async def serve(reader, writer):
    nameless.add(writer)
    try:
        await room(reader, writer)
    except ConnectionError:
        pass
    finally:
        nameless.discard(writer)
        nickname = members.pop(writer, None)
        if nickname is not None:
            gone.append(nickname)
            if "silent-at-a-fin" not in chosen or not reader.at_eof() or reader.exception():
                tell(writer, f"* {nickname} has left the room")
        writer.close()


async def room(reader, writer):
    say(writer, "Welcome to budgetchat! What shall I call you?")
    nickname = await line(reader)
    if nickname is None:
        return
    is_fine = nickname.isascii() and nickname.isalnum()
    if not is_fine and "takes-any-name" not in chosen:
        say(writer, "That is no name.")
        if "refused-and-not-closed" in chosen:
            await asyncio.sleep(3600)
        return
    present = list(members.values())
    if "lists-the-newcomer" in chosen:
        present.append(nickname)
    if "lists-the-gone" in chosen:
        present += gone
    if "forgets-somebody" in chosen:
        present = present[1:]
    say(writer, "* The room contains: " + ", ".join(present))
    nameless.discard(writer)
    members[writer] = nickname
    tell(None if "notice-to-itself" in chosen else writer, f"* {nickname} has entered the room")
    while (text := await line(reader)) is not None:
        if "trims" in chosen:
            text = text.strip()
        tell(None if "echo" in chosen else writer, f"[{nickname}] {text}")


async def line(reader):
    if "reads-as-lines" in chosen:
        data = await reader.read(65536)
        return data.decode(errors="replace").strip("\n") if data else None
    data = await reader.readline()
    if not data.endswith(b"\n") and not (data and "half-a-line-counts" in chosen):
        return None
    return data.decode(errors="replace").removesuffix("\n")


def say(writer, text):
    writer.write((text + "\n").encode())


def tell(speaker, text):
    for writer in [*members, *(nameless if "overheard-before-the-name" in chosen else ())]:
        if writer is not speaker:
            say(writer, text)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", port, limit=1 << 20)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    server.close()
    for writer in [*members, *nameless]:
        writer.close()
    members.clear()
    nameless.clear()
    await asyncio.sleep(0.1)


asyncio.run(main())
