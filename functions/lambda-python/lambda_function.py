"""A handler as it runs on Lambda, unchanged. What is logged carries the invocation's id."""

import logging

logging.getLogger().setLevel(logging.INFO)


def lambda_handler(event, context):
    query = event.get("queryStringParameters") or {}
    name = query.get("name", "world")
    logging.info("greeting %s", name)
    return {
        "statusCode": 200,
        "headers": {"content-type": "text/plain"},
        "body": f"Hello, {name}, from {context.function_name}\n",
    }
