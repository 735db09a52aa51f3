"""Several TCP clients at once; each sends random bytes and wants them back: ADDRESS PORT CLIENTS BYTES."""
import os
import socket
import sys
import threading

address, port, clients, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
good = []


def run():
    sent = os.urandom(size)
    back = b""
    with socket.create_connection((address, port), timeout=30) as peer:
        threading.Thread(target=peer.sendall, args=(sent,)).start()
        while len(back) < size:
            part = peer.recv(65536)
            if not part:
                return
            back += part
    if back == sent:
        good.append(True)


threads = [threading.Thread(target=run) for _ in range(clients)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"{len(good)} of {clients}")
