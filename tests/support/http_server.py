"""A web server on a free port: prints `port N`, serves the files of a folder, and answers a PUT with
the SHA-256 of what it got. usage: http_server.py FOLDER"""
import functools
import hashlib
import http.server
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = hashlib.sha256(body).hexdigest().encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # a client that ends in the middle is no news


with Server(("127.0.0.1", 0), functools.partial(Handler, directory=sys.argv[1])) as server:
    print("port", server.server_address[1], flush=True)
    server.serve_forever()
