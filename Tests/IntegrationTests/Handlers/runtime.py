"""The handler of the runtime tests; the same under Lambda's own client and under Glo's loader."""

import logging
import os
import sys
import time


def handler(event, context):
    do = event.get("do") if isinstance(event, dict) else None
    if do == "context":
        client = context.client_context
        return {
            "id": context.aws_request_id, "name": context.function_name, "version": context.function_version,
            "arn": context.invoked_function_arn, "memory": context.memory_limit_in_mb,
            "left": context.get_remaining_time_in_millis(), "group": context.log_group_name,
            "client": client.custom if client else None, "identity": context.identity.cognito_identity_id,
            "root": os.environ["LAMBDA_TASK_ROOT"],
        }
    if do == "boom":
        raise ValueError("as asked")
    if do == "exit":
        print("leaving", file=sys.stderr)
        sys.stderr.flush()
        os._exit(event["code"])
    if do == "sys.exit":
        sys.exit(event["code"])
    if do == "sleep":
        time.sleep(event["seconds"])
        return {"pid": os.getpid()}
    if do == "raw":
        return b"\x00raw"
    if do == "text":
        return "h\u00e6\u2603"
    if do == "nan":
        return float("nan")
    if do == "set":
        return {1}
    if do == "big":
        return "x" * event["bytes"]
    if do == "log":
        logging.getLogger().warning("logged for %s", context.aws_request_id)
        print("printed for", context.aws_request_id)
        return "done"
    if do == "trace":
        return os.environ.get("_X_AMZN_TRACE_ID", "")
    if do == "pid":
        return {"pid": os.getpid()}
    return event
