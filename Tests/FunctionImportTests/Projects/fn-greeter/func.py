def handler(ctx, data=None):
    return "hello"
