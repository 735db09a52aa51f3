"""A UDP server on 127.0.0.1 that sends back what it gets: prints `port N` and runs until it is killed."""
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print("port", server.getsockname()[1], flush=True)
while True:
    server.sendto(*server.recvfrom(65536))
