"""The exceptions that .ci/house allows, each with its reason. An entry that nothing needs any longer is a fault."""

# -- Imports and dependencies ------------------------------------------------------------------------------------------

# (target, module): imported, and not among the target's dependencies.
UNDECLARED_IMPORTS = {
    ("Controller", "HTTPTypes"): "The types of Hummingbird's requests, which it depends on. It goes with Hummingbird.",
}

# (target, dependency): declared, and no file imports it.
UNUSED_DEPENDENCIES = {}

# -- Types -------------------------------------------------------------------------------------------------------------

# Names of types in two or more targets of Sources/ that mean two different things.
DUPLICATES_KEPT_AT_MOST = 8
DUPLICATES_KEPT = {
    "EventResult": "EventStore: what a run writes, as bytes. AdminModel: the document of the admin API.",
    "LambdaSettings": "Controller: members of AWS's calls. FunctionImport: the reader of what SAM and Serverless say.",
    "ProblemDocument": "Gateway: written straight into a response. AdminModel: what a client of the admin API decodes.",
    "SecretFiles": "Controller: the secrets of the vault. FunctionImport: names of files that are never copied.",
    "VersionCounters": "Observability: counted by outcome. AdminModel: the document of the admin API.",
}

# Names to remove: the same thing written twice, or two things of which one needs another name. It only gets shorter.
DUPLICATES_TO_GO = {
    "EventState": "AdminModel repeats EventStore's cases.",
    "ExecFrame": "InitLink and WorkerProtocol decode the same frame.",
    "FunctionCounters": "AdminModel repeats Controller's three numbers.",
    "JSONError": "Two readers of JSON.",
    "JSONReader": "Two readers of JSON.",
    "JSONText": "Three writers of JSON strings.",
    "MediaType": "CloudEvents and WorkerProtocol read RFC 9110's media types.",
}

# -- Foundation --------------------------------------------------------------------------------------------------------

# Targets that run for each request or at a worker's start, on the loop of the data plane or in the container. The
# targets that these depend on count too. None of them may import Foundation or FoundationEssentials.
HOT_PATH = {
    "Gateway": "Reads each request and writes each response.",
    "DispatchCore": "Decides which worker gets each call.",
    "WorkerProtocol": "Speaks with each handler.",
    "Observability": "Counts and records each call.",
    "SigV4": "Checks the signature of each Invoke, on the loop.",
    "EventStore": "Each stored event, on the loop.",
    "RedisClient": "Each command to Redis, on the loop.",
    "InitLink": "Each start of a worker: a first call waits for it.",
    "glo-init": "Runs in every container.",
}

# Targets that may import all of Foundation.
FOUNDATION = {
    "AccessControl": "JSON documents of tokens, secrets and audit. FoundationEssentials would do: to go.",
    "FunctionImport": "A command that a person runs: URL and FileManager.",
}

# Targets that may import FoundationEssentials.
FOUNDATION_ESSENTIALS = {
    "ContainerEngine": "JSON of the engine's API, a few documents per container.",
    "Controller": "JSON of the admin API and of AWS's management calls; webhook secrets.",
    "FunctionCatalog": "JSON of the version index.",
    "HostChecks": "JSON of the engine's API, in a command.",
    "OutboundHTTP": "Base64 of webhook secrets.",
    "StateFiles": "JSON of the checksums beside files of the state directory.",
    "TokenAuth": "JWTKit's keys are decoded from JSON.",
    "glo": "JSON of the admin API, in commands.",
}

# Targets of the hot path that link FoundationEssentials though no file imports it.
LINKED_ESSENTIALS = {
    "CloudEvents": "Hashes of swift-crypto, which imports it.",
    "Gateway": "Hashes of swift-crypto, which imports it.",
    "SigV4": "Hashes of swift-crypto, which imports it.",
}

# -- Text --------------------------------------------------------------------------------------------------------------

# Files that text.py leaves as they are.
TEXT_AS_IT_IS = {
    "Tests/FunctionImportTests/Projects/sls-included/words.txt": "Included text without a newline at its end.",
}
