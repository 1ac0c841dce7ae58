"""Opens a branch for each line of input: what it answers, as hex."""

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


for line in sys.stdin:
    print(serve(bytes.fromhex(line)), flush=True)
