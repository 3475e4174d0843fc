#!/usr/bin/env python3
"""A Salotto server: one room, in which everybody hears everybody else.

One thread does everything. It sleeps until a socket has news, and then waits for nobody: it reads what has come,
puts what follows from it into the outgoing queues, and hands these to the system as far as the system takes them.

Read from the top: `main` starts the `Server` (the loop), which holds the `Connection`s (bytes and lines),
which meet in the `Room` (who is a member, and who hears what). The rules for lines and nicknames stand at the end.
Marks like LINE-8 are the requirements of the specification.
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
MAX_OWED = 4 * 1024 * 1024        # bytes held for one client; between 256 KiB and 16 MiB (FLOW-2, FLOW-3)
READ_SIZE = 32 * 1024             # bytes taken from one client before others have their turn
LINGER_SECONDS = 2                # how long, and
LINGER_BYTES = 1024 * 1024        # for how many bytes we listen after a goodbye (LEAVE-7)
FAREWELL_SECONDS = 60             # how long somebody who leaves may take to read what it is owed
SHUTDOWN_SECONDS = 3              # how long all goodbyes together may take when the server stops (STOP-1: 5 at most)
KEEPALIVE_SECONDS = 60            # silence after which the system probes a connection (FLOW-7)
TICK_SECONDS = 0.25               # how exact our clock is

# FLOW-8: how many bytes we take from one client before we let it wait for the next tick of the clock. A line costs
# more than its bytes, because it makes work. One client alone cannot fill the queue of a member that reads twice a second.
FLOOD_BUDGET = 2 * 1024 * 1024
COST_OF_A_LINE = 1024

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE

ERRORS = {
    "line-too-long": "a line has at most 4096 bytes",
    "not-utf8": "this is not UTF-8",
    "control-character": "control characters are not allowed",
    "unknown-command": "no such command",
    "nickname-invalid": "this nickname is not allowed",
    "nickname-taken": "somebody has this nickname",
    "room-full": "there is no seat left",
}


def main():
    options = read_command_line()
    signals = hear_signals()
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
        prog="server.py", description="A Salotto server. SIGINT (Ctrl-C) and SIGTERM end it, with a goodbye to everybody.")
    parser.add_argument("port", metavar="PORT", type=int,
                        help="TCP port to listen on (53000 is Salotto's own; 0 means any free one)")
    parser.add_argument("--host", default="127.0.0.1",
                        help="address to listen on (default: %(default)s, this machine only; 0.0.0.0 means every IPv4 address)")
    parser.add_argument("--capacity", metavar="MEMBERS", type=int, default=100,
                        help="how many members the room holds (at least 5; default: %(default)s)")
    parser.add_argument("--naming-timeout", metavar="SECONDS", type=float, default=60,
                        help="how long a connection may take to choose a nickname, in seconds (default: %(default)s)")
    options = parser.parse_args()
    if not 0 <= options.port <= 65535:
        parser.error("PORT must be a number from 0 to 65535")
    if options.capacity < 5:
        parser.error("the capacity must be at least 5 members")  # ROOM-1
    if not options.naming_timeout > 0:
        parser.error("the naming timeout must be more than 0 seconds")
    return options


def hear_signals():
    """Returns a socket that becomes readable when a signal comes: so the loop waits for signals as for everything else."""
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    signal.set_wakeup_fd(sender.detach())  # Python itself writes to it, as long as the signal has a handler.
    for number in (signal.SIGINT, signal.SIGTERM):  # STOP-1, STOP-3
        signal.signal(number, lambda _number, _frame: None)
    return receiver


def listen(host, port):
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # STOP-4
    # Accepted connections inherit what follows.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # Chat lines are short, and should not wait.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # FLOW-7
    if hasattr(socket, "TCP_KEEPIDLE"):  # Not every system lets us choose the time.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_SECONDS)
    listener.bind((host, port))
    listener.listen(128)
    listener.setblocking(False)
    return listener


class Server:
    """The loop: it waits for news from the sockets, the clock and the system, and calls whom they concern."""

    def __init__(self, listener, signals, room, naming_timeout):
        self.listener = listener
        self.signals = signals
        self.room = room
        self.naming_timeout = naming_timeout
        self.connections = set()
        self.unsent = set()         # connections that are to be flushed at the end of this round
        self.sleepers = []          # connections that do not read, to be dropped at the end of this round
        self.hurried = set()        # connections that have a deadline
        self.at_next_tick = []      # functions to call
        self.next_tick = 0
        self.end = math.inf         # when the last connection must be closed; known when we stop
        self.selector = selectors.DefaultSelector()  # The data of every socket is the function to call.
        self.selector.register(signals, READ, self.stop)
        self.selector.register(listener, READ, self.accept)

    def run(self):
        while self.connections or not self.stopping():
            for key, events in self.selector.select(self.seconds_to_tick()):
                key.data(events)
            if time.monotonic() >= self.next_tick:
                self.tick()
            self.drop_sleepers()
            self.send_unsent()

    def accept(self, _events):
        while not self.stopping():
            try:
                client, _address = self.listener.accept()
            except BlockingIOError:
                return
            except ConnectionError:
                continue  # This client went away while it waited.
            except OSError:
                return self.stop_accepting_for_a_while()
            self.connections.add(Connection(self, client))

    def stop_accepting_for_a_while(self):
        """There are no file descriptors left. Who connects now waits in the system's queue."""
        self.selector.modify(self.listener, WRITE, self.accept)  # A listener is never ready to write.
        self.at_next_tick.append(self.accept_again)

    def accept_again(self):
        if not self.stopping():
            self.selector.modify(self.listener, READ, self.accept)

    def stop(self, _events):
        """The end of the room (STOP-1)."""
        self.selector.unregister(self.signals)  # A second signal changes nothing.
        self.accept(READ)  # Who connected before the signal gets a goodbye too.
        self.end = time.monotonic() + SHUTDOWN_SECONDS
        self.selector.unregister(self.listener)
        self.listener.close()
        self.room.members.clear()  # STOP-2: one event for all, so nobody is left to hear of another's leaving.
        for connection in self.connections:
            connection.leave()
            connection.limit_time(SHUTDOWN_SECONDS)

    def stopping(self):
        return self.end < math.inf

    # The end of a round. Only here sockets are written to and members dropped: so lines that arrived together are
    # sent together, and nobody disappears while the room is being told something.

    def drop_sleepers(self):
        while self.sleepers:  # The news that one has left can be too much for the next.
            self.sleepers.pop().lost()

    def send_unsent(self):
        while self.unsent:
            self.unsent.pop().flush()

    # The clock. It ticks only when somebody needs it, so a quiet server sleeps.

    def seconds_to_tick(self):
        if self.hurried or self.at_next_tick:
            return max(0, self.next_tick - time.monotonic())
        return None  # no need to wake up

    def tick(self):
        now = time.monotonic()
        self.next_tick = now + TICK_SECONDS
        for connection in list(self.hurried):
            if now >= connection.deadline:
                connection.time_is_up()
        functions, self.at_next_tick = self.at_next_tick, []
        for function in functions:
            function()


# The life of a connection. It goes down this list, and may skip steps.
NAMING = "naming"          # no nickname yet
MEMBER = "member"          # in the room
LEAVING = "leaving"        # not in the room any more; what it is owed, and the goodbye, wait to be sent
LINGERING = "lingering"    # the goodbye is sent; what the client still sends is discarded
CLOSED = "closed"


class Connection:
    """One client: it makes lines of the bytes that come in, and keeps the bytes that are to go out."""

    def __init__(self, server, client):
        self.server = server
        self.room = server.room
        self.socket = client
        self.state = NAMING
        self.nickname = None
        self.unfinished = b""        # the start of a line whose LF has not come yet
        self.owed = bytearray()      # the outgoing queue
        self.input_ended = False     # Has the client ended its side?
        self.cannot_send = False     # Has the system told us that nothing we send arrives?
        self.asleep = False          # Are we about to drop this connection?
        self.paused = False          # Do we let this client wait because it floods us?
        self.spent = 0               # how much of its budget the client has used up (FLOW-8)
        self.discarded = 0           # bytes discarded after the goodbye
        self.watched = 0             # the events that the selector watches for us
        client.setblocking(False)
        self.limit_time(server.naming_timeout)  # NAME-6
        self.watch()

    def watch(self):
        """Tells the selector which events we wait for, when they have changed."""
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

    # What comes in

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
        """Makes lines of the bytes that have come (LINE-1)."""
        lines = (self.unfinished + data).split(b"\n")
        self.unfinished = lines.pop()
        for line in lines:
            if self.state not in (NAMING, MEMBER):
                return  # LEAVE-2: what stands behind <quit> means nothing.
            self.take_line(line.removesuffix(b"\r"))  # LINE-2
        # LINE-9: of a long line we keep just enough to know later that it was too long, even without its CR.
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
        self.server.hurried.discard(self)  # NAME-7

    def refuse(self, error):
        self.send(f"! {error} {ERRORS[error]}\n".encode())  # ERR-1

    def pace(self, data):
        """Reads nothing until the next tick from a client that has used up its budget (FLOW-5, FLOW-8)."""
        self.spent += len(data) + data.count(b"\n") * COST_OF_A_LINE
        if self.spent >= FLOOD_BUDGET:
            self.paused = True
            self.watch()
            self.server.at_next_tick.append(self.resume)

    def resume(self):
        self.paused = False
        self.spent = 0
        self.watch()

    # What goes out

    def send(self, line):
        """Puts a line into the outgoing queue. Never waits."""
        if self.cannot_send or self.asleep:  # FLOW-4: after one lost line no other follows.
            return
        if len(self.owed) + len(line) > MAX_OWED:
            self.write()  # Perhaps the client does read, and only we had no time to send.
        if len(self.owed) + len(line) > MAX_OWED:
            self.asleep = True  # FLOW-3
            self.server.sleepers.append(self)
            return
        self.owed += line
        self.server.unsent.add(self)

    def write(self):
        """Hands as much of the queue to the system as it takes now."""
        try:
            sent = self.socket.send(self.owed)
            del self.owed[:sent]
        except BlockingIOError:
            pass  # FLOW-1: the rest waits in our queue, and nobody waits for it.
        except OSError:
            # The client is gone, but perhaps its last words are still to be read (LEAVE-4). So we only stop sending;
            # `receive` should find the end soon.
            self.cannot_send = True
            self.owed.clear()
            self.limit_time(LINGER_SECONDS)

    def flush(self):
        if self.state == CLOSED:
            return
        if self.owed:
            self.write()
        if self.state == LEAVING and not self.owed:
            self.goodbye_is_sent()
        self.watch()

    # How it ends

    def limit_time(self, seconds):
        self.deadline = min(time.monotonic() + seconds, self.server.end)
        self.server.hurried.add(self)

    def time_is_up(self):
        if self.state == NAMING:  # NAME-6
            self.leave()
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

    def leave(self):
        """Leaves the room at once; the goodbye goes out after everything that the client is owed (LEAVE-3, LEAVE-5)."""
        if self.state not in (NAMING, MEMBER):
            return
        if self.state == MEMBER:
            self.room.leave(self)
        self.send(b"<quit>\n")
        self.state = LEAVING
        self.unfinished = b""  # LINE-4
        self.server.unsent.add(self)  # even if there is nothing to send, or no way to send it
        self.limit_time(FAREWELL_SECONDS)

    def goodbye_is_sent(self):
        """Closing with unread bytes would make a reset, which can destroy our goodbye. So we read on (LEAVE-7)."""
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
            self.server.hurried.discard(self)


class Room:
    """The members. Whatever happens here goes into all queues at once, so the order is the same for all (ORDER-1)."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.members = {}  # key of the nickname -> connection

    def admit(self, connection, nickname):
        """Makes the connection a member, or returns the code of an error."""
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
        self.members.pop(nickname_key(connection.nickname), None)  # LEAVE-6: first free the seat, then tell.
        self.tell_all(f"* left {connection.nickname}\n".encode())  # LEAVE-1

    def tell_all(self, line, but=None):
        for member in self.members.values():
            if member is not but:
                member.send(line)


# Lines

# LINE-11. There is no LF in a line, and TAB is allowed.
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0B-\x1F\x7F-\x9F\u2028\u2029]")
COMMAND = re.compile(rb"<[a-z][a-z0-9-]*( [^<>]+)?>")


def find_error(line):
    """What is wrong with the bytes of a line, in the order of ERR-2."""
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

# NICK-7. The characters that PRECIS (RFC 8264) does not allow, although they are letters, marks or the like:
# those that are not seen, the parts of which old Hangul is made, and its exceptions.
# We leave out its rules about neighbours (CONTEXTO), for which Python has no tables.
FORBIDDEN_BY_PRECIS = re.compile(
    r"[\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFE00-\uFE0F\uFFA0\U000E0100-\U000E01EF"
    r"\u1100-\u11FF\uA960-\uA97C\uD7B0-\uD7FB"
    r"\u0640\u07FA\u302E\u302F\u3031-\u3035\u303B]")


def nickname_is_valid(nickname):
    prepared = unicodedata.normalize("NFKC", nickname)  # NICK-7 asks about both forms, and shows only the first.
    return keeps_the_rules(nickname) and keeps_the_rules(prepared) and precis_allows(nickname)


def keeps_the_rules(nickname):
    return (len(nickname.encode()) <= MAX_NICKNAME           # NICK-2
            and nickname[0] not in "*!<{"                    # NICK-4
            and not FORBIDDEN_IN_NICKNAMES.search(nickname))


def precis_allows(nickname):
    """C is the first letter of the categories of characters that are unassigned, private, controls and the like."""
    no_others = all(unicodedata.category(character)[0] != "C" for character in nickname)
    return no_others and not FORBIDDEN_BY_PRECIS.search(nickname)


def nickname_key(nickname):
    """Two nicknames are equal when their keys are: NICK-6 and, with more than the letters A to Z, NICK-8.

    This is the comparison of the Nickname profile (RFC 8266); its rules about spaces have nothing to do here.
    Normalizing can bring forth capitals, so the profile wants both steps done until nothing changes, four times at most.
    """
    key = nickname
    for _ in range(4):
        key = unicodedata.normalize("NFKC", key.lower())
    return key


if __name__ == "__main__":
    sys.exit(main())
