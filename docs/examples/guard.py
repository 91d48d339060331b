"""A service with one endpoint for programs of your customers. It asks Berth about the API key of each request.

    pip install botocore
    python guard.py "$KEYS_URL" 8000
    curl --header "Authorization: Bearer $API_KEY" http://127.0.0.1:8000/
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session

URL, PORT = sys.argv[1].rstrip("/") + "/verify", int(sys.argv[2])
REGION = urlsplit(URL).hostname.split(".")[2]  # <id>.lambda-url.<region>.on.aws
CREDENTIALS = Session().get_credentials() or sys.exit("no credentials of AWS were found")
FORBIDDEN = ("scope_required", "role_required", "key_network_refused")


def verify(token, address):
    body = json.dumps({"token": token, "scope": "usage:write", "address": address}).encode()
    request = AWSRequest("POST", URL, {"content-type": "application/json"}, body)
    SigV4Auth(CREDENTIALS, "lambda", REGION).add_auth(request)
    with urlopen(Request(URL, body, dict(request.headers)), timeout=5) as answer:
        return json.load(answer)


class Guarded(BaseHTTPRequestHandler):
    def do_GET(self):
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            verdict = verify(token, self.client_address[0])
        except (OSError, ValueError):  # no verdict, no entry
            return self.answer(503, {"code": "unavailable"})
        if not verdict["valid"]:
            code, wait = verdict["code"], verdict.get("retry_after")
            return self.answer(429 if wait else 403 if code in FORBIDDEN else 401, {"code": code, "retry_after": wait})
        if verdict["workspace"]["suspended"]:
            return self.answer(403, {"code": "workspace_suspended"})
        self.answer(200, {"workspace": verdict["workspace"]["id"], "key": verdict["key"]["id"]})

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        if body.get("retry_after"):
            self.send_header("retry-after", str(body["retry_after"]))
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


ThreadingHTTPServer(("127.0.0.1", PORT), Guarded).serve_forever()
