#!/usr/bin/env python3
"""Verifies an export of the audit log offline. Written from docs/audit-format.md, with the standard library only.

Prints a line for each problem, and a summary. Exits with 0 if the export is whole, with 1 if there are problems, and with 2 if
a file cannot be read. A second program, `audit-verify`, finds the same; a test compares them.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from datetime import datetime, timedelta, timezone

# The curve P-256: y^2 = x^3 - 3x + B modulo P, and a point G of order N.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
# Everything in a SubjectPublicKeyInfo of the curve before the two coordinates.
KEY_START = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
NULL = type(None)
ERRORS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def add(a, b):
    """Adds two points; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = (3 * a[0] ** 2 - 3) * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope**2 - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def multiply(number, point):
    result = None
    while number:
        result = add(result, point) if number & 1 else result
        point, number = add(point, point), number >> 1
    return result


def public_key(pem):
    body = re.search("-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", pem, re.S)
    der = base64.b64decode("".join(body[1].split()), validate=True) if body else b""
    x, y = int.from_bytes(der[-64:-32], "big"), int.from_bytes(der[-32:], "big")
    if der[:-64] != KEY_START or max(x, y) >= P or (y * y - x**3 + 3 * x - B) % P:
        raise ValueError("it must be a public key on the curve P-256 in PEM")
    return x, y


def der_integer(number):
    body = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return bytes([2, len(body)]) + body


def is_signed(key, message, signature):
    """True if `signature`, in DER and base64, is that of `message`. It has one form only, which is written again to compare."""
    try:
        der = base64.b64decode(signature, validate=True)
        size = der[3]
    except (ValueError, IndexError):
        return False
    r, s = int.from_bytes(der[4:4 + size], "big"), int.from_bytes(der[6 + size:], "big")
    if not (0 < r < N and 0 < s < N):
        return False
    body = der_integer(r) + der_integer(s)
    if base64.b64encode(bytes([0x30, len(body)]) + body).decode() != signature:
        return False
    inverse = pow(s, -1, N)
    hashed = int.from_bytes(hashlib.sha256(message.encode()).digest(), "big")
    point = add(multiply(hashed * inverse % N, G), multiply(r * inverse % N, key))
    return point is not None and point[0] % N == r


def digest(*parts):
    """Returns the digest of strings and bytes, in base64url without padding."""
    joined = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return base64.urlsafe_b64encode(hashlib.sha256(joined).digest()).decode().rstrip("=")


def decode(text):
    """Decodes a digest, of which there is one form only."""
    data = base64.urlsafe_b64decode(text + "=")
    if len(data) != 32 or base64.urlsafe_b64encode(data).decode() != text + "=":
        raise ValueError(f"{text!r} is not a digest")
    return data


def time(text):
    """Returns a time of RFC 3339 in UTC, in a form that can be compared."""
    parts = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)", text)
    if not parts:
        raise ValueError(f"{text!r} is not a time in UTC")
    datetime.strptime(parts[1], "%Y-%m-%dT%H:%M:%S")
    return parts[1] + "." + (parts[2] or "").ljust(9, "0")


def later(at, seconds):
    """Returns the time so many seconds after `at`, in the same form."""
    moved = datetime.strptime(at[:19], "%Y-%m-%dT%H:%M:%S") + timedelta(seconds=seconds)
    return moved.strftime("%Y-%m-%dT%H:%M:%S") + at[19:]


def members(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name occurs twice in an object")
    return dict(pairs)


def load(data):
    """Returns a document in JSON, or the error."""
    try:
        return json.loads(data.decode(), object_pairs_hook=members)
    except (ValueError, RecursionError) as error:
        return error


def parse(source, /, **types):
    """Returns an object, which can be a text of JSON, after checking the types of its members."""
    found = json.loads(source, object_pairs_hook=members) if isinstance(source, str) else source
    if type(found) is not dict:
        raise ValueError("not an object")
    for name, wanted in types.items():
        if type(found.get(name, ...)) not in (wanted if type(wanted) is tuple else [wanted]):
            raise ValueError(f"`{name}` is missing or has another type")
    if found.get("v", 1) != 1 or found.get("number", 1) < 1:
        raise ValueError("another version of the format, or no number")
    return found


# The place before the first record of a sequence.
START = {"number": 0, "id": "", "digests": ["A" * 43], "kept_until": None, "gap": ()}


class Unsigned(Exception):
    """The operator did not sign a checkpoint."""


def fault(head, r):
    """Returns None if `r` continues `head`, or else the reason, a message, and the numbers between them."""
    number = head["number"]
    if r["number"] <= number:
        return "moved", f"record {number} precedes it", ()
    if r["number"] > number + 1:
        return "missing", f"the records from {number + 1} on are missing before it", range(number + 1, r["number"])
    if r["previous"] not in head["digests"]:
        return "unlinked", f"`previous` is not the digest of record {number}", ()
    if "id" in head and r["previous_until"] != head["kept_until"]:
        return "unlinked", f"`previous_until` is not the `kept_until` of record {number}", ()
    if "id" in head and r["id"] <= head["id"]:
        return "moved", f"its id is not greater than the id of record {number}", ()
    return None


class Sequence:
    """A sequence of records. After a problem, the next record may continue any of four, so that one change is one problem."""

    def __init__(self, name, verifier):
        self.name, self.all = name, verifier
        self.heads, self.begun, self.last = [START], False, None
        self.records, self.over, self.first, self.opening = 0, 0, None, None

    def take(self, r, place):
        """Takes a record whose digest is right. False if its time is over."""
        now, since, until = self.all.now, self.all.since, r["previous_until"]
        if until and until > r["kept_until"]:
            self.all.add(place, "unlinked", "its `kept_until` is before that of the record before it")
        if not self.begun and r["kept_until"] <= now:
            self.over = max(self.over, r["number"])
            return False
        for head in self.heads:
            if r["number"] in head["gap"]:  # It is not missing; the record after it came too early.
                head["problem"][1:] = "moved", f"record {r['number']} follows it"
                head["gap"] = ()
        r.update(digests=[r["digest"]], place=place, gap=())
        continued = next((head for head in self.heads if not fault(head, r)), None)
        if continued:
            self.heads.remove(continued)
            r.update(gap=continued["gap"], problem=continued.get("problem"))
        elif not self.begun and r["number"] > 1 and (since or until and until <= now):
            self.heads = []
        else:
            reason, message, gap = fault(self.heads[0], r)
            r.update(gap=gap, problem=self.all.add(place, reason, message))
        if not self.begun:
            self.opening = until
        self.begun = True
        self.push(r)
        return True

    def push(self, head):
        self.records += 1
        self.first = min(self.first or head["number"], head["number"])
        if not self.last or head["number"] >= self.last["number"]:
            self.last = head
        self.heads = [head, *self.heads][:4]


class Verifier:
    def __init__(self, now, since, workspace):
        self.now, self.since, self.workspace = now, since, workspace
        self.problems, self.log, self.before = [], Sequence("log", self), Sequence("before", self)
        self.began, self.signed, self.seen, self.given, self.agree = None, [], {}, 0, 0

    def add(self, place, reason, message):
        self.problems.append([place, reason, message])
        return self.problems[-1]

    def line(self, data, place):
        try:
            line = parse(data.decode(), type=str, sequence=str, number=int, previous=str, digest=str, text=str, values=dict)
            sequence = {"log": self.log, "before": self.before}[line["sequence"]]
            purpose = {"log": "record", "before": "before"}[line["sequence"]]
            computed = digest(f"berth.audit.{purpose}.v1\0", decode(line["previous"]), line["text"])
            decode(line["digest"])
            values = {}
            for name, value in line["values"].items():
                parse(value, salt=str, json=str)
                values[name] = digest("berth.audit.", value["salt"], "\0", name, "\0", value["json"])
            if line["type"] != "record":
                raise ValueError("it has another type")
        except ERRORS as error:
            return self.add(place, "unreadable", f"it is not a record of an export: {error}")
        try:
            r = parse(line["text"], v=int, workspace=str, number=int, id=str, kept_until=str, previous_until=(str, NULL),
                      action=str, digests=dict)
            for value in r["digests"].values():
                decode(value)
            r["id"].encode()
            until = r["previous_until"]
            r.update(kept_until=time(r["kept_until"]), previous_until=None if until is None else time(until),
                     previous=line["previous"], digest=line["digest"], after=r["after"])
            place += f" (record {line['number']} of {sequence.name}, {r['id']})"
        except ERRORS as error:
            r, unreadable = None, f"its text is not the text of a record: {error}"
            place += f" (record {line['number']} of {sequence.name})"
        if computed != line["digest"]:
            self.add(place, "altered", "its text, its `previous` or its digest was changed")
            digests = [line["digest"], computed]
            return sequence.push({"number": line["number"], "digests": digests, "place": place, "gap": ()})
        if not r:
            return self.add(place, "unreadable", unreadable)
        self.workspace = self.workspace or r["workspace"]
        if r["workspace"] != self.workspace:
            return self.add(place, "foreign", f"it is a record of the workspace {r['workspace']}")
        if line["number"] != r["number"]:
            self.add(place, "altered", f"its number was {r['number']} when it was written")
        for name, value in sorted(values.items()):
            if r["digests"].get(name) != value:
                self.add(place, "altered", f"the value `{name}` was changed or added")
        if sequence.take(r, place) and sequence is self.log:
            if self.seen.get(r["number"], r) is None:
                self.seen[r["number"]] = r
            if r["action"] == "audit.began" and not self.began:
                try:
                    began = parse(r["after"], records=int, covered=(str, NULL), covered_until=(str, NULL))
                    until = began["covered_until"]
                    self.began = began["records"], began["covered"], None if until is None else time(until), place
                except ERRORS as error:
                    self.add(place, "unreadable", f"its text does not say which records it binds: {error}")

    def check_before(self):
        records, covered, until, place = self.began
        last = self.before.last or START
        if last["number"] > records:
            self.add(last["place"], "unlinked", f"the log binds {records} records from before")
        elif 0 < last["number"] == records and covered not in last["digests"]:
            self.add(last["place"], "rewritten", "the log binds another record of this number")
        elif 0 < last["number"] < records or last is START and covered and not (self.since or until and until <= self.now):
            self.add(place, "truncated", f"it binds {records} records from before, and the last ones are missing")

    def checkpoints(self, file, data, key):
        documents, position = [(1, load(data))], 0
        lines = [(number, load(line)) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
        if isinstance(documents[0][1], Exception) and any(type(line) is dict for _, line in lines) or not lines:
            documents = lines
        for number, document in documents:
            if type(document) is not dict:
                self.given += 1
                self.add(f"line {number} of {file}", "unreadable", f"it is not an object in JSON: {document}")
                continue
            found = document.get("checkpoints", document if "text" in document else document.get("data"))
            for checkpoint in found if type(found) is list else [found]:
                position, self.given = position + 1, self.given + 1
                place = f"checkpoint {position} of {file}"
                try:
                    head = self.checkpoint(checkpoint, key)
                    at, head["at"] = head["at"], time(head["at"])
                    self.seen[head["number"]] = self.seen[(head["begins"] or head)["number"]] = None
                    self.signed.append((head, f"{place} (record {head['number']} of log, {at})"))
                except Unsigned as error:
                    self.add(place, "checkpoint", str(error))
                except ERRORS as error:
                    self.add(place, "unreadable", f"it is not a checkpoint: {error}")

    def checkpoint(self, checkpoint, key):
        """Returns what a checkpoint says, if the operator signed it."""
        parse(checkpoint, text=str, proof=list, batch=str, signature=str)
        root = digest("berth.audit.leaf.v1\0", checkpoint["text"])
        for step in checkpoint["proof"]:
            parse(step, side=str, digest=str)
            pair = {"left": (step["digest"], root), "right": (root, step["digest"])}[step["side"]]
            root = digest("berth.audit.node.v1\0", *map(decode, pair))
        if not is_signed(key, checkpoint["batch"], checkpoint["signature"]):
            raise Unsigned("its batch was not signed with this key")
        if parse(checkpoint["batch"], v=int, root=str)["root"] != root:
            raise Unsigned("its text and its proof do not lead to the root of its batch")
        head = parse(checkpoint["text"], v=int, workspace=str, number=int, digest=str, at=str, begins=(dict, NULL))
        head["kept_until"] = time(head["kept_until"]) if head.get("kept_until") else None
        if head["begins"] is not None:
            parse(head["begins"], number=int, previous=str)
        return head

    def agreement(self):
        self.signed.sort(key=lambda signed: signed[0]["at"])
        workspace = self.workspace or (self.signed[0][0]["workspace"] if self.signed else None)
        for head, place in self.signed:
            if head["workspace"] != workspace:
                self.add(place, "foreign", f"it is a checkpoint of the workspace {head['workspace']}")
        ours = [(head, place) for head, place in self.signed if head["workspace"] == workspace]
        over = max([self.log.over] + [head["begins"]["number"] - 1 if head["begins"] else head["number"]
                                      for head, _ in ours if head["at"] <= self.now])
        highest = None
        for head, place in ours:
            problem = self.compare(head, highest, over)
            if problem:
                self.add(place, *problem)
            if not highest or highest["number"] < head["number"]:
                highest = head

    def is_cut(self, head):
        """True if a checkpoint shows that records before the first one would have to be there."""
        if not self.since:
            return head["kept_until"] and head["kept_until"] > self.now
        opening = self.log.opening
        return (head["at"] >= later(self.since, 60) and head["number"] + 1 < self.log.first
                and not (opening and opening <= self.now))

    def compare(self, head, highest, over):
        number, begins, record = head["number"], head["begins"], self.seen[head["number"]]
        if highest and (number < highest["number"] or
                        number == highest["number"] and head["digest"] != highest["digest"]):
            return "rewritten", f"the log had another record {highest['number']} earlier"
        first = begins and self.seen[begins["number"]]
        if first and first["previous"] != begins["previous"]:
            return "rewritten", f"record {begins['number']} had another predecessor"
        if record and record["digest"] != head["digest"]:
            return "rewritten", f"record {number} had another digest"
        self.agree += record is not None
        if self.log.last and number < self.log.first and self.is_cut(head):
            return "missing", f"the log had record {number}, and records after it are missing at the beginning"
        if self.log.last:
            known = number <= self.log.last["number"]
        else:
            known = number <= over or self.since and head["at"] <= self.since
        return None if known else ("truncated", f"record {number} is missing at the end, unless the export is older")


def main():
    parser = argparse.ArgumentParser(description="Verifies an export of the audit log, as docs/audit-format.md describes.")
    parser.add_argument("export", nargs="+", help="pages of GET /audit/export in their order; - is the standard input")
    parser.add_argument("--checkpoints", action="append", default=[], metavar="FILE")
    parser.add_argument("--key", metavar="PUBLIC.pem", help="the operator's public key, which checkpoints need")
    parser.add_argument("--from", dest="since", type=time, metavar="TIME", help="time from which the export was asked for")
    parser.add_argument("--now", type=time, default=datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))
    parser.add_argument("--workspace", metavar="ID", help="id of the workspace, by default that of the first record")
    args = parser.parse_args()
    if args.checkpoints and not args.key:
        parser.error("--checkpoints needs --key")
    verifier = Verifier(args.now, args.since, args.workspace)
    try:
        for file in args.checkpoints:
            with open(args.key) as pem, open(file, "rb") as content:
                verifier.checkpoints(file, content.read(), public_key(pem.read()))
        checkpoints, verifier.problems = verifier.problems, []
        for file in args.export:
            with sys.stdin.buffer if file == "-" else open(file, "rb") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        verifier.line(line, f"line {number}" + (f" of {file}" if len(args.export) > 1 else ""))
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    if verifier.began:
        verifier.check_before()
    verifier.problems += checkpoints
    verifier.agreement()
    for place, reason, message in verifier.problems:
        line = f"{place}: {reason}: {message}"
        # A text that was changed must not change the output.
        print("".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line))
    result = f"{len(verifier.problems)} problems" if verifier.problems else "whole"
    print(f"{verifier.log.records} records of log and {verifier.before.records} from before: {result}. "
          f"{verifier.agree} of {verifier.given} checkpoints agree.")
    sys.exit(1 if verifier.problems else 0)


if __name__ == "__main__":
    main()
