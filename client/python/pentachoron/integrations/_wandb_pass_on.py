"""Hears the calls on an installed W&B after they were passed on, and changes none of their results."""

from __future__ import annotations

import functools
import os
import sys
from types import ModuleType
from typing import Any, Callable

from . import _link
from ._imports import marked
from ._logged import mapping, numbers
from ._wandb_run import StepCount
from .._warn import guarded

# Where a run of W&B's keeps what is remembered of it, so that both end together.
_KEY = "_pentachoron_heard"


_current: list[Any] = []


class Heard:
    """What is remembered of one run of W&B's."""

    def __init__(self) -> None:
        self.steps = StepCount()
        self.finished = False
        self.config: dict[str, Any] = {}


def hear(module: ModuleType) -> None:
    """Wraps ``wandb.init`` and the classes of runs, configs and summaries, once."""
    init = getattr(module, "init", None)
    run_class = getattr(module, "Run", None)
    if init is None or run_class is None or marked(init):
        return
    wrapped = _after(init, _init_done)
    module.init = wrapped  # type: ignore[attr-defined]
    sdk = getattr(module, "sdk", None)
    if sdk is not None and getattr(sdk, "init", None) is init:
        sdk.init = wrapped
    # wandb.log is a run's bound method from init on, so the class is where all calls pass.
    _wrap(run_class, "log", _logged)
    _wrap(run_class, "define_metric", _defined)
    _wrap(run_class, "finish", _finished)
    _wrap(run_class, "__exit__", _exited)
    _wrap(run_class, "watch", _watched)
    _wrap(run_class, "alert", _alerted)
    config = _class_of("wandb.sdk.wandb_config", "Config")
    for name in ("update", "__setitem__", "__setattr__", "setdefaults", "update_locked"):
        _wrap(config, name, _configured)
    summary = _class_of("wandb.sdk.wandb_summary", "SummaryDict")
    _wrap(summary, "update", _summarised)  # Setting an item or an attribute calls it.


def _class_of(name: str, kind: str) -> type | None:
    return getattr(sys.modules.get(name), kind, None)


def _after(function: Callable[..., Any], then: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        guarded(then, result, *args, **kwargs)
        return result

    call._pentachoron = True  # type: ignore[attr-defined]
    return call


def _wrap(owner: type | None, name: str, then: Callable[..., Any]) -> None:
    function = owner.__dict__.get(name) if owner is not None else None
    if callable(function) and not marked(function):
        setattr(owner, name, _after(function, then))


def _heard(run: Any) -> Heard | None:
    found = getattr(run, "__dict__", {}).get(_KEY)
    return found if isinstance(found, Heard) else None


def _init_done(run: Any, *args: Any, **kwargs: Any) -> None:
    if run is None or _heard(run) is not None:
        return
    heard = Heard()
    run.__dict__[_KEY] = heard
    # Only an id that somebody chose says which run this is; W&B's own are new every time.
    wanted = kwargs.get("id") or os.environ.get("WANDB_RUN_ID")
    resume = kwargs.get("resume") or os.environ.get("WANDB_RESUME")
    heard.config = dict(run.config)
    _link.begin(
        "wandb",
        project=_text(run, "project"),
        name=_text(run, "name"),
        config=heard.config,
        id=wanted,
        resume=resume if resume in ("must", "never") else ("allow" if wanted or resume else None),
        group=_text(run, "group"),
        tags=list(run.tags) if getattr(run, "tags", None) else None,
        notes=_text(run, "notes"),
    )
    _current.append(run)


def _text(run: Any, name: str) -> str | None:
    value = getattr(run, name, None)
    return value if isinstance(value, str) and value else None


def _logged(
    result: Any, run: Any, data: Any = None, step: Any = None, commit: Any = None, *rest: Any, **more: Any
) -> None:
    heard = _heard(run)
    if heard is None or heard.finished or not isinstance(data, dict):
        return
    values, texts = numbers(data, "wandb")
    x, done = heard.steps.place(values, step, commit)
    if texts:
        _link.summary(texts)
    _link.log("wandb", values, x, done)
    _link.log_boundary()


def _defined(result: Any, run: Any, name: Any = "", step_metric: Any = None, *rest: Any, **more: Any) -> None:
    heard = _heard(run)
    if heard is not None:
        heard.steps.define(str(name), step_metric)


def _finished(result: Any, run: Any, exit_code: Any = None, *rest: Any, **more: Any) -> None:
    heard = _heard(run)
    if heard is None or heard.finished:
        return
    heard.finished = True
    if run in _current:
        _current.remove(run)
    _link.finish("wandb", exit_code or 0)


def _exited(result: Any, run: Any, kind: Any = None, *rest: Any) -> None:
    _finished(None, run, 0 if kind is None else 1)


def _watched(
    result: Any,
    run: Any,
    models: Any = None,
    criterion: Any = None,
    log: Any = None,
    log_freq: int = 1000,
    *rest: Any,
    **more: Any,
) -> None:
    if _heard(run) is not None:
        for model in models if isinstance(models, (list, tuple)) else [models]:
            _link.watch(model, every=log_freq)


def _alerted(result: Any, run: Any, title: str = "", text: str = "", *rest: Any, **more: Any) -> None:
    if _heard(run) is not None:
        _link.note(f"{title}: {text}" if text else title)


def _configured(result: Any, config: Any, *rest: Any, **more: Any) -> None:
    for run in _current:
        heard = _heard(run)
        own: Any = getattr(run, "config", None)
        if heard is not None and own is config:
            now: dict[str, Any] = dict(own)
            changed = {key: value for key, value in now.items() if heard.config.get(key, heard) is not value}
            heard.config = now
            if changed:
                _link.config(changed)


def _summarised(result: Any, summary: Any, *rest: Any, **more: Any) -> None:
    for run in _current:
        if getattr(run, "summary", None) is summary:
            given = mapping(rest[0] if rest else more.get("d"))
            if given:
                _link.summary(given)
