"""A mutator over stdio, in Python's standard library only: masks e-mail addresses, card numbers, IBANs and phone numbers."""

import json
import re
import sys

HOOKS = [
    {"events": ["tools/call", "prompts/get", "resources/read"], "phase": "response"},
    {"events": ["sampling/createMessage"], "phase": "request"},
]

INTERCEPTOR = {
    "name": "pii",
    "version": "1.0.0",
    "description": "Masks what identifies people in texts.",
    "type": "mutation",
    "hooks": HOOKS,
    "configSchema": {
        "type": "object",
        "properties": {"keep": {"type": "array", "items": {"enum": ["email", "card", "iban", "phone"]}}},
    },
}

SHAPES = {
    "email": re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+\b"),
    "card": re.compile(r"\b\d(?:[ -]?\d){12,18}\b"),
    "iban": re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    "phone": re.compile(r"(?<![\w.])\+\d{1,3}[ \d()-]{7,16}\d\b"),
}


def is_card(text):
    """Luhn's check: most long numbers are no card numbers."""
    digits = [int(character) for character in text if character.isdigit()][::-1]
    total = sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return total % 10 == 0


def mask_text(text, keep):
    for kind, shape in SHAPES.items():
        if kind in keep:
            continue
        label = f"[{kind}]"
        text = shape.sub(lambda match: match[0] if kind == "card" and not is_card(match[0]) else label, text)
    return text


# What is no text for people: names, addresses of resources, types, what a round needs to go on.
STAYS = {"name", "uri", "uriTemplate", "type", "mimeType", "blob", "data", "_meta", "requestState", "resultType", "role"}


def mask(value, keep):
    if isinstance(value, str):
        return mask_text(value, keep)
    if isinstance(value, list):
        return [mask(entry, keep) for entry in value]
    if isinstance(value, dict):
        return {key: entry if key in STAYS else mask(entry, keep) for key, entry in value.items()}
    return value


def invoke(params):
    if params.get("name") != INTERCEPTOR["name"]:
        return None, {"code": -32602, "message": "unknown interceptor", "data": {"name": params.get("name")}}
    before = params["payload"]
    after = mask(before, set((params.get("config") or {}).get("keep", [])))
    echo = {"interceptor": "pii", "type": "mutation", "phase": params["phase"]}
    return {**echo, "modified": after != before, "payload": after}, None


def answer(method, params):
    if method == "initialize":
        capabilities = {"extensions": {"io.modelcontextprotocol/interceptors": {}}}
        info = {"name": "pii-masker", "version": "1.0.0"}
        return {"protocolVersion": "2025-11-25", "capabilities": capabilities, "serverInfo": info}, None
    if method == "interceptors/list":
        return {"interceptors": [INTERCEPTOR]}, None
    if method == "interceptor/invoke":
        return invoke(params)
    return None, {"code": -32601, "message": f"no {method}"}


def main():
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message or "method" not in message:
            continue
        try:
            result, error = answer(message["method"], message.get("params") or {})
        except Exception as problem:  # One message that cannot be masked must not end the others.
            result, error = None, {"code": -32603, "message": type(problem).__name__, "data": {"reason": "failed"}}
        reply = {"jsonrpc": "2.0", "id": message["id"], **({"error": error} if error else {"result": result})}
        sys.stdout.write(json.dumps(reply, ensure_ascii=False) + "\n")
        sys.stdout.flush()


main()
