"""The process inside: binds itself, imports the one function it was told, calls it, answers once.

Only functions of the engine are called: `(content: bytes, parameters: dict) -> tuple[bytes, dict]`.
Standard output is the answer's alone; whatever a library prints goes nowhere.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

from shoumi.engine.errors import ShoumiError
from shoumi.sandbox.frames import head_bytes, read_head
from shoumi.sandbox.limits import enforce

ALLOWED = "shoumi.engine."


def main() -> None:
    """Answer the one request on standard input."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    request = read_head(sys.stdin.buffer)
    enforce(int(request["seconds"]), int(request["memory_bytes"]))
    head, content = _answer_to(str(request["function"]), request["parameters"])
    answer.write(head_bytes(head))
    answer.write(content)
    answer.close()
    os._exit(0)  # libraries with threads or broken destructors have nothing left to do


def _answer_to(function: str, parameters: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    module, _, name = function.partition(":")
    if not module.startswith(ALLOWED) or name.startswith("_"):
        return {"failure": "not a function of the engine"}, b""
    try:
        called = getattr(importlib.import_module(module), name)
        content, facts = called(sys.stdin.buffer.read(), parameters)
    except ShoumiError as error:
        place = error.location
        return {
            "error": error.code,
            "fields": error.fields,
            "location": [place.path, place.line, place.column, place.cell] if place else None,
        }, b""
    except MemoryError:
        return {"memory": True}, b""
    except RecursionError:
        return {"failure": "RecursionError"}, b""
    except Exception as error:  # noqa: BLE001 - the class is told, never the text: it may quote the content
        return {"failure": type(error).__name__}, b""
    return {"facts": facts, "size_bytes": len(content)}, content


if __name__ == "__main__":
    main()
