"""Clients of a SOCKS5 proxy that close one direction. usage: half_closed.py PROXY_PORT"""
import socket
import sys
import time

LINKS = 5  # of a module

proxy = ("127.0.0.1", int(sys.argv[1]))
peer = socket.create_server(("127.0.0.1", 0), backlog=16)
peer.settimeout(30)


def send_request(window=None):
    """A client that has asked for the peer, in one piece with its first payload. window: of its kernel."""
    client = socket.socket()
    client.settimeout(30)
    if window:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    client.connect(proxy)
    client.sendall(b"\5\1\0\5\1\0\1\x7f\0\0\1" + peer.getsockname()[1].to_bytes(2, "big") + b"early")
    return client


def receive(sock, count):
    got = b""
    while len(got) < count:
        piece = sock.recv(count - len(got))
        assert piece, len(got)
        got += piece
    return got


def connect(window=None):
    client = send_request(window)
    assert receive(client, 12) == b"\5\0\5\0\0\1\0\0\0\0\0\0"
    link = peer.accept()[0]
    link.settimeout(30)
    assert receive(link, 5) == b"early"
    return client, link


# It goes on receiving until the peer closes.
client, link = connect()
client.shutdown(socket.SHUT_WR)
for i in range(3):
    link.sendall(b"late")
    assert receive(client, 4) == b"late"
link.close()
assert client.recv(1) == b""
client.close()

# What came before the peer closed arrives, and then the end.
client, link = connect()
link.sendall(b"x" * 3000000)
link.close()
assert receive(client, 3000000) == b"x" * 3000000
assert client.recv(1) == b""
client.close()

# It arrives too where the client pauses, for longer than the proxy waits without need, and has more to say.
client, link = connect(window=65536)
link.sendall(b"x" * 1000000)
link.close()
for _ in range(4):
    time.sleep(1)
    client.sendall(b"more")
assert receive(client, 1000000) == b"x" * 1000000
assert client.recv(1) == b""
client.close()

# A client that has gone while it waits in line takes no link; one that is in line gets the link of the
# first that says nothing any more, long before -q.
held = [connect() for _ in range(LINKS)]
gone = send_request()
gone.close()
begin = time.monotonic()
waiting = send_request()
for client, _ in held:
    client.shutdown(socket.SHUT_WR)
assert receive(waiting, 12)[3] == 0
assert time.monotonic() - begin < 25
waiting_link = peer.accept()[0]
assert receive(waiting_link, 5) == b"early"
peer.setblocking(False)
try:
    peer.accept()
    raise AssertionError("the client that had gone got a link")
except BlockingIOError:
    pass
