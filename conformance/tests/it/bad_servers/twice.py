"""Welcomes everybody to an empty room, and answers everything twice."""

from listen import serve


def twice(client):
    lines = client.makefile("rb")
    nickname = lines.readline().strip()
    client.sendall(b"* welcome %s 0\n" % nickname)
    for line in lines:
        client.sendall(b"%s: %s\n" % (nickname, line.strip()) * 2)


serve(twice)
