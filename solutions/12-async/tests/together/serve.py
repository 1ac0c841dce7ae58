"""Answers each caller at once, as long as its input is open."""

import sys
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread


def serve(answer):
    class Branch(BaseRequestHandler):
        def handle(self):
            self.request.sendall(answer)

    server = ThreadingTCPServer(("127.0.0.1", 0), Branch)
    Thread(target=server.serve_forever, daemon=True).start()
    host, port = server.server_address
    return f"{host}:{port}"


answers = (bytes.fromhex(answer) for answer in sys.argv[1:])
print(*map(serve, answers), flush=True)
sys.stdin.read()
