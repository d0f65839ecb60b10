"""A module as a process: JSON-RPC over stdio, one message a line. Python's standard library is enough."""

import json
import sys

HOOKS = [{"events": ["tools/call"], "phase": "request"}]
INTERCEPTORS = [
    {"name": "no-shouting", "version": "1.0.0", "type": "validation", "hooks": HOOKS},
    {"name": "no-blanks", "version": "1.0.0", "type": "mutation", "hooks": HOOKS},
]


def trimmed(value):
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [trimmed(entry) for entry in value]
    if isinstance(value, dict):
        return {key: trimmed(entry) for key, entry in value.items()}
    return value


def shouting(value, path=""):
    """The path of the first text in capitals."""
    if isinstance(value, str):
        return path if len(value) >= 5 and value.isupper() else None
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = (shouting(entry, f"{path}.{key}" if path else str(key)) for key, entry in entries)
    return next((where for where in found if where is not None), None)


def invoke(params):
    name, payload = params["name"], params["payload"]
    echo = {"interceptor": name, "phase": params["phase"]}
    if name == "no-blanks":
        after = trimmed(payload)
        return {**echo, "type": "mutation", "modified": after != payload, "payload": after}
    if name == "no-shouting":
        path = shouting(payload)
        if path is None:
            return {**echo, "type": "validation", "valid": True}
        messages = [{"path": path, "message": "it shouts"}]
        return {**echo, "type": "validation", "valid": False, "severity": "error", "messages": messages}
    raise LookupError(name)


def answer(method, params):
    if method == "initialize":
        info = {"name": "template", "version": "1.0.0"}
        return {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": info}
    if method == "interceptors/list":
        return {"interceptors": INTERCEPTORS}
    if method == "interceptor/invoke":
        return invoke(params)
    raise NotImplementedError(method)


def reply_to(message):
    reply = {"jsonrpc": "2.0", "id": message["id"]}
    try:
        return {**reply, "result": answer(message["method"], message.get("params") or {})}
    except NotImplementedError as error:
        return {**reply, "error": {"code": -32601, "message": f"no {error}"}}
    except LookupError as error:
        return {**reply, "error": {"code": -32602, "message": "unknown interceptor", "data": {"name": str(error)}}}
    except Exception as error:
        return {**reply, "error": {"code": -32603, "message": type(error).__name__, "data": {"reason": "failed"}}}


def main():
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message and "method" in message:  # The rest are notifications, and answers to nothing.
            print(json.dumps(reply_to(message)), flush=True)


if __name__ == "__main__":
    main()
