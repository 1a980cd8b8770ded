from .words import HELLO


def handle(event, context):
    return {"statusCode": 200, "body": HELLO}
