import json, os, urllib.error, urllib.request

API, KEY = os.environ.get("API", "https://api.example.com"), os.environ["API_KEY"]


def call(method, path, body=None, **headers):
    headers |= {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{API}/v1{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


try:
    name, cursor = call("GET", "/workspace")["name"], ""
    while cursor is not None:
        page = call("GET", f"/team/members?cursor={cursor}" if cursor else "/team/members")
        for member in page["members"]:
            print(name, member["email"], member["role"])
        cursor = page["pagination"]["next_cursor"]
    consumption = {"meter": "executions", "amount": 1, "key": "job-42"}
    call("POST", "/usage/consume", consumption, **{"Idempotency-Key": "job-42"})
except urllib.error.HTTPError as error:
    problem = json.load(error)
    raise SystemExit(f"{problem['code']} {problem['detail']} {problem['instance']}")
