"""The stand-in for the module ``wandb`` where W&B is not installed: its names, and its submodules."""

from __future__ import annotations

import enum
import importlib
import sys
import threading
from types import ModuleType
from typing import Any, Callable

from . import _wandb_media as media
from ._inert import Inert
from ._wandb_dicts import Config, ConfigError, Summary
from ._wandb_run import CommError, Error, Run, UsageError
from .._warn import warn_once

# Accelerate and Lightning ask for a version; this is the one whose names were read.
VERSION = "0.30.0"

_lock = threading.Lock()
_run: Run | None = None


class StandIn(ModuleType):
    """A module that answers what it does not know with an object that does nothing."""

    def __getattr__(self, name: str) -> Any:
        # A dunder that is there by accident makes inspect, doctest and copy go astray.
        if name.startswith("__"):
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")
        # Scripts use wandb.errors and wandb.util without importing them, as W&B does that itself.
        if knows(f"{self.__name__}.{name}"):
            return importlib.import_module(f"{self.__name__}.{name}")
        warn_once(
            f"wandb:{self.__name__}.{name}",
            f"{self.__name__}.{name} is not known to the stand-in for W&B and does nothing",
        )
        return Inert(f"{self.__name__}.{name}")


class AlertLevel(enum.Enum):
    """How urgent an alert is."""

    INFO = "INFO"
    WARN = "WARN"
    ERROR = "ERROR"


class Settings:
    """Takes any setting and keeps it as an attribute."""

    def __init__(self, **settings: Any) -> None:
        self.__dict__.update(settings)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None


class RunDisabled:
    """Lightning asks whether a run is one of these; none is."""


def init(*args: Any, **kwargs: Any) -> Run:
    """Begins a run, or answers the one that is there, as W&B does, unless ``reinit`` says otherwise."""
    global _run
    names = ("entity", "project", "dir", "id", "name")
    kwargs = {**dict(zip(names, args)), **kwargs}
    with _lock:
        active = _run
    if active is not None:
        if kwargs.get("reinit") not in (True, "finish_previous", "create_new"):
            if kwargs.get("config"):
                active.config.update(kwargs["config"], allow_val_change=True)
            return active
        active.finish()
    run = Run(**kwargs)
    early: Config = _module_value("config")
    if isinstance(early, Config) and len(early):
        run.config.update(early.as_dict(), allow_val_change=True)
    with _lock:
        _run = run
    _set(run=run, config=run.config, summary=run.summary, log=run.log)
    return run


def finish(exit_code: int | None = None, quiet: bool | None = None) -> None:
    """Ends the run that is there, if one is."""
    if _run is not None:
        _run.finish(exit_code, quiet)


def run_ended(run: Run) -> None:
    """Takes back what ``init`` set in the module."""
    global _run
    with _lock:
        if _run is not run:
            return
        _run = None
    _set(run=None, config=Config(), summary=Summary(), log=_of_run("log"))


def login(*args: Any, **kwargs: Any) -> bool:
    """Does nothing: no account is needed."""
    return True


def _of_run(name: str) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if _run is None:
            raise Error(f"You must call wandb.init() before wandb.{name}()")
        return getattr(_run, name)(*args, **kwargs)

    call.__name__ = name
    return call


def _term(*args: Any, **kwargs: Any) -> None:
    if args and isinstance(args[0], str):
        key = f"wandb:term:{args[0]}"
        warn_once(key, f"wandb: {args[0]}")


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


def _module_value(name: str) -> Any:
    module = sys.modules.get("wandb")
    return module.__dict__.get(name) if module is not None else None


def _set(**values: Any) -> None:
    module = sys.modules.get("wandb")
    if module is not None:
        module.__dict__.update(values)


def _top() -> dict[str, Any]:
    kinds: list[Any] = [getattr(media, name) for name in media.NAMES]
    known: dict[str, Any] = {kind.__name__: kind for kind in kinds}
    of_run = ("log", "define_metric", "watch", "unwatch", "save", "alert", "log_artifact", "use_artifact")
    known.update({name: _of_run(name) for name in (*of_run, "log_code", "log_model", "mark_preempting", "restore")})
    known.update(
        run=None, config=Config(), summary=Summary(), init=init, finish=finish, join=finish, login=login,
        Run=Run, Settings=Settings, AlertLevel=AlertLevel, Error=Error, UsageError=UsageError,
        CommError=CommError, termlog=_nothing, termwarn=_term, termerror=_term, require=_nothing,
        setup=_nothing, teardown=_nothing, ensure_configured=_nothing, _attach=lambda *a, **k: _run,
        __version__=VERSION,
    )  # fmt: skip
    return known


# Each submodule that a script or framework imports by name; others do not exist.
_SUBMODULES: dict[str, Callable[[], dict[str, Any]]] = {
    "wandb": _top,
    "wandb.sdk": lambda: {"Settings": Settings},
    "wandb.sdk.lib": lambda: {"RunDisabled": RunDisabled},
    "wandb.sdk.lib.config_util": lambda: {"ConfigError": ConfigError},
    "wandb.sdk.lib.disabled": lambda: {"RunDisabled": RunDisabled},
    "wandb.sdk.wandb_run": lambda: {"Run": Run},
    "wandb.sdk.wandb_config": lambda: {"Config": Config},
    "wandb.sdk.data_types": dict,
    "wandb.wandb_run": lambda: {"Run": Run},
    "wandb.env": dict,
    "wandb.errors": lambda: {"Error": Error, "UsageError": UsageError, "CommError": CommError},
    "wandb.data_types": lambda: {name: getattr(media, name) for name in media.NAMES},
    "wandb.util": lambda: {"generate_id": _generate_id},
    "wandb.plot": dict,
    "wandb.apis": dict,
    "wandb.apis.public": dict,
    "wandb.integration": dict,
    "wandb.integration.keras": dict,
    "wandb.keras": dict,
    "wandb.sklearn": dict,
}


def knows(name: str) -> bool:
    """Whether the stand-in has a module of that name."""
    return name in _SUBMODULES


def fill(module: ModuleType) -> None:
    """Gives a module its names; a parent that is there already learns of it by the import itself."""
    module.__dict__.update(_SUBMODULES[module.__name__]())
    module.__dict__.setdefault("__version__", VERSION)


def _generate_id(length: int = 8) -> str:
    import secrets

    return secrets.token_hex((length + 1) // 2)[:length]
