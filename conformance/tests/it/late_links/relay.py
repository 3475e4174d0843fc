"""A link that is late: usage relay.py PORT SEED DELAYS COMMAND ..., where DELAYS is SHORTEST-LONGEST and COMMAND has INNER_PORT.

Starts the server and passes everything on, in order. Each connection has a delay of its own in each direction, between SHORTEST
and LONGEST seconds, and now and then something comes later still. All delays follow from the seed. A reset is passed on as a
reset. Like a network, the link holds a limited number of bytes, and what is sent to a closed connection is reset.
"""
import asyncio
import random
import signal
import socket
import struct
import sys

MOST_CHUNKS = 16  # of at most 64 KiB each
LATE = 0.02  # how many of the chunks are late
LATEST = 0.5  # seconds by which they are


async def start(command):
    """Starts the server on a port of its own. Returns the process and the port, when it listens."""
    while True:
        # Outgoing connections use lower ports, so that none of them takes it, or connects to itself.
        port = random.randint(61000, 65535)
        if await listens(port):
            continue
        server = await asyncio.create_subprocess_exec(*(str(port) if word == "INNER_PORT" else word for word in command))
        while server.returncode is None:
            if await listens(port):
                return server, port
            await asyncio.sleep(0.01)


async def listens(port):
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return False
    writer.close()
    return True


def reset(writer):
    if not writer.transport.is_closing():
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def take(reader, chunks, delay, luck):
    """Puts what arrives into the queue, with the moment at which it is due. `None` is a reset."""
    chunk = b"."
    while chunk:
        try:
            chunk = await reader.read(65536)
        except ConnectionError:
            chunk = None
        late = luck.uniform(0, LATEST) if luck.random() < LATE else 0
        await chunks.put((asyncio.get_running_loop().time() + delay + late, chunk))


async def give(chunks, writer):
    """Passes on what is due. Returns whether the direction has ended in order."""
    while True:
        due, chunk = await chunks.get()
        await asyncio.sleep(due - asyncio.get_running_loop().time())
        if chunk is None or writer.transport.is_closing():
            return False
        try:
            if not chunk:
                writer.write_eof()
                return True
            writer.write(chunk)
            await writer.drain()
        except OSError:
            return False


async def direction(reader, writer, delay, luck):
    chunks = asyncio.Queue(MOST_CHUNKS)
    taking = asyncio.create_task(take(reader, chunks, delay, luck))
    in_order = await give(chunks, writer)
    taking.cancel()
    if not in_order:
        reset(writer)
    return in_order


async def relay(client_reader, client_writer, port, seed, number, delays):
    server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
    luck = [random.Random(f"{seed} {number} {way}") for way in ("there", "back")]
    there, back = (one.uniform(*delays) for one in luck)
    in_order = await asyncio.gather(direction(client_reader, server_writer, there, luck[0]),
                                    direction(server_reader, client_writer, back, luck[1]))
    for writer in (client_writer, server_writer):
        writer.close() if all(in_order) else reset(writer)


async def main():
    port, seed, command = int(sys.argv[1]), sys.argv[2], sys.argv[4:]
    delays = [float(delay) for delay in sys.argv[3].split("-")]
    # Signals go to the whole process group: the server ends by its own copy, and the link afterwards.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    server, inner = await start(command)
    relays = []

    async def accept(reader, writer):
        relays.append(asyncio.current_task())
        await relay(reader, writer, inner, seed, len(relays), delays)

    await asyncio.start_server(accept, "127.0.0.1", port, backlog=64)
    print("listening", flush=True)
    status = await server.wait()
    if relays:
        await asyncio.wait(relays, timeout=3)
    sys.exit(status)


asyncio.run(main())
