def run(ctx, data=None):
    return "job"
