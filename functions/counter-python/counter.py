"""A warm function on stdin and stdout (contract `stdio`): it shows what lives as long as its worker does.

    curl http://127.0.0.1:8080/counter-python

Each call finds the counter where the last one left it. When the worker is stopped (idle for ten minutes, a new version,
a restart) the counter starts again: a variable of a worker is a cache, never a store.

The event is an HTTP request in Lambda's payload format 2.0, and a response with a `statusCode` is read by the same
format. Any other JSON value becomes the body of a 200. stdout belongs to the contract: print for humans to stderr.
"""

import json
import sys
import time

started = time.monotonic()
count = 0

for line in sys.stdin:
    event = json.loads(line)
    count += 1
    http = event.get("requestContext", {}).get("http", {}) if isinstance(event, dict) else {}
    response = {
        "count": count,
        "upSeconds": round(time.monotonic() - started, 1),
        "youAsked": f"{http.get('method', 'no HTTP')} {http.get('path', '')}".strip(),
    }
    sys.stdout.write(json.dumps({"statusCode": 200, "body": json.dumps(response) + "\n"}) + "\n")
    sys.stdout.flush()  # a response that stays in the buffer is a call that times out
    print(f"call number {count}", file=sys.stderr)
