"""Prints garbage for ever, on every connection and on its standard output."""

import sys

from listen import serve


def garbage(client):
    try:
        while True:
            client.sendall(b"\x1b[31mgarbage\xff\n" * 500)
            sys.stdout.write("garbage\n" * 500)
    except OSError:
        pass


serve(garbage)
