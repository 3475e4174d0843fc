#!/usr/bin/env python3
"""A Salotto server: one room, in which every member receives what every other member says.

A single thread does all the work. It sleeps until a socket is ready, reads what has arrived, adds the resulting lines
to the outgoing queues, and writes as much of each queue as the system accepts. It never blocks on a client.

The file reads from top to bottom: `main` starts the `Server` (the event loop), which owns the `Connection`s (bytes and
lines), which share the `Room` (the members, and what each of them is sent). The rules for lines and nicknames are at
the end. Ids such as LINE-8 refer to requirements of the specification.
"""

import argparse
import math
import re
import selectors
import signal
import socket
import sys
import time
import unicodedata

MAX_LINE = 4096                   # bytes, without LF and CR (LINE-7)
MAX_NICKNAME = 32                 # bytes (NICK-2)
MAX_OWED = 4 * 1024 * 1024        # bytes held for one client; must be between 256 KiB and 16 MiB (FLOW-2, FLOW-3)
READ_SIZE = 32 * 1024             # bytes read from one client before the others get their turn
LINGER_SECONDS = 2                # how long to keep reading after a goodbye (LEAVE-7)
LINGER_BYTES = 1024 * 1024        # how many bytes to discard in that time (LEAVE-7)
FAREWELL_SECONDS = 10             # how long a leaving client may take to read what it is owed (LEAVE-3)
TIMEOUT_SECONDS = 4               # the same for a client whose naming timeout has passed (NAME-6: at most 5)
DEAF_SECONDS = 10                 # how long to go on reading after a write has failed (LEAVE-4)
SHUTDOWN_SECONDS = 3              # how long all goodbyes together may take at shutdown (STOP-1: at most 5)
KEEPALIVE_SECONDS = 60            # silence after which the system probes a connection (FLOW-7)
TICK_SECONDS = 0.25               # resolution of the timers

# FLOW-8: the budget that one client can spend before it has to wait for the next tick. A line costs more than its bytes
# because every line causes work. A single client cannot fill the queue of a member that reads twice a second.
FLOOD_BUDGET = 2 * 1024 * 1024
COST_OF_A_LINE = 1024

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE

ERRORS = {
    "line-too-long": "a line has at most 4096 bytes",
    "not-utf8": "the line is not UTF-8",
    "control-character": "control characters are not allowed",
    "unknown-command": "no such command",
    "nickname-invalid": "this nickname is not allowed",
    "nickname-taken": "another member has this nickname",
    "room-full": "the room is full",
}


def main():
    options = read_command_line()
    signals = open_signal_socket()
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        print(f"server.py: cannot listen on {options.host} port {options.port}: {error.strerror}.", file=sys.stderr)
        return 1
    host, port = listener.getsockname()[:2]
    print(f"listening on {host} port {port}", file=sys.stderr, flush=True)
    Server(listener, signals, Room(options.capacity), options.naming_timeout).run()
    return 0


def read_command_line():
    parser = argparse.ArgumentParser(
        prog="server.py", description="A Salotto server. SIGINT (Ctrl-C) or SIGTERM ends it with a goodbye to every client.")
    parser.add_argument("port", metavar="PORT", type=int,
                        help="TCP port to listen on (Salotto's default port is 53000; 0 picks any free port)")
    parser.add_argument("--host", default="127.0.0.1",
                        help="address to listen on (default: %(default)s, this machine only; 0.0.0.0 is every IPv4 address)")
    parser.add_argument("--capacity", metavar="MEMBERS", type=int, default=100,
                        help="maximum number of members (default: %(default)s)")
    parser.add_argument("--naming-timeout", metavar="SECONDS", type=float, default=60,
                        help="how long a connection may remain without a nickname (default: %(default)s)")
    options = parser.parse_args()
    if not 0 <= options.port <= 65535:
        parser.error("PORT must be a number from 0 to 65535")
    if options.capacity < 1:
        parser.error("the capacity must be at least 1 member")
    if not options.naming_timeout > 0:
        parser.error("the naming timeout must be more than 0 seconds")
    return options


def open_signal_socket():
    """Returns a socket that becomes readable on a signal, so that the event loop can wait for signals too."""
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    signal.set_wakeup_fd(sender.detach())  # Python writes to it, provided the signal has a handler.
    for number in (signal.SIGINT, signal.SIGTERM):  # STOP-1, STOP-3
        signal.signal(number, lambda _number, _frame: None)
    return receiver


def listen(host, port):
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # STOP-4
    # Accepted connections inherit the following options.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # Send short lines without delay.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # FLOW-7
    if hasattr(socket, "TCP_KEEPIDLE"):  # Not every system lets a program set the interval.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_SECONDS)
    listener.bind((host, port))
    listener.listen(128)
    listener.setblocking(False)
    return listener


class Server:
    """The event loop: waits for sockets, timers and signals, and calls the handler of each."""

    def __init__(self, listener, signals, room, naming_timeout):
        self.listener = listener
        self.signals = signals
        self.room = room
        self.naming_timeout = naming_timeout
        self.connections = set()
        self.unsent = set()         # connections to flush at the end of this round
        self.slow_readers = []      # connections to drop at the end of this round
        self.with_deadline = set()  # connections whose deadline is running
        self.at_next_tick = []      # functions to call
        self.next_tick = 0
        self.end = math.inf         # when the last connection must be closed; finite once the server stops
        self.selector = selectors.DefaultSelector()  # The data of each socket is the function to call.
        self.selector.register(signals, READ, self.stop)
        self.selector.register(listener, READ, self.accept)

    def run(self):
        while self.connections or not self.stopping():
            for key, events in self.selector.select(self.seconds_to_tick()):
                key.data(events)
            if time.monotonic() >= self.next_tick:
                self.tick()
            self.drop_slow_readers()
            self.send_unsent()

    def accept(self, _events):
        while not self.stopping():
            try:
                client, _address = self.listener.accept()
            except BlockingIOError:
                return
            except ConnectionError:
                continue  # The client gave up before it was accepted.
            except OSError:
                return self.stop_accepting_for_a_while()
            self.connections.add(Connection(self, client))

    def stop_accepting_for_a_while(self):
        """No file descriptors are left. New connections wait in the system's queue until the next tick."""
        self.selector.modify(self.listener, WRITE, self.accept)  # A listener is never ready to write.
        self.at_next_tick.append(self.accept_again)

    def accept_again(self):
        if not self.stopping():
            self.selector.modify(self.listener, READ, self.accept)

    def stop(self, _events):
        """Shuts the server down (STOP-1)."""
        self.selector.unregister(self.signals)  # A second signal has no effect.
        self.accept(READ)  # Clients that connected before the signal get a goodbye too.
        self.end = time.monotonic() + SHUTDOWN_SECONDS
        self.selector.unregister(self.listener)
        self.listener.close()
        self.room.members.clear()  # STOP-2: nobody is told that the others leave.
        for connection in self.connections:
            connection.leave()
            connection.limit_time(SHUTDOWN_SECONDS)

    def stopping(self):
        return self.end < math.inf

    # The end of a round. Sockets are written to and members dropped only here, so that lines that arrived together are
    # sent together and the table of members does not change while a line is being passed to all of them.

    def drop_slow_readers(self):
        while self.slow_readers:  # The `* left` of one can fill the queue of another.
            self.slow_readers.pop().lost()

    def send_unsent(self):
        while self.unsent:
            self.unsent.pop().flush()

    # The timers. They tick only while a connection needs them, so an idle server does not wake up.

    def seconds_to_tick(self):
        if self.with_deadline or self.at_next_tick:
            return max(0, self.next_tick - time.monotonic())
        return None  # wait for sockets only

    def tick(self):
        now = time.monotonic()
        self.next_tick = now + TICK_SECONDS
        for connection in list(self.with_deadline):
            if now >= connection.deadline:
                connection.deadline_passed()
        functions, self.at_next_tick = self.at_next_tick, []
        for function in functions:
            function()


# The states of a connection. It moves down this list and can skip states.
NAMING = "naming"          # no nickname yet
MEMBER = "member"          # in the room
LEAVING = "leaving"        # no longer in the room; what it is owed, and the goodbye, are still being sent
LINGERING = "lingering"    # the goodbye has been sent; what the client still sends is discarded
CLOSED = "closed"


class Connection:
    """One client: splits incoming bytes into lines, and queues outgoing bytes."""

    def __init__(self, server, client):
        self.server = server
        self.room = server.room
        self.socket = client
        self.state = NAMING
        self.nickname = None
        self.unfinished = b""        # the start of a line whose LF has not arrived yet
        self.owed = bytearray()      # the outgoing queue
        self.input_ended = False     # whether the client has ended its side
        self.cannot_send = False     # whether a write has failed
        self.is_slow = False         # whether the queue has overflowed; the connection is about to be dropped
        self.paused = False          # whether reading is suspended because the client floods the room
        self.spent = 0               # the used part of the client's budget (FLOW-8)
        self.discarded = 0           # bytes discarded after the goodbye
        self.watched = 0             # the events that the selector watches for
        client.setblocking(False)
        self.limit_time(server.naming_timeout)  # NAME-6
        self.watch()

    def watch(self):
        """Tells the selector which events to watch for, if they have changed."""
        events = 0
        if self.state != CLOSED and not self.input_ended and not self.paused:
            events |= READ
        if self.owed:
            events |= WRITE
        if events == self.watched:
            return
        if not self.watched:
            self.server.selector.register(self.socket, events, self.handle)
        elif not events:
            self.server.selector.unregister(self.socket)
        else:
            self.server.selector.modify(self.socket, events, self.handle)
        self.watched = events

    def handle(self, events):
        if events & READ:
            self.receive()
        if events & WRITE:
            self.flush()

    # Input

    def receive(self):
        try:
            data = self.socket.recv(READ_SIZE)
        except BlockingIOError:
            return
        except OSError:  # a reset
            return self.lost()
        if not data:
            self.end_of_input()
        elif self.state in (NAMING, MEMBER):
            self.pace(data)
            self.take(data)
        elif self.state == LINGERING:  # LEAVE-7
            self.discarded += len(data)
            if self.discarded >= LINGER_BYTES:
                self.close()

    def take(self, data):
        """Splits the bytes that have arrived into lines (LINE-1)."""
        lines = (self.unfinished + data).split(b"\n")
        self.unfinished = lines.pop()
        for line in lines:
            if self.state not in (NAMING, MEMBER):
                return  # LEAVE-2: what follows <quit> is ignored.
            self.take_line(line.removesuffix(b"\r"))  # LINE-2
        # LINE-9: keep only as much of a long line as shows that it is too long, even without its CR.
        self.unfinished = self.unfinished[:MAX_LINE + 2]

    def take_line(self, line):
        if not line:  # LINE-5
            return
        if error := find_error(line):
            self.refuse(error)
        elif line in (b"<quit>", b"{quit}"):  # LEAVE-2
            self.leave()
        elif COMMAND.fullmatch(line):  # MSG-5
            self.refuse("unknown-command")
        elif self.state == NAMING:  # NAME-1
            self.join(line.decode())
        else:
            self.room.say(self, line)

    def join(self, nickname):
        if error := self.room.admit(self, nickname):
            self.refuse(error)
            if error == "room-full":  # ROOM-2
                self.leave()

    def become_member(self, nickname):
        self.state = MEMBER
        self.nickname = nickname
        self.server.with_deadline.discard(self)  # NAME-7

    def refuse(self, error):
        self.send(f"! {error} {ERRORS[error]}\n".encode())  # ERR-1

    def pace(self, data):
        """Stops reading until the next tick if the client has used up its budget (FLOW-5, FLOW-8)."""
        self.spent += len(data) + data.count(b"\n") * COST_OF_A_LINE
        if self.spent >= FLOOD_BUDGET:
            self.paused = True
            self.watch()
            self.server.at_next_tick.append(self.resume)

    def resume(self):
        self.paused = False
        self.spent = 0
        self.watch()

    # Output

    def send(self, line):
        """Adds a line to the outgoing queue. Never blocks."""
        if self.cannot_send or self.is_slow:  # FLOW-4: once a line is lost, none follows.
            return
        if len(self.owed) + len(line) > MAX_OWED:
            self.write()  # The client may have read in the meantime.
        if len(self.owed) + len(line) > MAX_OWED:
            self.is_slow = True  # FLOW-3
            self.server.slow_readers.append(self)
            return
        self.owed += line
        self.server.unsent.add(self)

    def write(self):
        """Writes as much of the queue as the system accepts now."""
        try:
            sent = self.socket.send(self.owed)
            del self.owed[:sent]
        except BlockingIOError:
            pass  # FLOW-1: the rest stays in the queue and delays nobody else.
        except OSError:
            # The client is gone, but lines that it sent before may still be unread (LEAVE-4). Only sending stops here;
            # `receive` finds the end of the input soon.
            self.cannot_send = True
            self.owed.clear()
            self.limit_time(DEAF_SECONDS)

    def flush(self):
        if self.state == CLOSED:
            return
        if self.owed:
            self.write()
        if self.state == LEAVING and not self.owed:
            self.goodbye_is_sent()
        self.watch()

    # Ending

    def limit_time(self, seconds):
        self.deadline = min(time.monotonic() + seconds, self.server.end)
        self.server.with_deadline.add(self)

    def deadline_passed(self):
        if self.state == NAMING:  # NAME-6
            self.leave(TIMEOUT_SECONDS)
        else:
            self.lost()

    def end_of_input(self):
        """The client has ended its side (LEAVE-5)."""
        self.input_ended = True
        if self.state == LINGERING:
            self.close()
        else:
            self.leave()
            self.watch()

    def leave(self, seconds=FAREWELL_SECONDS):
        """Leaves the room, and queues the goodbye behind everything that the client is owed (LEAVE-3, LEAVE-5)."""
        if self.state not in (NAMING, MEMBER):
            return
        if self.state == MEMBER:
            self.room.leave(self)
        self.send(b"<quit>\n")
        self.state = LEAVING
        self.unfinished = b""  # LINE-4
        self.server.unsent.add(self)  # `flush` also ends a connection that has nothing left to send
        self.limit_time(seconds)

    def goodbye_is_sent(self):
        """Keeps reading: closing with unread bytes would cause a reset, which can destroy the goodbye (LEAVE-7)."""
        if self.input_ended or self.cannot_send:
            return self.close()
        self.state = LINGERING
        self.limit_time(LINGER_SECONDS)
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:  # The client has reset the connection.
            self.close()

    def lost(self):
        """Ends the connection without a goodbye: it was reset, or it is dropped (FLOW-3)."""
        if self.state == MEMBER:
            self.room.leave(self)
        self.close()

    def close(self):
        if self.state != CLOSED:
            self.state = CLOSED
            self.owed.clear()
            self.watch()
            self.socket.close()
            self.server.connections.discard(self)
            self.server.with_deadline.discard(self)


class Room:
    """The members. Every event is added to all queues at once, so everybody sees the same order (ORDER-1)."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.members = {}  # key of the nickname -> connection

    def admit(self, connection, nickname):
        """Makes the connection a member, or returns an error code."""
        key = nickname_key(nickname)
        if not nickname_is_valid(nickname):
            return "nickname-invalid"
        if key in self.members:  # NICK-6
            return "nickname-taken"
        if len(self.members) >= self.capacity:  # ROOM-2
            return "room-full"
        connection.send(f"* welcome {nickname} {len(self.members)}\n".encode())  # JOIN-1
        for other in self.members.values():
            connection.send(f"* here {other.nickname}\n".encode())  # JOIN-2
        self.tell_all(f"* joined {nickname}\n".encode())  # JOIN-3
        self.members[key] = connection
        connection.become_member(nickname)
        return None

    def say(self, sender, text):
        message = sender.nickname.encode() + b": " + text + b"\n"  # MSG-1, MSG-3
        self.tell_all(message, sender)  # MSG-2

    def leave(self, connection):
        self.members.pop(nickname_key(connection.nickname), None)  # LEAVE-6: free the seat before telling anybody.
        self.tell_all(f"* left {connection.nickname}\n".encode())  # LEAVE-1

    def tell_all(self, line, except_for=None):
        for member in self.members.values():
            if member is not except_for:
                member.send(line)


# Lines

# LINE-11. A line contains no LF, and TAB is allowed.
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0B-\x1F\x7F-\x9F\u2028\u2029]")
COMMAND = re.compile(rb"<[a-z][a-z0-9-]*( [^<>]+)?>")


def find_error(line):
    """Returns the first reason to refuse the bytes of a line, in the order of ERR-2, or None."""
    if len(line) > MAX_LINE:
        return "line-too-long"  # LINE-8
    try:
        text = line.decode("utf-8")  # Python's decoder refuses what LINE-10 refuses.
    except UnicodeDecodeError:
        return "not-utf8"
    if CONTROL_CHARACTER.search(text):
        return "control-character"
    return None


# Nicknames

# NICK-3 in the first line, NICK-5 in the others.
FORBIDDEN_IN_NICKNAMES = re.compile(
    r"[ \t:"
    r"\u00A0\u00AD\u061C\u1680\u180E\u2000-\u200F\u202A-\u202F\u205F-\u206F\u3000\uFEFF]")

# NICK-7. Characters that PRECIS (RFC 8264) disallows although their category would allow them: the invisible ones, the
# conjoining jamo of old Hangul, and the listed exceptions.
# The contextual rules (CONTEXTO) are left out because Python has no tables for them.
FORBIDDEN_BY_PRECIS = re.compile(
    r"[\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFE00-\uFE0F\uFFA0\U000E0100-\U000E01EF"
    r"\u1100-\u11FF\uA960-\uA97C\uD7B0-\uD7FB"
    r"\u0640\u07FA\u302E\u302F\u3031-\u3035\u303B]")


def nickname_is_valid(nickname):
    if not (keeps_the_rules(nickname) and precis_allows(nickname)):
        return False
    enforced = settle(nickname, enforce)  # NICK-7 checks both forms; only the first is ever shown.
    return bool(enforced) and keeps_the_rules(enforced)


def enforce(nickname):
    """Applies the Nickname profile (RFC 8266) once: trims and joins spaces, and normalizes."""
    return unicodedata.normalize("NFKC", " ".join(nickname.split()))


def settle(text, step):
    """Repeats a step until it changes nothing more, at most four times in all (RFC 8264, section 7). Else returns None."""
    for _ in range(4):
        before, text = text, step(text)
        if text == before:
            return text
    return None


def keeps_the_rules(nickname):
    return (len(nickname.encode()) <= MAX_NICKNAME           # NICK-2
            and nickname[0] not in "*!<{"                    # NICK-4
            and not FORBIDDEN_IN_NICKNAMES.search(nickname))


def precis_allows(nickname):
    """Categories that begin with C hold unassigned, private-use, control and similar characters."""
    no_others = all(unicodedata.category(character)[0] != "C" for character in nickname)
    return no_others and not FORBIDDEN_BY_PRECIS.search(nickname)


def nickname_key(nickname):
    """Returns a key that is equal for equal nicknames: NICK-6 for the letters A to Z, NICK-8 for all others.

    Each character is lowered by itself: Python's `lower` of a whole text gives a sigma at its end another form.
    """
    lowered = settle(nickname, lambda text: enforce("".join(character.lower() for character in text)))
    return lowered or nickname.encode().lower().decode()  # A nickname that does not settle is compared as it is.


if __name__ == "__main__":
    sys.exit(main())
