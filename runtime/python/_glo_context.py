"""What a handler sees of its invocation."""

import json
import sys
import time

from _glo_results import Fault


class CognitoIdentity:
    """Who called, when a caller said it."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")

    def __init__(self, document):
        self.cognito_identity_id = document.get("cognitoIdentityId")
        self.cognito_identity_pool_id = document.get("cognitoIdentityPoolId")

    def __repr__(self):
        return described(self)


class Client:
    """The app of a client context."""

    __slots__ = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")

    def __init__(self, document):
        for name in self.__slots__:
            setattr(self, name, document.get(name))

    def __repr__(self):
        return described(self)


class ClientContext:
    """What a caller gave as its client context."""

    __slots__ = ("custom", "env", "client")

    def __init__(self, document):
        client = document.get("client")
        self.custom = document.get("custom")
        self.env = document.get("env")
        self.client = Client(client) if isinstance(client, dict) else None

    def __repr__(self):
        return described(self)


class LambdaContext:
    """The second argument of a handler, with the attributes that Lambda's has."""

    def __init__(self, fields, constants):
        self.__dict__.update(constants)
        find = fields.get
        self.aws_request_id = fields["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = find("Lambda-Runtime-Invoked-Function-Arn")
        self.tenant_id = find("Lambda-Runtime-Aws-Tenant-Id")
        self._deadline_ms = int(find("Lambda-Runtime-Deadline-Ms", 0))
        client = find("Lambda-Runtime-Client-Context")
        identity = find("Lambda-Runtime-Cognito-Identity")
        self.client_context = ClientContext(parsed(client, "Client Context")) if client else None
        self.identity = CognitoIdentity(parsed(identity, "Cognito Identity") if identity else {})

    def get_remaining_time_in_millis(self):
        """Milliseconds until the time limit, at least 0."""
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        """Writes a text to the log."""
        sys.stdout.write(str(message))

    def __repr__(self):
        names = [name for name in self.__dict__ if not name.startswith("_")]
        return f"LambdaContext([{','.join(f'{name}={getattr(self, name)}' for name in names)}])"


def described(value):
    values = ",".join(f"{name}={getattr(value, name)}" for name in value.__slots__)
    return f"{type(value).__name__}([{values}])"


def parsed(text, name):
    """A JSON object out of a field."""
    try:
        document = json.loads(text)
        if isinstance(document, dict):
            return document
        problem = "it is no object"
    except ValueError as error:
        problem = error
    raise Fault("Runtime.LambdaContextUnmarshalError", f"Unable to parse {name} JSON: {problem}")
