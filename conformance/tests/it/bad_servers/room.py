"""A server that follows the core of the protocol, but for one fault: room.py PORT FAULT. A list of faults is below."""
import os
import signal
import socket
import sys
import threading
import time

FAULTS = {
    "none": "",
    "no-here": "a newcomer gets no list",
    "not-announced": "the others are not told that somebody joins",
    "late-left": "the others are told half a second late that somebody left",
    "half-close-ignored": "the end of the client's side is not noticed",
    "segfault": "ends itself with SIGSEGV when a line holds NUL, after some last words",
    "talks": "says `[server]: ...` to everybody who connects, naming or not",
    "no-lf-at-the-end": "the goodbye at a shutdown has no LF",
    "exit-status": "ends with status 7 when it is told to end",
    "left-at-the-end": "tells everybody at a shutdown that the others left",
    "three-seats": "has three seats",
    "name-never-free": "the nickname of somebody who left stays taken",
    "folds-left": "shows the nickname of whoever leaves in capitals",
    "left-again": "tells of everybody who left a second time, when the next one joins",
    "braces-are-commands": "takes every line in braces for a command",
    "tail-is-a-line": "takes what follows the first 4096 bytes of a line for another line",
}
PORT, FAULT = int(sys.argv[1]), sys.argv[2]
assert FAULT in FAULTS, FAULT
SEATS = 3 if FAULT == "three-seats" else 50
members, connections, gone = {}, set(), []
lock = threading.RLock()


def send(connection, text):
    try:
        connection.sendall(text.encode())
    except OSError:
        pass


def tell_others(sender, text):
    with lock:
        for member in list(members):
            if member is not sender:
                send(member, text)


def is_command(line):
    if FAULT == "braces-are-commands" and line.startswith(b"{") and line.endswith(b"}"):
        return True
    name, _, rest = line[1:-1].partition(b" ")
    shape = line.startswith(b"<") and line.endswith(b">") and len(line) > 2 and not set(line[1:-1]) & set(b"<>")
    letters = b"abcdefghijklmnopqrstuvwxyz"
    return shape and name[:1] in letters and name.strip(letters + b"0123456789-") == b"" and (rest != b"" or b" " not in line)


def refusal(line):
    if len(line) > 4096:
        return "line-too-long"
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return "not-utf8"
    if any((ord(c) < 32 and c != "\t") or 127 <= ord(c) < 160 or c in "\u2028\u2029" for c in text):
        return "control-character"
    return "unknown-command" if is_command(line) else None


def lines(connection):
    buffer = b""
    while True:
        while b"\n" in buffer or (FAULT == "tail-is-a-line" and len(buffer) > 4097):
            if FAULT == "tail-is-a-line" and (buffer.find(b"\n") % (1 << 30)) > 4097:
                line, buffer = buffer[:4097], buffer[4097:]
            else:
                line, buffer = buffer.split(b"\n", 1)
            yield line.removesuffix(b"\r")
        try:
            received = connection.recv(65536)
        except OSError:
            return
        if not received:
            if FAULT == "half-close-ignored":
                time.sleep(1000)
            return
        buffer += received


def enter(connection, nickname):
    """Returns whether the nickname is accepted."""
    with lock:
        if not nickname or len(nickname.encode()) > 32 or set(nickname) & set(" \t:\u200b\ufeff") or nickname[0] in "*!<{":
            return send(connection, "! nickname-invalid\n")
        taken = {other.lower() for other in members.values()} | ({other.lower() for other in gone} if FAULT == "name-never-free" else set())
        if nickname.lower() in taken:
            return send(connection, "! nickname-taken\n")
        if len(members) >= SEATS:
            return send(connection, "! room-full\n")
        here = "".join(f"* here {other}\n" for other in members.values())
        send(connection, f"* welcome {nickname} {len(members)}\n" + ("" if FAULT == "no-here" else here))
        members[connection] = nickname
        if FAULT != "not-announced":
            tell_others(connection, f"* joined {nickname}\n")
        if FAULT == "left-again" and gone:
            tell_others(connection, f"* left {gone[-1]}\n")
        return True


def leave(connection):
    nickname = members.pop(connection, None)
    if nickname is None:
        return
    gone.append(nickname)
    shown = nickname.upper() if FAULT == "folds-left" else nickname
    if FAULT == "late-left":
        threading.Timer(0.5, tell_others, (connection, f"* left {shown}\n")).start()
    else:
        tell_others(connection, f"* left {shown}\n")


def hears(connection, line):
    """Does what the line says. Returns whether the connection goes on."""
    if FAULT == "segfault" and b"\0" in line:
        print("about to fall over", flush=True)
        os.kill(os.getpid(), signal.SIGSEGV)
    if line in (b"<quit>", b"{quit}"):
        return False
    why = refusal(line)
    if why:
        send(connection, f"! {why}\n")
    elif connection in members:
        if line:
            tell_others(connection, f"{members[connection]}: {line.decode()}\n")
    elif line:
        enter(connection, line.decode())
    return True


def serve(connection):
    connections.add(connection)
    if FAULT == "talks":
        send(connection, "[server]: welcome to this server\n")
    for line in lines(connection):
        with lock:
            if not hears(connection, line):
                break
    with lock:
        leave(connection)
        send(connection, "<quit>\n")
        connections.discard(connection)
    try:
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    except OSError:
        pass
    connection.close()


def stop(number, _):
    listener.close()
    with lock:
        for connection in list(connections):
            if FAULT == "left-at-the-end":
                for nickname in [n for member, n in members.items() if member is not connection]:
                    send(connection, f"* left {nickname}\n")
            send(connection, "<quit>" if FAULT == "no-lf-at-the-end" else "<quit>\n")
            connection.shutdown(socket.SHUT_WR)
    os._exit(7 if FAULT == "exit-status" else 0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)
listener = socket.create_server(("127.0.0.1", PORT), backlog=100)
while True:
    accepted = listener.accept()[0]
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
