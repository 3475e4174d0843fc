#!/usr/bin/env python3
"""The chat server of many networking courses, with Salotto's lines. It is wrong on purpose.

It works while one person tries it by hand and behaves well. `conformance check` shows what happens otherwise.
Each of its faults is common; the numbers mark them in the code below:

 1  The result of one recv() is treated as one message: two lines become one, and one line becomes two.
 2  <quit> is recognized only if it arrives alone.
 3  Every nickname is accepted: empty, taken, with spaces, or <quit> itself.
 4  The table of clients changes while other threads iterate over it.
 5  A sender waits until every other client has read.
 6  A reset ends the thread and leaves its client in the table; the next thread that sends to that client ends as well.
 7  Bytes that are not UTF-8 end the thread too. Control characters are passed on.
 8  Nothing is bounded: the number of clients, the length of lines, or the time without a nickname.
 9  Ctrl-C does not end the server while a client is connected.
10  A restarted server finds its port in use.
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
        threading.Thread(target=serve, args=(client,)).start()  # faults 8 and 9: no limit, not a daemon thread


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
        if text in ("<quit>", "{quit}", ""):  # fault 2; an empty line is mistaken for the end
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
