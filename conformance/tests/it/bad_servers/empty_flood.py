"""Follows the protocol, except that a member that has ended its side says an empty text five times a second, for ever."""
import socket
import sys
import threading
import time

members = {}
lock = threading.Lock()


def lines(connection):
    buffer = b""
    while True:
        while b"\n" in buffer:
            line, buffer = buffer.split(b"\n", 1)
            yield line.decode()
        received = connection.recv(4096)
        while not received:
            time.sleep(0.2)
            yield ""
        buffer += received


def tell_others(sender, text):
    with lock:
        for member in list(members):
            if member is not sender:
                try:
                    member.sendall(text.encode())
                except OSError:
                    pass


def serve(connection):
    incoming = lines(connection)
    nickname = next(incoming)
    with lock:
        present = list(members.values())
        here = "".join(f"* here {other}\n" for other in present)
        connection.sendall(f"* welcome {nickname} {len(present)}\n{here}".encode())
        members[connection] = nickname
    tell_others(connection, f"* joined {nickname}\n")
    for text in incoming:
        if text == "<quit>":
            connection.sendall(b"<quit>\n")
            break
        tell_others(connection, f"{nickname}: {text}\n")
    del members[connection]
    connection.close()
    tell_others(connection, f"* left {nickname}\n")


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=50)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
