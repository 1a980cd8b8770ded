# Written by glo import: runs a handler of OpenFaaS's Python templates under Glo's loader.
"""The handler's directory is the package 'function', as in the templates. What the handler gets and gives back has the
face of Flask's, without Flask."""
import base64
import contextlib
import io
import json
import os
import sys
from urllib.parse import parse_qsl

TEMPLATE = "@TEMPLATE@"  # http, flask or classic

_HERE = os.path.dirname(os.path.abspath(__file__))
# Packages lie beside the handler; the templates put them on the path too.
sys.path.append(os.path.join(_HERE, "function"))

from function import handler  # noqa: E402


class Headers:
    """A request's fields by names in any spelling."""

    def __init__(self, pairs):
        self._pairs = [(name.title(), value) for name, value in pairs]

    def getlist(self, key, type=None):
        values = [value for name, value in self._pairs if name.lower() == str(key).lower()]
        return values if type is None else _converted(values, type)

    get_all = getlist

    def get(self, key, default=None, type=None):
        values = self.getlist(key, type)
        return values[0] if values else default

    def __getitem__(self, key):
        if isinstance(key, (int, slice)):
            return self._pairs[key]
        values = self.getlist(key)
        if not values:
            raise KeyError(key)
        return values[0]

    def __contains__(self, key):
        return bool(self.getlist(key))

    has_key = __contains__

    def __iter__(self):
        return iter(self._pairs)

    def __len__(self):
        return len(self._pairs)

    def items(self, lower=False):
        return iter([(name.lower() if lower else name, value) for name, value in self._pairs])

    def keys(self, lower=False):
        return iter([name for name, _ in self.items(lower)])

    def values(self):
        return iter([value for _, value in self._pairs])

    def to_wsgi_list(self):
        return list(self._pairs)

    def __str__(self):
        return "".join(f"{name}: {value}\r\n" for name, value in self._pairs) + "\r\n"

    def __repr__(self):
        return f"Headers({self._pairs!r})"


class Arguments(dict):
    """A query's arguments: the first value of each name, and all of them by getlist()."""

    def __init__(self, pairs):
        super().__init__()
        self._lists = {}
        for name, value in pairs:
            self.setdefault(name, value)
            self._lists.setdefault(name, []).append(value)

    def get(self, key, default=None, type=None):
        values = self.getlist(key, type)[:1]
        return values[0] if values else default

    def getlist(self, key, type=None):
        values = list(self._lists.get(key, []))
        return values if type is None else _converted(values, type)

    def items(self, multi=False):
        if not multi:
            return super().items()
        return iter([(name, value) for name, values in self._lists.items() for value in values])

    def lists(self):
        return iter([(name, list(values)) for name, values in self._lists.items()])

    def listvalues(self):
        return iter([list(values) for values in self._lists.values()])

    def to_dict(self, flat=True):
        return dict(self) if flat else {name: list(values) for name, values in self._lists.items()}


def _converted(values, kind):
    result = []
    for value in values:
        with contextlib.suppress(ValueError, TypeError):
            result.append(kind(value))
    return result


class Event:
    """A request; one that came another way than by HTTP is a POST of its event."""

    def __init__(self, event):
        context = event.get("requestContext") if isinstance(event, dict) else None
        http = context.get("http") if isinstance(context, dict) else None
        if isinstance(http, dict):
            body = event.get("body") or ""
            self.body = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
            self.headers = Headers((event.get("headers") or {}).items())
            self.method = http.get("method", "POST")
            self.raw_query = event.get("rawQueryString") or ""
            self.query = Arguments(parse_qsl(self.raw_query, keep_blank_values=True))
            self.path = http.get("path", "/")
        else:
            text = event if isinstance(event, str) else json.dumps(event)
            self.body = text.encode()
            self.headers = Headers([("Content-Type", "application/json")])
            self.method = "POST"
            self.raw_query = ""
            self.query = Arguments([])
            self.path = "/"


class Context:
    def __init__(self):
        self.hostname = os.getenv("HOSTNAME", "localhost")


def handle(event, context):
    request = Event(event)
    if TEMPLATE == "http":
        return _answer(_of_http(handler.handle(request, Context())))
    if TEMPLATE == "flask":
        return _answer(handler.handle(request.body))
    return _classic(request)


def _of_http(answer):
    """A dict with body, statusCode and headers; anything else is an answer as Flask takes it."""
    if answer is None:
        return "", 200
    if type(answer) is not dict:
        return answer
    body = answer.get("body", "")
    if not isinstance(body, (dict, bytes, bytearray)) and not hasattr(body, "get_data"):
        body = str(body)
    return body, answer.get("statusCode", 200), answer.get("headers", [])


def _answer(value):
    """What Flask makes of what a view returns: a body, (body, status), (body, headers) or (body, status, headers)."""
    status, fields = None, []
    if isinstance(value, tuple):
        if len(value) == 3:
            value, status, fields = value
        elif len(value) == 2 and isinstance(value[1], (dict, list, tuple, Headers)):
            value, fields = value
        elif len(value) == 2:
            value, status = value
        else:
            raise TypeError("the handler returned a tuple that is not (body, status, headers)")
    kind = "text/html; charset=utf-8"
    own = []
    if hasattr(value, "get_data") and hasattr(value, "status_code"):
        own = list(value.headers.items())
        status = value.status_code if status is None else status
        value = value.get_data()
    elif isinstance(value, (dict, list)):
        kind = "application/json"
        value = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str) + "\n"
    elif not isinstance(value, (str, bytes, bytearray)):
        raise TypeError(f"the handler returned {type(value).__name__}, which is no answer")
    return _response(value, 200 if status is None else int(str(status).split()[0]), own, fields, kind)


def _response(body, status, own, fields, kind):
    headers = {}
    given = _merged(fields)
    for name, values in {**_merged(own), **given}.items():
        headers[name] = values
    headers.setdefault("content-type", [kind])
    headers.pop("content-length", None)
    answer = {"statusCode": status, "multiValueHeaders": headers}
    if isinstance(body, str):
        answer["body"] = body
    else:
        answer["body"] = base64.b64encode(bytes(body)).decode()
        answer["isBase64Encoded"] = True
    return answer


def _merged(fields):
    """Values by names in small letters; a dict or pairs, with lists for what comes several times."""
    merged = {}
    for name, value in fields.items() if hasattr(fields, "items") else fields:
        values = value if isinstance(value, (list, tuple)) else [value]
        merged.setdefault(str(name).lower(), []).extend(str(value) for value in values)
    return merged


def _classic(request):
    """The classic watchdog: text in, what is printed out; the request is told in the environment."""
    told = {"Http_Method": request.method, "Http_Path": request.path, "Http_ContentLength": str(len(request.body))}
    if request.raw_query:
        told["Http_Query"] = request.raw_query
    for name, value in request.headers:
        told["Http_" + name.replace("-", "_")] = value
    output = io.StringIO()
    os.environ.update(told)
    try:
        with contextlib.redirect_stdout(output):
            answer = handler.handle(request.body.decode("utf-8", "replace"))
            if answer is not None:
                print(answer)
    finally:
        for name in told:
            os.environ.pop(name, None)
    kind = os.environ.get("content_type") or request.headers.get("Content-Type") or "text/plain; charset=utf-8"
    return _response(output.getvalue(), 200, [], [], kind)
