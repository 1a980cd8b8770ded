"""Runs a Python handler as Lambda does: asks the Runtime API for events and gives it the results.

Nothing but the standard library, and little of it: each module that is imported here costs every cold start. One
connection carries everything. A result leaves together with the request for the next event, in one write, so an
invocation wakes this process once. docs/runtimes.md says what handlers can count on.
"""

import json
import os
import sys
import time

from _glo_connection import NEXT, POST, Connection
from _glo_context import LambdaContext
from _glo_logging import Current, Logging, LogStream
from _glo_results import Fault, ResultEncoder, marshalled, unmarshalled

HERE = os.path.dirname(__file__) + "/"


# Errors

def error_document(error, request_id):
    """What the caller gets for an exception."""
    if isinstance(error, Fault):
        kind, message, trace = error.kind, error.message, error.trace
    else:
        kind, message = type(error).__name__, str(error)
        trace = formatted_trace(error)
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}


def formatted_trace(error):
    """The lines of a traceback, without the loader's frames at its top."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    first = next((index for index, frame in enumerate(frames) if not frame.filename.startswith(HERE)), 0)
    return traceback.format_list(frames[first:])


def log_error(document):
    """Writes an error to the log: one line of JSON, or lines for people."""
    if Logging.is_json:
        line = {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "level": "ERROR", **document}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        return
    lines = [f"[ERROR] {document['errorType']}: {document['errorMessage']}"]
    if document["stackTrace"]:
        lines.append("Traceback (most recent call last):")
        lines += [line for entry in document["stackTrace"] for line in entry.splitlines()]
    sys.stdout.write("\n".join(lines) + "\n")


def encoded(document):
    return json.dumps(document).encode("ascii")


# The streams of this process, whatever the handler has put in their places.
streams = []


def flush():
    """What was printed must be on its way before the answer is."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass
    for stream in streams:
        stream.end()


# Loading

def set_path(root):
    """Puts the function's files, and its layers, before all other places that modules come from."""
    version = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    places = [root]
    layers = os.path.join(root, "layers")
    try:
        # The later layer wins, as it does when Lambda unpacks one over the other.
        names = sorted(os.listdir(layers), reverse=True)
    except OSError:
        names = []
    for base in [os.path.join(layers, name) for name in names] + ["/opt"]:
        for place in (os.path.join(base, "python", version), os.path.join(base, "python")):
            if os.path.isdir(place):
                places.append(place)
    # The first entry is this file's own directory, which is nobody else's business.
    sys.path[0:1] = places


def load(handler):
    """The function that `file.function` or `dir/file.function` names."""
    module_name, dot, name = handler.rpartition(".")
    if not dot or not module_name or not name:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{handler}': it must be FILE.FUNCTION")
    dotted = module_name.replace("/", ".")
    if dotted.split(".")[0] in sys.builtin_module_names:
        raise Fault(
            "Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    try:
        from importlib import import_module

        module = import_module(dotted)
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        raise Fault(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}",
            [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']) from error
    try:
        return getattr(module, name)
    except AttributeError:
        raise Fault(
            "Runtime.HandlerNotFound", f"Handler '{name}' missing on module '{module_name}'") from None


def report_init_error(address, error):
    """Tells the Runtime API that the handler cannot be loaded."""
    document = error_document(error, "")
    log_error(document)
    flush()
    body = encoded(document)
    kind = document["errorType"].encode("ascii", "replace").decode("ascii")
    field = f"Lambda-Runtime-Function-Error-Type: {kind}\r\n"
    connection = Connection(address)
    connection.send((POST % ("init/error", "application/json", len(body), field)).encode("ascii") + body)
    connection.read()


# Running

def constants():
    """What is the same in the context of every invocation."""
    variables = os.environ
    return {
        "log_group_name": variables.get("AWS_LAMBDA_LOG_GROUP_NAME"),
        "log_stream_name": variables.get("AWS_LAMBDA_LOG_STREAM_NAME"),
        "function_name": variables.get("AWS_LAMBDA_FUNCTION_NAME"),
        "memory_limit_in_mb": variables.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
        "function_version": variables.get("AWS_LAMBDA_FUNCTION_VERSION"),
    }


def answer(handler, fields, body, encoder, fixed):
    """Runs the handler once. Returns what is to be sent: verb, content type, body."""
    request_id = fields["Lambda-Runtime-Aws-Request-Id"]
    try:
        context = LambdaContext(fields, fixed)
        event = unmarshalled(body, fields.get("Content-Type"))
        result, content_type = marshalled(handler(event, context), encoder)
        return "response", content_type, result
    except Exception as error:
        document = error_document(error, request_id)
        log_error(document)
        return "error", "application/json", encoded(document)


def trace_setter():
    """What sets `_X_AMZN_TRACE_ID` for an invocation, or takes it away.

    Only the table behind os.environ is changed where there is one. The C library keeps every value that a variable ever
    had, since somebody may still look at it; a worker that is warm for weeks would grow with each invocation.
    """
    variables = os.environ
    name = "_X_AMZN_TRACE_ID"
    table = getattr(variables, "_data", None)
    if type(table) is dict:
        variables, name = table, variables.encodekey(name)

    def set_trace(trace):
        if trace is None:
            variables.pop(name, None)
        else:
            variables[name] = trace if variables is os.environ else trace.encode("ascii", "replace")

    return set_trace


def serve(handler, address):
    """Runs the handler for one event after the other, until the worker is stopped."""
    connection = Connection(address)
    encoder = ResultEncoder()
    fixed = constants()
    set_trace = trace_setter()
    connection.send(NEXT)
    while True:
        event = connection.next()
        if event is None:
            return
        fields, body = event
        Current.request_id = request_id = fields["Lambda-Runtime-Aws-Request-Id"]
        Current.tenant_id = fields.get("Lambda-Runtime-Aws-Tenant-Id")
        set_trace(fields.get("Lambda-Runtime-Trace-Id"))
        verb, content_type, result = answer(handler, fields, body, encoder, fixed)
        flush()
        delivery = fields.get("Lambda-Runtime-Invocation-Id")
        echo = f"Lambda-Runtime-Invocation-Id: {delivery}\r\n" if delivery else ""
        head = POST % (f"invocation/{request_id}/{verb}", content_type, len(result), echo)
        connection.send(b"".join((head.encode("utf-8"), result, NEXT)))


def work(address):
    """Loads the handler and serves it. The process ends with this."""
    try:
        handler = load(os.environ.get("_HANDLER", ""))
    except Exception as error:
        report_init_error(address, error)
        return 1
    serve(handler, address)
    return 0


def work_in_processes(address, count):
    """Several events at once are several processes, each of which loads the handler for itself, as Lambda does it.

    When one ends all do: an event that it had would otherwise wait for its time limit. SIGTERM goes to the whole process
    group, so each of them has it already and ends in its own time.
    """
    import signal

    flush()
    children = []
    is_stopping = False

    def stop(number, _):
        nonlocal is_stopping
        is_stopping = True

    for _ in range(count):
        child = os.fork()
        if child == 0:
            try:
                code = work(address)
                flush()
            except SystemExit as exit_:
                flush()
                code = exit_.code if isinstance(exit_.code, int) else 0 if exit_.code is None else 1
            except BaseException:
                sys.excepthook(*sys.exc_info())
                flush()
                code = 1
            os._exit(code)
        children.append(child)
    signal.signal(signal.SIGTERM, stop)
    ended, status = os.wait()
    children.remove(ended)
    # The signal may have ended the child before it has interrupted this process.
    if is_stopping or os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGTERM:
        while children:
            children.remove(os.wait()[0])
    for child in children:
        os.kill(child, signal.SIGKILL)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    return os.WEXITSTATUS(status)


def main():
    address = os.environ["AWS_LAMBDA_RUNTIME_API"]
    sys.dont_write_bytecode = True
    os.environ["AWS_EXECUTION_ENV"] = f"AWS_Lambda_python{sys.version_info[0]}.{sys.version_info[1]}"
    sys.stdout = sys.__stdout__ = LogStream.over(sys.stdout)
    sys.stderr = sys.__stderr__ = LogStream.over(sys.stderr)
    streams.extend((sys.stdout, sys.stderr))
    set_path(os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd())
    Logging.install()
    count = int(os.environ.get("AWS_LAMBDA_MAX_CONCURRENCY") or 1)
    if count > 1:
        return work_in_processes(address, count)
    LogStream.is_marking = True
    return work(address)


if __name__ == "__main__":
    sys.exit(main())
