"""What the bad servers have in common: a listening socket, and a thread for each client."""

import socket
import sys
import threading


def serve(handle):
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        client, _ = listener.accept()
        threading.Thread(target=handle, args=(client,), daemon=True).start()
