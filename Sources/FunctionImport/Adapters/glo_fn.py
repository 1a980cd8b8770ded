# Written by glo import: runs a handler(ctx, data) of Fn's Python FDK under Glo's loader.
"""The context has every method of the FDK's InvokeContext (0.1.128); fdk.response.Response works with it."""
import asyncio
import base64
import collections
import datetime
import importlib.util
import inspect
import io
import json
import os
import random
import sys

FILE = "@FILE@"
FUNCTION = "@FUNCTION@"
NAME = "@NAME@"

_HERE = os.path.dirname(os.path.abspath(__file__))
_PATH = os.path.join(_HERE, FILE)
# Modules beside the handler's file are found, as where the FDK starts in its directory.
if os.path.dirname(_PATH) not in sys.path:
    sys.path.insert(0, os.path.dirname(_PATH))


def _load():
    name = os.path.splitext(os.path.basename(FILE))[0]
    spec = importlib.util.spec_from_file_location(name, _PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return getattr(module, FUNCTION)


_handler = _load()


class TracingContext:
    """Tracing is the controller's matter: nothing is sampled."""

    def is_tracing_enabled(self):
        return False

    def trace_collector_url(self):
        return None

    def trace_id(self):
        return None

    def span_id(self):
        return None

    def parent_span_id(self):
        return None

    def is_sampled(self):
        return False

    def flags(self):
        return None

    def zipkin_attrs(self):
        kind = collections.namedtuple("ZipkinAttrs", "trace_id, span_id, parent_span_id, is_sampled, flags")
        return kind(None, None, None, False, None)

    def service_name(self, override=None):
        return (override or f"{os.environ.get('FN_APP_NAME', 'glo')}::{NAME}").lower()

    def annotations(self):
        return {
            "generatedBy": "faas", "appName": os.environ.get("FN_APP_NAME", "glo"),
            "appID": os.environ.get("FN_APP_ID", "glo"), "fnName": NAME, "fnID": os.environ.get("FN_FN_ID", NAME),
        }


def generate_id():
    return f"{random.getrandbits(64):016x}"


class InvokeContext:
    def __init__(self, event, call_id, remaining_milliseconds):
        event = event if isinstance(event, dict) else {}
        http = (event.get("requestContext") or {}).get("http") or {}
        path = event.get("rawPath") or "/"
        query = event.get("rawQueryString") or ""
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        # 'fn invoke' is a call of the function itself; all else came by a trigger.
        self._by_trigger = bool(http) and not path.startswith("/invoke/")
        self._http_headers = headers if self._by_trigger else {}
        self._method = http.get("method", "POST")
        host = headers.get("host", "localhost")
        scheme = headers.get("x-forwarded-proto", "http")
        self._url = f"{scheme}://{host}{path}" + (f"?{query}" if query else "")
        now = datetime.datetime.now(datetime.timezone.utc).astimezone()
        self._deadline = (now + datetime.timedelta(milliseconds=remaining_milliseconds)).isoformat()
        self._call_id = call_id
        self._headers = {
            **headers, "fn-call-id": call_id, "fn-deadline": self._deadline, "fn-http-method": self._method,
            "fn-http-request-url": self._url,
        }
        if self._by_trigger:
            self._headers["fn-intent"] = "httprequest"
        self._tracing = TracingContext()
        self._response_headers = {}
        self._status = None

    def AppID(self):
        return os.environ.get("FN_APP_ID", "glo")

    def AppName(self):
        return os.environ.get("FN_APP_NAME", "glo")

    def FnID(self):
        return os.environ.get("FN_FN_ID", NAME)

    def FnName(self):
        return os.environ.get("FN_FN_NAME", NAME)

    def CallID(self):
        return self._call_id

    def Config(self):
        return os.environ

    def Headers(self):
        return self._headers

    def HTTPHeaders(self):
        return self._http_headers

    def Format(self):
        return "http-stream"

    def Deadline(self):
        return self._deadline

    def TracingContext(self):
        return self._tracing

    def Method(self):
        return self._method

    def RequestURL(self):
        return self._url

    def SetResponseHeaders(self, headers, status_code):
        for name, value in (headers or {}).items():
            self._response_headers[name.lower()] = value
        self._status = status_code

    def GetResponseHeaders(self):
        return self._response_headers


def _data(event):
    if isinstance(event, dict) and isinstance((event.get("requestContext") or {}).get("http"), dict):
        body = event.get("body") or ""
        return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    return (event if isinstance(event, str) else json.dumps(event)).encode()


def handle(event, context):
    ctx = InvokeContext(event, context.aws_request_id, context.get_remaining_time_in_millis())
    answer = _handler(ctx, data=io.BytesIO(_data(event)))
    if inspect.iscoroutine(answer):
        answer = asyncio.run(answer)
    if hasattr(answer, "body_bytes") and hasattr(answer, "context"):
        body, status, ctx = answer.body_bytes(), answer.status(), answer.context()
    else:
        # The FDK makes a response of 200 of it: a text as it is, all else as Python writes it.
        body = answer if isinstance(answer, (bytes, bytearray)) else str(answer or "").encode()
        status = 200
    if not getattr(ctx, "_by_trigger", True) and status not in (200, 502, 504):
        status = 200
    headers = {}
    for name, value in (ctx.GetResponseHeaders() or {}).items():
        name = name.lower()
        name = name[len("fn-http-h-"):] if name.startswith("fn-http-h-") else name
        if name.startswith("fn-") or name == "content-length":
            continue
        headers[name] = [str(each) for each in (value if isinstance(value, (list, tuple)) else [value])]
    headers.setdefault("content-type", ["text/plain; charset=utf-8"])
    result = {"statusCode": int(status), "multiValueHeaders": headers}
    try:
        result["body"] = bytes(body).decode()
    except UnicodeDecodeError:
        result["body"] = base64.b64encode(bytes(body)).decode()
        result["isBase64Encoded"] = True
    return result
