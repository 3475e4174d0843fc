#!/usr/bin/env python3
"""The chat server of many networking courses, speaking Salotto's words. It is wrong on purpose.

It works as long as one person tries it, politely and by hand. `conformance check` tells what happens otherwise.
Its faults, each of them common, are marked below with these numbers:

 1  What one recv() returns is taken for one message: two lines become one, one line becomes two.
 2  The quit word counts only when it comes alone.
 3  Any nickname will do: empty, taken, with spaces, or the quit word itself.
 4  The table of clients changes while other threads walk over it.
 5  Whoever speaks waits for everybody else to read.
 6  A reset ends the thread and leaves a ghost in the table; the next one who speaks to the ghost dies of it.
 7  Bytes that are not UTF-8 end the thread, too. Control characters pass.
 8  Nothing is bounded: not the clients, not their lines, not how long they may do nothing.
 9  Ctrl-C does not end it while somebody is connected.
10  A restart finds its port in use.
"""

import socket
import sys
import threading

clients = {}  # socket -> nickname


def main():
    listener = socket.socket()  # fault 10: no SO_REUSEADDR
    listener.bind(("127.0.0.1", int(sys.argv[1])))
    listener.listen()
    print("Waiting for clients ...")
    while True:
        client, address = listener.accept()
        print(address, "is here")
        threading.Thread(target=serve, args=(client,)).start()  # faults 8 and 9: no limit, and no daemon


def serve(client):
    nickname = receive(client)  # fault 3
    send_to_others(client, f"* joined {nickname}")
    present = list(clients.values())
    clients[client] = nickname
    send(client, f"* welcome {nickname} {len(present)}")
    for other in present:
        send(client, f"* here {other}")
    while True:
        text = receive(client)
        if text in ("<quit>", "{quit}", ""):  # fault 2; and an empty line is taken for the end
            break
        send_to_others(client, f"{nickname}: {text}")
    send(client, "<quit>")
    del clients[client]
    client.close()
    send_to_others(client, f"* left {nickname}")


def receive(client):
    return client.recv(1024).decode().strip()  # faults 1, 6 and 7


def send(client, text):
    client.sendall((text + "\n").encode())  # fault 5


def send_to_others(speaker, text):
    for client in clients:  # fault 4
        if client is not speaker:
            send(client, text)


main()
