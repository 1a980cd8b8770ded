"""Lambda's form of log lines, for the module `logging`."""

import io
import json
import os
import sys
import time


class Current:
    """The invocation that runs, for log lines."""

    request_id = ""
    tenant_id = None


class LogStream(io.TextIOWrapper):
    """Standard output or error, which says in the stream itself whose lines these are.

    Lines reach the controller by another way than answers do, and perhaps after the next event has begun. So the first
    text of an invocation follows a mark, a line of its own that the controller takes out again, and another mark stands
    behind the last. A line that the handler left open is ended there: it must not go on in somebody else's.
    """

    is_marking = False
    is_marked = False
    last = "\n"

    @classmethod
    def over(cls, stream):
        return cls(stream.detach(), encoding="utf-8", errors="backslashreplace", line_buffering=True)

    def write(self, text):
        if not text:
            return 0
        if self.is_marking and not self.is_marked and Current.request_id:
            self.is_marked = True
            super().write(f"\x1eglo:{Current.request_id}\n")
        self.last = text
        return super().write(text)

    def end(self):
        """The invocation is over."""
        try:
            if self.last[-1] != "\n":
                self.last = "\n"
                super().write("\n")
            if self.is_marked:
                self.is_marked = False
                super().write("\x1eglo:-\n")
            self.flush()
        except (OSError, ValueError):
            pass


class Logging:
    """Gives the root logger Lambda's form of lines when the module is imported, and costs nothing if it never is."""

    is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"

    @classmethod
    def install(cls):
        if "logging" in sys.modules:
            cls.configure(sys.modules["logging"])
        else:
            sys.meta_path.insert(0, cls)

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(cls)
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def execute_and_configure(module):
            execute(module)
            cls.configure(module)

        spec.loader.exec_module = execute_and_configure
        return spec

    @classmethod
    def configure(cls, logging):
        class LambdaHandler(logging.Handler):
            """Writes to whatever sys.stdout is at that time."""

            def emit(self, record):
                try:
                    sys.stdout.write(self.format(record) + "\n")
                except Exception:
                    self.handleError(record)

            def filter(self, record):
                record.aws_request_id = Current.request_id
                record.tenant_id = Current.tenant_id
                return super().filter(record)

        handler = LambdaHandler()
        formatter = logging.Formatter(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        if cls.is_json:
            formatter.format = lambda record: cls.json_line(formatter, record)
        handler.setFormatter(formatter)
        root = logging.getLogger()
        root.addHandler(handler)
        level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
        level = {"TRACE": "DEBUG", "FATAL": "CRITICAL", "WARN": "WARNING"}.get(level, level)
        if level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
            root.setLevel(level)

    # Attributes of every record; others are the application's.
    ordinary = frozenset(
        "name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName created"
        " msecs relativeCreated thread threadName processName process taskName aws_request_id tenant_id message"
        " asctime".split())

    @classmethod
    def json_line(cls, formatter, record):
        is_document = isinstance(record.msg, dict) and not record.args
        line = {
            "timestamp": formatter.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": record.msg if is_document else record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0]:
            import traceback

            line["stackTrace"] = traceback.format_tb(record.exc_info[2])
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        line["requestId"] = record.aws_request_id
        if record.tenant_id is not None:
            line["tenantId"] = record.tenant_id
        for name, value in record.__dict__.items():
            if name not in cls.ordinary and name not in line and value is not None:
                line[name] = value
        return json.dumps(line, ensure_ascii=False, default=str)
