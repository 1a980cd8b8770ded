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
        self.write = self.writer()

    def writer(self):
        """The module's own writer in C, which JSONEncoder makes anew for each value; None where it is missing."""
        make = getattr(json.encoder, "c_make_encoder", None)
        if make is None:
            return None
        ours = self.encoder
        return make(
            {}, ours.default, json.encoder.encode_basestring, ours.indent, ours.key_separator, ours.item_separator,
            ours.sort_keys, ours.skipkeys, ours.allow_nan)

    def text(self, value):
        if self.write is None:
            return self.encoder.encode(value)
        try:
            return "".join(self.write(value, 0))
        except BaseException:
            # It remembers what it is in the middle of, to see circles.
            self.write = self.writer()
            raise

    def encode(self, value):
        text = self.text(value)
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


DECODER = json.JSONDecoder()


def unmarshalled(body, content_type):
    """The event: bytes as they are unless they are JSON."""
    if content_type != "application/json":
        return body
    try:
        text = body.decode("utf-8")
        # What comes is JSON without a space around it; the careful way is for what is not, and for its error.
        try:
            event, end = DECODER.raw_decode(text)
            if end == len(text):
                return event
        except ValueError:
            pass
        return json.loads(text)
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
