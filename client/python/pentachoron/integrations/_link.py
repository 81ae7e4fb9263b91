"""The one way by which integrations reach the session: every call guarded, none raising of our own.

An integration says where its words come from (``source``), so that the session can tell one
training's words apart from another's, and can keep quiet about what the script tells itself.
"""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, Mapping, Optional

from ._values import plain
from ._warn import guarded, warn_once

_given: Optional[Any] = None


def use(session: Optional[Any]) -> None:
    """Sets the session that integrations speak to; None goes back to the process's own."""
    global _given
    _given = session


def session() -> Optional[Any]:
    """The process's session, or None where there is none in this process (a worker, for example)."""
    if _given is not None:
        return _given
    try:
        from .. import _session
    except ImportError as error:
        warn_once("no-session", f"there is no session: {error}")
        return None
    return guarded(_session.session)


def _call(name: str, /, *args: Any, **kwargs: Any) -> Any:
    own = session()
    method = getattr(own, name, None) if own is not None else None
    return guarded(method, *args, **kwargs) if method is not None else None


def current() -> Optional[Any]:
    """The run of this training, or None where none has begun."""
    return getattr(session(), "current", None)


def begin(source: str, **init: Any) -> Optional[Any]:
    """Begins the run that a script asked for, with the arguments of ``pentachoron.init``.

    Where the hooks began one for this very training before, it is that run, renamed.
    """
    known = {name: value for name, value in init.items() if value is not None}
    if "config" in known:
        known["config"] = plain(known["config"])
    return _call("begin", source=source, **known)


def log(
    source: str,
    data: Mapping[str, Any],
    step: Optional[float] = None,
    commit: bool = True,
    at: Optional[float] = None,
) -> None:
    """Sends numbers at a step; without one the session takes the training's own count.

    ``at`` is a time in seconds since 1970, for frames that were not measured now.
    """
    more: Dict[str, Any] = {} if at is None else {"at": at}
    _call("log", data, step=step, commit=commit, source=source, **more)


def config(values: Mapping[str, Any]) -> None:
    """Adds to the run's config; what is no JSON is told as text."""
    _call("config", plain(values))


def summary(values: Mapping[str, Any]) -> None:
    """Adds to the run's summary; what is no JSON is told as text."""
    _call("summary", plain(values))


def describe(**fields: Any) -> None:
    """Changes name, notes, tags, total or stepName of the run."""
    _call("describe", **{name: value for name, value in fields.items() if value is not None})


def note(text: str) -> None:
    """Writes a line into the run's log, which the script's own output does not show."""
    _call("note", text)


def watch(model: Any, every: int) -> None:
    """Asks for the CV of a model's weight matrices, every so many steps."""
    _call("watch", model, every=every)


def finish(source: str, exit_code: int = 0) -> None:
    """Ends the run that ``begin`` of the same source began."""
    _call("finish", source=source, exit_code=exit_code)


def log_boundary() -> None:
    """Where a pause or a stop takes hold at a log call. Blocks while paused; raises ``Stopped``."""
    _call("step_boundary", where="log")


def step_boundary() -> None:
    """Where a pause or a stop takes hold after a step. Blocks while paused; raises ``Stopped``."""
    _call("step_boundary", where="step")


def stop_requested() -> bool:
    """Whether somebody asked this training to stop."""
    return bool(getattr(session(), "stop_requested", False))


def on_stop(handler: Optional[Callable[[], None]]) -> None:
    """Sets what a stop calls instead of raising ``Stopped``, for frameworks that end by themselves.

    None takes it back. The session raises all the same where the framework does not end.
    """
    _call("on_stop", handler)


def on_checkpoint(handler: Optional[Callable[[], None]]) -> None:
    """Sets what a viewer's wish for a checkpoint calls, in the training's thread."""
    _call("on_checkpoint", handler)


def folder(*parts: str) -> str:
    """A folder of this run's for files, made when first asked for."""
    path = os.path.join(os.environ.get("PENTACHORON_DIR") or "pentachoron", *parts)
    path = os.path.abspath(path)
    os.makedirs(path, exist_ok=True)
    return path
