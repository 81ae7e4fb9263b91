"""Keeps what goes wrong here out of the script: one warning a cause, on stderr."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from typing import Any, Callable, Set

_told: Set[str] = set()
_lock = threading.Lock()


def warn_once(key: str, message: str) -> None:
    """Writes ``message`` to stderr, unless something was written for ``key`` before."""
    with _lock:
        if key in _told:
            return
        _told.add(key)
    try:
        stream = sys.__stderr__ or sys.stderr
        stream.write(f"pentachoron: {message}\n")
        stream.flush()
    except Exception:  # A closed stderr is no reason to end a training.
        pass


def guarded(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Calls ``function`` and answers its result, or None with one warning where it raises.

    What ends a program on purpose (``pentachoron.Stopped`` among it) is no ``Exception`` and
    passes.
    """
    try:
        return function(*args, **kwargs)
    except Exception as error:
        name = getattr(function, "__qualname__", repr(function))
        if os.environ.get("PENTACHORON_DEBUG"):
            traceback.print_exc()
        warn_once(
            f"guarded:{name}:{type(error).__name__}",
            f"{name} failed, the script goes on without it: {type(error).__name__}: {error}",
        )
        return None
