"""A link that is late: usage relay.py PORT SEED COMMAND, where COMMAND has INNER_PORT.

Starts the server and passes everything on, in order, on each connection and in each direction after a delay of its own. The
delays follow from the seed. A reset is passed on as a reset.
"""
import queue
import random
import select
import shlex
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

LONGEST_DELAY = 0.6  # seconds


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port):
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            time.sleep(0.01)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def read(source, chunks, delay):
    while True:
        try:
            # A socket that somebody waits in recv() for cannot be reset by another thread.
            if not select.select([source], [], [], 0.02)[0]:
                continue
            chunk = source.recv(65536)
        except (OSError, ValueError):
            chunk = None
        chunks.put((time.monotonic() + delay, chunk))
        if not chunk:
            return


def write(chunks, target):
    while True:
        due, chunk = chunks.get()
        time.sleep(max(0, due - time.monotonic()))
        try:
            if chunk is None:
                return reset(target)
            if not chunk:
                return target.shutdown(socket.SHUT_WR)
            target.sendall(chunk)
        except OSError:
            return


def relay(source, target, delay):
    chunks = queue.Queue()
    threads = [threading.Thread(target=read, args=(source, chunks, delay), daemon=True),
               threading.Thread(target=write, args=(chunks, target), daemon=True)]
    for thread in threads:
        thread.start()
    return threads[1]


def accept(listener, port, delays, writers):
    while True:
        client, _ = listener.accept()
        server = connect(port)
        for connection in (client, server):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        writers.append(relay(client, server, delays.uniform(0, LONGEST_DELAY)))
        writers.append(relay(server, client, delays.uniform(0, LONGEST_DELAY)))


def main():
    port, seed, command = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    # Signals go to the whole process group: the server ends by its own copy, and the link afterwards.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    inner = free_port()
    server = subprocess.Popen(shlex.split(command.replace("INNER_PORT", str(inner))))
    connect(inner).close()
    listener = socket.create_server(("127.0.0.1", port), backlog=64)
    writers = []
    threading.Thread(target=accept, args=(listener, inner, random.Random(seed), writers), daemon=True).start()
    status = server.wait()
    for writer in list(writers):
        writer.join(2 * LONGEST_DELAY)
    sys.exit(status)


main()
