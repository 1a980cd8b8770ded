"""Events and results as JSON, and what goes wrong with them."""

import json
import os
import sys


class Fault(Exception):
    """An error of the runtime's own, with Lambda's name for it."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.trace = list(trace)


class ResultEncoder:
    """Writes results as JSON: texts as they are, NaN as `NaN`, decimals as numbers."""

    def __init__(self):
        self.decimals = []
        self.token = ""
        self.encoder = json.JSONEncoder(ensure_ascii=False, default=self.default)
        self.fast = self.encoder.encode

    def encode(self, value):
        text = self.fast(value)
        if self.decimals:
            text = self.with_decimals(text)
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError:
            # Half of a surrogate pair has no form in UTF-8, but one in JSON.
            import re

            return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text).encode("utf-8")

    def default(self, value):
        decimal = sys.modules.get("decimal")
        if decimal and isinstance(value, decimal.Decimal):
            if value.is_nan():
                return float("nan")
            if value.is_infinite():
                return float(value)
            # The encoder has no way to write a text as it is, so a mark stands in its place for a while.
            if not self.token:
                self.token = f"glo-decimal-{os.urandom(16).hex()}-"
            self.decimals.append(str(value))
            return f"{self.token}{len(self.decimals) - 1}"
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")

    def with_decimals(self, text):
        import re

        values, self.decimals = self.decimals, []
        return re.sub(f'"{self.token}([0-9]+)"', lambda match: values[int(match[1])], text)


def unmarshalled(body, content_type):
    """The event: bytes as they are unless they are JSON."""
    if content_type != "application/json":
        return body
    try:
        return json.loads(body.decode("utf-8"))
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None


def marshalled(value, encoder):
    """The bytes of a result, and what they are."""
    if isinstance(value, bytes):
        return value, "application/unknown"
    try:
        return encoder.encode(value), "application/json"
    except Exception as error:
        encoder.decimals = []
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None
