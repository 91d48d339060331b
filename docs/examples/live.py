"""Prints what happens in a workspace, as soon as it happens.

    pip install requests websockets
    python live.py https://api.example.com/api/v1 ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y "$ID_TOKEN"

A connection ends five minutes after its ID token. A program that goes on gets a new token from the identity provider by then.
"""

import json
import random
import sys
import time

import requests
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

# API Gateway ends connections without a message for ten minutes.
PING_SECONDS = 300
LONGEST_PAUSE_SECONDS = 300


def ticket(api, workspace, token):
    headers = {"authorization": f"Bearer {token}", "x-workspace-id": workspace}
    answer = requests.post(f"{api}/notifications/ticket", headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json()


def messages(api, workspace, token, since):
    """Yields the messages of one connection, until it ends."""
    proof = ticket(api, workspace, token)
    with connect(f"{proof['url']}?ticket={proof['ticket']}") as socket:
        socket.send(json.dumps({"action": "subscribe", "since": since}))
        while True:
            try:
                text = socket.recv(timeout=PING_SECONDS)
            except TimeoutError:
                socket.send('{"action":"ping"}')
                continue
            except ConnectionClosed:
                return
            try:
                message = json.loads(text)
            except ValueError:
                continue
            if isinstance(message, dict) and "type" in message:
                yield message


def listen(api, workspace, token):
    seq, failures = 0, 0
    while True:
        try:
            for message in messages(api, workspace, token, seq):
                failures = 0
                seq = max(seq, message.get("seq", 0))
                news = message.get("notifications") or [message["notification"]] if message["type"] in ("state", "notification") else []
                for notification in news:
                    print(notification["created_at"], notification["event"], notification["title"], flush=True)
                if message["type"] == "ended":
                    sys.exit(f"the connection was ended: {message['reason']}")
        except requests.HTTPError as error:
            if error.response.status_code < 500 and error.response.status_code != 429:
                sys.exit(f"no ticket: {error.response.text}")
        except (OSError, WebSocketException, requests.RequestException) as error:
            print(f"not connected: {error}", file=sys.stderr)
        time.sleep(min(2**failures, LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1))
        failures += 1


if __name__ == "__main__":
    listen(*sys.argv[1:])
