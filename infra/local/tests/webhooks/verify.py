"""Verifies messages with the Python library of Standard Webhooks. Reads them from stdin, prints the answers."""

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def verifies(message):
    secret = message["secret"]
    webhook = Webhook(secret.encode() if message["raw"] else secret)
    try:
        webhook.verify(message["body"].encode(), message["headers"])
    except WebhookVerificationError:
        return False
    return True


json.dump([verifies(message) for message in json.load(sys.stdin)], sys.stdout)
