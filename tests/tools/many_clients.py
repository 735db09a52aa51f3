"""More clients of a SOCKS5 proxy than it has descriptors for. usage: many_clients.py PROXY_PORT PROXY_PID"""
import os
import socket
import sys
import time

CLIENTS = 24
proxy = ("127.0.0.1", int(sys.argv[1]))
greeting, answer = b"\5\1\0", b"\5\0"


def cpu_s():
    """The time that the proxy has worked."""
    with open(f"/proc/{sys.argv[2]}/stat", encoding="ascii") as stat:
        words = stat.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


clients = [socket.create_connection(proxy, 30) for _ in range(CLIENTS)]
for client in clients:
    client.sendall(greeting)
assert clients[0].recv(2) == answer
before = cpu_s()
clients[-1].settimeout(2)
try:
    clients[-1].recv(2)
    raise AssertionError("there was a descriptor for everybody")
except TimeoutError:
    pass
assert cpu_s() - before < 0.15, cpu_s() - before

# The last one's turn comes when the others have gone.
for client in clients[:-1]:
    client.close()
clients[-1].settimeout(30)
assert clients[-1].recv(2) == answer
