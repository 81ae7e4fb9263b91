"""Hears what scripts log with trackio: beside it where it is installed, in its place where it is not."""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

from . import _link, _wandb_media
from ._imports import marked, when_imported
from ._inert import Inert
from ._stand_in import Source, stand_in
from ._logged import numbers
from ._wandb_dicts import Config
from ._wandb_run import Run, StepCount
from .._warn import guarded, warn_once

# HF's callback compares versions before it uses what later ones have.
VERSION = "0.21.0"

_run: TrackioRun | None = None


class TrackioRun(Run):
    """A run as ``trackio.init`` answers it; steps are counted and named as W&B's are."""

    def __init__(self, **init: Any) -> None:
        known = ("project", "name", "group", "config", "resume", "id")
        super().__init__("trackio", **{name: init[name] for name in known if name in init})

    def finish(self, exit_code: int | None = None, quiet: bool | None = None) -> None:
        """Ends the run."""
        global _run
        if _run is self:
            _run = None
            sys.modules["trackio"].__dict__.update(config=Config(), run=None)
        super().finish(exit_code, quiet)


def install() -> None:
    """Prepares for ``import trackio``, before which nothing is looked for."""
    stand_in(Source("trackio", VERSION, {"trackio"}.__contains__, StandIn, _fill))
    when_imported("trackio", _hear)


class StandIn(ModuleType):
    """A module that answers what it does not know with an object that does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")
        warn_once(f"trackio:{name}", f"trackio.{name} is not known to the stand-in for trackio and does nothing")
        return Inert(f"trackio.{name}")


def init(project: str | None = None, name: str | None = None, **more: Any) -> TrackioRun:
    """Begins a run; one that is there ends, as in trackio."""
    global _run
    if _run is not None:
        _run.finish()
    _run = TrackioRun(project=project, name=name, **more)
    module = sys.modules["trackio"]
    early = module.__dict__.get("config")
    if isinstance(early, Config) and len(early):
        _run.config.update(early.as_dict(), allow_val_change=True)
    module.__dict__.update(config=_run.config, run=_run)
    return _run


def log(metrics: Mapping[str, Any], step: int | None = None) -> None:
    """Sends numbers, each call a step of its own where none is given."""
    if _run is None:
        raise RuntimeError("Call trackio.init() before trackio.log().")
    _run.log(metrics, step=step, commit=True)


def finish() -> None:
    """Ends the run that is there."""
    if _run is not None:
        _run.finish()


def _alert(title: str, text: str = "", **more: Any) -> None:
    _link.note(f"{title}: {text}" if text else title)


def _fill(module: ModuleType) -> None:
    nobody = SimpleNamespace(get=lambda *default: None, set=lambda value: None)
    module.__dict__.update(
        __version__=VERSION, init=init, log=log, finish=finish, alert=_alert, config=Config(), run=None,
        context_vars=SimpleNamespace(current_space_id=nobody, current_project=nobody, current_run=nobody),
        Table=_wandb_media.Table, Image=_wandb_media.Image, Video=_wandb_media.Video, Audio=_wandb_media.Audio,
        Histogram=_wandb_media.Histogram, save=lambda *args, **more: None,
    )  # fmt: skip


def _hear(module: ModuleType) -> None:
    """Wraps an installed trackio's ``init``, once."""
    original = getattr(module, "init", None)
    if module.__dict__.get("_pentachoron_stand_in") or original is None or marked(original):
        return

    @functools.wraps(original)
    def init(*args: Any, **kwargs: Any) -> Any:
        run = original(*args, **kwargs)
        guarded(_began, run, *args, **kwargs)
        return run

    init._pentachoron = True  # type: ignore[attr-defined]
    module.init = init  # type: ignore[attr-defined]


def _began(run: Any, project: Any = None, name: Any = None, **more: Any) -> None:
    steps = StepCount()
    config = more.get("config")
    _link.begin(
        "trackio",
        project=project,
        name=name or getattr(run, "name", None),
        config=dict(config) if config else None,
        group=more.get("group"),
    )
    # trackio.log and Accelerate both call the run, so the run is where all calls pass.
    log, finish = run.log, run.finish

    def logged(metrics: Any, *args: Any, **kwargs: Any) -> Any:
        result = log(metrics, *args, **kwargs)
        guarded(_logged, steps, metrics, args[0] if args else kwargs.get("step"))
        return result

    def finished(*args: Any, **kwargs: Any) -> Any:
        result = finish(*args, **kwargs)
        _link.finish("trackio", 0)
        return result

    run.log, run.finish = logged, finished


def _logged(steps: StepCount, metrics: Any, step: int | None) -> None:
    values, texts = numbers(metrics or {}, "trackio")
    x, _ = steps.place(values, step, True)
    if texts:
        _link.summary(texts)
    _link.log("trackio", values, x, True)
    _link.log_boundary()
