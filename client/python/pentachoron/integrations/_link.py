"""The one way by which integrations reach the session: every call guarded, none raising of our own.

An integration says where its words come from (``source``), so that the session can tell one
training's words apart from another's, and can keep quiet about what the script tells itself.
What the session has to answer to is ``SessionLike``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Callable

from .._values import plain
from .._warn import guarded, warn_once

_given: Any | None = None


def use(session: Any | None) -> None:
    """Sets the session that integrations speak to; None goes back to the process's own."""
    global _given, _owner
    _given, _owner = session, None


def session() -> Any | None:
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


def current() -> Any | None:
    """The run of this training, or None where none has begun."""
    return getattr(session(), "current", None)


# Who began the present run: the source, the run, and whether anybody asked for it in so many words.
_owner: tuple[str, Any, bool] | None = None


def _owned() -> tuple[str, Any, bool] | None:
    return _owner if _owner is not None and current() is _owner[1] and _owner[1] is not None else None


def begin(source: str, **init: Any) -> Any | None:
    """Begins the run that a script asked for, with the arguments of ``pentachoron.init``.

    Where the hooks, or a library that needs no beginning, began one for this very training before,
    it is that run, described anew.
    """
    global _owner
    known = {name: value for name, value in init.items() if value is not None}
    if "config" in known:
        known["config"] = plain(known["config"])
    owned = _owned()
    if owned is not None and not known.get("id"):
        if not owned[2]:
            config(known.pop("config", {}))
            describe(**{name: known[name] for name in ("name", "notes", "tags", "total") if name in known})
            _owner = (source, owned[1], True)
            return owned[1]
        if owned[0] != source:
            # A script that logs with two libraries at once trains one model, not two.
            config(known.pop("config", {}))
            return owned[1]
    run = _call("begin", source=source, **known)
    _owner = (source, run, True)
    _last.clear()
    return run


def begin_soft(source: str, **init: Any) -> Any | None:
    """Begins a run for a library that says no more than that something is trained.

    Where a script asked for a run, its words belong to that one; a soft run that the same source
    began before has ended.
    """
    global _owner
    owned = _owned()
    if owned is not None and (owned[2] or owned[0] != source):
        return owned[1]
    if owned is not None:
        finish(source)
    run = begin(source, **init)
    _owner = (source, run, False)
    return run


def owns(source: str) -> bool:
    """Whether the present run was begun by this source."""
    owned = _owned()
    return owned is not None and owned[0] == source


def log(
    source: str,
    data: Mapping[str, Any],
    step: float | None = None,
    commit: bool = True,
    at: float | None = None,
) -> None:
    """Sends numbers at a step; without one the session takes the training's own count.

    ``at`` is a time in seconds since 1970, for frames that were not measured now.
    """
    told = data if step is None else _not_yet(source, data, step)
    if told or not data:
        more: dict[str, Any] = {} if at is None else {"at": at}
        _call("log", told, step=step, commit=commit, source=source, **more)


# By name: which source told it last, and at which step.
_last: dict[str, tuple[str, float]] = {}


def _not_yet(source: str, data: Mapping[str, Any], step: float) -> Mapping[str, Any]:
    """What no other source told at this step: trainers tell each of their loggers the same."""
    twice = False
    for name in data:
        before = _last.get(name)
        if before is not None and before[1] == step and before[0] != source:
            twice = True
        else:
            _last[name] = (source, step)
    if not twice:
        return data
    return {name: value for name, value in data.items() if _last[name][0] == source}


def config(values: Mapping[str, Any]) -> None:
    """Adds to the run's config; what is no JSON is told as text."""
    if values:
        _call("config", plain(values))


def summary(values: Mapping[str, Any]) -> None:
    """Adds to the run's summary; what is no JSON is told as text."""
    if values:
        _call("summary", plain(values))


def describe(**fields: Any) -> None:
    """Changes name, notes, tags, total or stepName of the run."""
    known = {name: value for name, value in fields.items() if value is not None}
    if known:
        _call("describe", **known)


def note(text: str) -> None:
    """Writes a line into the run's log, which the script's own output does not show."""
    _call("note", text)


def watch(model: Any, every: int) -> None:
    """Asks for the CV of a model's weight matrices, every so many steps."""
    _call("watch", model, every=every)


def finish(source: str, exit_code: int = 0) -> None:
    """Ends the run that ``begin`` of the same source began; one that another source began goes on."""
    owned = _owned()
    if owned is None or owned[0] == source:
        _call("finish", source=source, exit_code=exit_code)


def log_boundary() -> None:
    """Where a pause or a stop takes hold at a log call. Blocks while paused; raises ``Stopped``."""
    _call("step_boundary", where="log")


def step_boundary() -> None:
    """Where a pause or a stop takes hold after a framework's step.

    Blocks while paused; raises ``Stopped``. The session passes it over where its own hooks see
    every optimizer step, so that no step is counted twice.
    """
    _call("step_boundary", where="framework")


def stop_requested() -> bool:
    """Whether somebody asked this training to stop."""
    return bool(getattr(session(), "stop_requested", False))


def on_stop(handler: Callable[[], None] | None) -> None:
    """Sets what a stop calls instead of raising ``Stopped``, for frameworks that end by themselves.

    None takes it back. The session raises all the same where the framework does not end.
    """
    _call("on_stop", handler)


def on_checkpoint(handler: Callable[[], None] | None) -> None:
    """Sets what a viewer's wish for a checkpoint calls, in the training's thread."""
    _call("on_checkpoint", handler)


def folder(*parts: str) -> str:
    """A folder of this run's for files, made when first asked for."""
    path = os.path.join(os.environ.get("PENTACHORON_DIR") or "pentachoron", *parts)
    path = os.path.abspath(path)
    os.makedirs(path, exist_ok=True)
    return path
