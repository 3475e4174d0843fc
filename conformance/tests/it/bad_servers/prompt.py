"""Asks for a name, without an LF."""

from listen import serve


def ask(client):
    client.sendall(b"your name: ")
    while client.recv(4096):
        pass


serve(ask)
