#!/usr/bin/env python3
"""The chat server of many networking courses, in its own words: threads, and one recv() is one message.

Without a fault it does all that can be done without a mark at the end of messages, except LINE-1. `--list` lists its faults, each with
the requirement that it breaks in the dialect `classic`; a line with `way` is a way of saying the same.
"""

import os
import signal
import socket
import sys
import threading
import time

FAULTS = {
    "ghost-at-a-fin": ("LEAVE-1", "When a client has ended its side, an empty message is sent around for ever."),
    "silent-at-a-fin": ("LEAVE-1", "Nobody is told that a client has ended its side."),
    "silent-at-a-reset": ("LEAVE-1", "Nobody is told that a client has reset its connection."),
    "silent-at-a-quit": ("LEAVE-1", "Nobody is told that a member has sent the word to leave."),
    "deaf-after-a-reset": ("CONN-1", "After a reset nobody hears anything any more."),
    "quit-is-a-name": ("LEAVE-2", "The word to leave is taken for a nickname."),
    "announces-the-nameless": ("NAME-3", "Somebody without a name is announced when it ends its side."),
    "overheard-before-the-name": ("NAME-2", "Connections hear the room before they have a name."),
    "cut-at-512": ("MSG-3", "A text ends after 512 bytes."),
    "trims": ("MSG-3", "Spaces around a text are removed."),
    "upper-case": ("MSG-1", "Texts are sent in capital letters."),
    "sends-to-one": ("MSG-1", "A message is sent to one other member only."),
    "no-echo": ("MSG-1", "A speaker does not hear itself, which this dialect promises."),
    "joins-in-silence": ("JOIN-3", "Nobody is told that somebody has come."),
    "one-at-a-time": ("NAME-5", "The next client is accepted when the one before has given its name."),
    "waits-for-sleepers": ("FLOW-1", "A member that does not read makes the others wait."),
    "quit-is-passed-on": ("LEAVE-2", "The word to leave is sent around before the member leaves."),
    "stays-after-quit": ("LEAVE-2", "The connection of a member that has sent the word to leave stays open."),
    "interrupt-waits": ("STOP-1", "Ctrl-C has no effect while somebody is connected."),
    "ignores-sigterm": ("STOP-3", "SIGTERM has no effect."),
    "no-reuse-of-the-port": ("STOP-4", "The port cannot be used again at once."),
    "tells-at-the-end": ("STOP-2", "At the end, everybody is told that the others leave."),
}
WAYS = {
    "no-prompt": "Nothing is said before the nickname.",
    "own-notice": "A newcomer hears its own notice too.",
    "no-welcome-words": "The notice of its own is the only welcome.",
    "with-newlines": "Each message of the server ends with a newline.",
}

arguments = sys.argv[1:]
if "--list" in arguments:
    for name, (requirement, sentence) in FAULTS.items():
        print(requirement, name, sentence)
    for name, sentence in WAYS.items():
        print("habit", name, sentence)
    sys.exit()
port = int(arguments[0])
chosen = set(arguments[1:])
assert chosen <= set(FAULTS) | set(WAYS), chosen

lock = threading.RLock()
members = {}  # socket -> nickname
nameless = set()
is_deaf = False


def main():
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if "ignores-sigterm" in chosen else stop)
    listener = socket.socket()
    if "no-reuse-of-the-port" not in chosen:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    while True:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if "waits-for-sleepers" in chosen:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
        nameless.add(client)
        if "one-at-a-time" in chosen:
            nickname = ask(client)
            threading.Thread(target=serve, args=(client, nickname), daemon=True).start()
        else:
            threading.Thread(target=serve, args=(client, None), daemon=True).start()


def stop(*_):
    global is_deaf
    if "interrupt-waits" in chosen and (members or nameless):
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if "tells-at-the-end" in chosen:
        for client, nickname in list(members.items()):
            for other in list(members):
                if other is not client:
                    send(other, nickname + " ha lasciato la chat")
    is_deaf = True
    for client in [*members, *nameless]:
        try:
            client.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    time.sleep(0.05)
    os._exit(0)


def serve(client, nickname):
    nickname = nickname or ask(client)
    nameless.discard(client)
    if nickname == "{quit}" and "quit-is-a-name" not in chosen or not nickname:
        if "announces-the-nameless" in chosen:
            tell(client, "Un ospite senza nome ha lasciato la chat")
        client.close()
        return
    enter(client, nickname)
    end = talk(client, nickname)
    leave(client, nickname, end)


def ask(client):
    if "no-prompt" not in chosen:
        send(client, "Salve! Digita il tuo Nome:")
    try:
        return client.recv(1024).decode()
    except OSError:
        return ""


def enter(client, nickname):
    with lock:
        if "no-welcome-words" not in chosen:
            send(client, f"Benvenuto {nickname}! Se vuoi lasciare la chat, scrivi {{quit}} per uscire.")
        if "joins-in-silence" not in chosen:
            tell(client, nickname + " si e' unito alla chat")
        members[client] = nickname
        if chosen & {"own-notice", "no-welcome-words"}:
            time.sleep(0.02)
            send(client, nickname + " si e' unito alla chat")


def talk(client, nickname):
    while True:
        try:
            text = client.recv(512 if "cut-at-512" in chosen else 8192).decode(errors="replace")
        except OSError:
            return "reset"
        if not text:
            if "ghost-at-a-fin" in chosen:
                tell(None, nickname + ": ")
                time.sleep(0.05)
                continue
            return "fin"
        if text == "{quit}":
            if "quit-is-passed-on" in chosen:
                tell(client, nickname + ": {quit}")
            return "quit"
        if "trims" in chosen:
            text = text.strip()
        if "upper-case" in chosen:
            text = text.upper()
        tell(client if "no-echo" in chosen else None, f"{nickname}: {text}", is_message=True)


def leave(client, nickname, end):
    global is_deaf
    if end == "reset" and "deaf-after-a-reset" in chosen:
        is_deaf = True
    with lock:
        members.pop(client, None)
        if {"fin": "silent-at-a-fin", "reset": "silent-at-a-reset", "quit": "silent-at-a-quit"}[end] not in chosen:
            tell(client, nickname + " ha lasciato la chat")
    if end == "quit" and "stays-after-quit" in chosen:
        time.sleep(3600)
    client.close()


def send(client, text):
    try:
        client.sendall((text + ("\n" if "with-newlines" in chosen else "")).encode())
    except OSError:
        pass


def tell(speaker, text, is_message=False):
    """Sends a text to all members but the speaker; one after the other, but never waits for one that does not read."""
    if is_deaf:
        return
    with lock:
        told = [client for client in members if client is not speaker]
        if "sends-to-one" in chosen and is_message:
            told = told[:2]
        if "overheard-before-the-name" in chosen:
            told += nameless
        for client in told:
            if "waits-for-sleepers" in chosen:
                send(client, text)
            else:
                queue(client, text)


def queue(client, text):
    text = text + ("\n" if "with-newlines" in chosen else "")
    waiting = queues.setdefault(client, [])
    waiting.append(text.encode())
    flush(client, waiting)


queues = {}


def flush(client, waiting):
    while waiting:
        try:
            sent = client.send(waiting[0], socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            waiting.clear()
            return
        waiting[0] = waiting[0][sent:]
        if not waiting[0]:
            waiting.pop(0)


main()
