def handler(ctx, data=None):
    return "no"
