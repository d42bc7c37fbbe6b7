"""The process inside a pool: prepares once, then answers one request after another until its input ends.

Functions are those of the engine and the sandbox: `(content: bytes, parameters: dict) -> tuple[bytes, dict]`,
or `(content, parameters, prepared)` where the pool prepares something.  Content comes behind the request or
is read here from a path. What this process may take of memory counts from the moment it has prepared.
"""

from __future__ import annotations

import importlib
import os
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from shoumi.engine.errors import ShoumiError
from shoumi.sandbox.frames import HEAD_MOST, FrameError, head_bytes, read_head
from shoumi.sandbox.limits import (
    address_space_bytes,
    confine,
    end_with_parent,
    keep_freed_memory,
    seek_cycles_seldom,
)

ALLOWED: Final = ("shoumi.engine.", "shoumi.sandbox.")
_BLOCK: Final = 1 << 24


def main() -> None:
    """Answer until the input ends."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests = sys.stdin.buffer
    first = read_head(requests)
    prepared: tuple[Any, ...] = ()
    if first["prepare"]:
        try:
            prepared = (_function(str(first["prepare"]))(b"", first["parameters"]),)
        except Exception as error:  # noqa: BLE001 - told by its class; a pool that cannot prepare cannot work
            _write(answer, {"failure": type(error).__name__}, b"")
            os._exit(1)
    with suppress(Exception):  # a task that names nothing is answered when it comes
        _function(str(first["task"]))
    confine(address_space_bytes() + int(first["memory_bytes"]), programs=bool(first["programs"]))
    _write(answer, {"ready": True}, b"")
    while True:
        try:
            request = read_head(requests)
        except FrameError:
            os._exit(0)  # the pool has closed
        head, content = _answer_to(request, requests, prepared)
        _write(answer, head, content)
        if head.get("memory"):
            os._exit(0)  # what is left of the heap may be in pieces; the pool starts another


def _write(stream: BinaryIO, head: dict[str, Any], content: bytes) -> None:
    try:
        start = head_bytes({**head, "size_bytes": len(content)})
    except FrameError:
        start, content = (
            head_bytes({"failure": f"facts of more than {HEAD_MOST} bytes", "size_bytes": 0}),
            b"",
        )
    stream.write(start)
    stream.write(content)
    stream.flush()


def _function(named: str) -> Callable[..., Any]:
    module, _, name = named.partition(":")
    if not module.startswith(ALLOWED) or name.startswith("_"):
        raise ValueError(named)
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _answer_to(
    request: dict[str, Any], requests: BinaryIO, prepared: tuple[Any, ...]
) -> tuple[dict[str, Any], bytes]:
    try:
        content = _content(request, requests)
        made, facts = _function(str(request["function"]))(content, request["parameters"], *prepared)
    except ShoumiError as error:
        return {"error": error.code, "text": error.message}, b""
    except MemoryError:
        return {"memory": True}, b""
    except OSError as error:
        return {"denied": type(error).__name__}, b""
    except Exception as error:  # noqa: BLE001 - the class is told, never the text: it may quote the content
        return {"failure": type(error).__name__}, b""
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        return {"failure": type(error).__name__}, b""  # a panic of a library in Rust
    return {"facts": facts}, made


def _content(request: dict[str, Any], requests: BinaryIO) -> bytes:
    """Return what the request is about; of a file one byte more than it may give, if there is more."""
    if "path" not in request:
        return requests.read(int(request["size_bytes"]))
    with Path(os.fsdecode(bytes.fromhex(request["path"]))).open("rb", buffering=0) as stream:
        most = int(request["read_bytes"]) + 1
        said = os.fstat(stream.fileno()).st_size + 1  # a read takes at once all the memory it is asked for
        content = stream.read(min(most, said))
        while len(content) < most and (more := stream.read(min(most - len(content), _BLOCK))):
            content += more  # a read may give less than there is, and a file may grow
        return content


if __name__ == "__main__":
    end_with_parent()
    keep_freed_memory()
    seek_cycles_seldom()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
