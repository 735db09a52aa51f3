"""A virtual module with one flaw: flawed_module.py W800_SIM FROM TO replaces FROM by TO in what it says. Prints
the port of its serial server, serves one host, and ends with it."""
import select
import socket
import subprocess
import sys

sim = subprocess.Popen([sys.argv[1], "--stdio", "--address", "127.87.45.1"], stdin=subprocess.PIPE,
                       stdout=subprocess.PIPE, bufsize=0)
wrong, flawed = sys.argv[2].encode(), sys.argv[3].encode()
server = socket.create_server(("127.0.0.1", 0))
print("port", server.getsockname()[1], flush=True)
host, _ = server.accept()
while True:
    ready, _, _ = select.select([host, sim.stdout], [], [])
    if host in ready:
        data = host.recv(65536)
        if not data:
            break
        sim.stdin.write(data)
    if sim.stdout in ready:
        host.sendall(sim.stdout.read(65536).replace(wrong, flawed))
sim.stdin.close()
sim.wait()
