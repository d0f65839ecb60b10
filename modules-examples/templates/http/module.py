"""A module behind plain HTTP: one POST a message, one JSON answer. It proves who asks by their signature."""

import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

SECRET = os.environ.get("MODULE_SECRET", "").encode()

# What it says is the same as over stdio.
SPEC = spec_from_file_location("template", Path(__file__).parent.parent / "python" / "module.py")
template = module_from_spec(SPEC)
SPEC.loader.exec_module(template)


def is_signed(headers, body):
    """`Mcprules-Signature: v1=<hex HMAC-SHA256 of timestamp, dot, body>`, by a clock that is right."""
    stamp = headers.get("Mcprules-Timestamp", "")
    wanted = "v1=" + hmac.new(SECRET, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    is_fresh = stamp.isdigit() and abs(time.time() - int(stamp)) <= 300
    return is_fresh and hmac.compare_digest(wanted, headers.get("Mcprules-Signature", ""))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if SECRET and not is_signed(self.headers, body):
            return self.say(401, b"")
        message = json.loads(body)
        if "id" not in message:
            return self.say(202, b"")
        return self.say(200, json.dumps(template.reply_to(message)).encode())

    def say(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8791), Handler)
    print(f"listening at http://127.0.0.1:{server.server_address[1]}/mcp", flush=True)
    server.serve_forever()
