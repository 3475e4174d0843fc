"""Sends one line without end."""

from listen import serve


def endless(client):
    try:
        while True:
            client.sendall(b"x" * 65536)
    except OSError:
        pass


serve(endless)
