"""Hears what scripts write with the SummaryWriter of torch and of tensorboardX, at the call.

A writer's folder says what it is: ``train/`` and ``val/`` of one folder are prefixes of one run's
series; a writer of another folder, after the one before was closed, is the next run.
"""

from __future__ import annotations

import functools
import os
import threading
import weakref
from types import ModuleType
from typing import Any, Callable

from . import _link
from ._imports import marked, when_imported
from .._values import read_number
from ._logged import numbers
from .._warn import guarded

# Folders by which scripts tell the parts of one run apart.
PARTS = frozenset(["train", "training", "val", "valid", "validation", "test", "testing", "eval", "evaluation", "dev"])

_depth = threading.local()


class Folders:
    """Which folder is the present run's, and by what prefix a writer's names are told apart."""

    def __init__(self) -> None:
        self.root: str | None = None
        self._open: dict[int, Any] = {}
        self._roots: dict[int, tuple[str, str]] = {}
        self._lock = threading.Lock()

    def place(self, writer: Any) -> tuple[str, str, bool]:
        """The root of a writer's run, its prefix, and whether this begins another run."""
        with self._lock:
            key = id(writer)
            known = self._roots.get(key) if self._alive(key) is writer else None
            if known is not None:
                return known[0], known[1], False
            root, prefix = _split(_folder_of(writer))
            others = [other for other in list(self._open) if self._alive(other) is not None]
            begins = self.root != root
            if self.root is not None and begins and others:
                # Two writers at a time are one training's: a GAN's two, or a sub-folder's.
                prefix = os.path.relpath(os.path.join(root, prefix), self.root).replace(os.sep, "/")
                prefix = "/".join(part for part in prefix.split("/") if part not in ("..", "."))
                root, begins = self.root, False
            self.root = root
            self._open[key] = weakref.ref(writer)
            self._roots[key] = (root, f"{prefix}/" if prefix else "")
            return root, self._roots[key][1], begins

    def closed(self, writer: Any) -> None:
        """Takes note that a writer was closed; its run goes on until another begins."""
        with self._lock:
            self._open.pop(id(writer), None)
            self._roots.pop(id(writer), None)

    def _alive(self, key: int) -> Any:
        reference = self._open.get(key)
        writer = reference() if reference is not None else None
        if writer is None:
            self._open.pop(key, None)
            self._roots.pop(key, None)
        return writer


_folders = Folders()


def install() -> None:
    """Prepares for the import of either library's writer."""
    when_imported("torch.utils.tensorboard.writer", _patch)
    when_imported("tensorboardX.writer", _patch)


def forget_all() -> None:
    """Forgets the folders that were seen, for tests."""
    _folders.__init__()  # type: ignore[misc]


def _patch(module: ModuleType) -> None:
    # The class is patched, so that writers which exist are heard, too.
    writer: Any = getattr(module, "SummaryWriter", None)
    heard: list[tuple[str, Callable[..., None]]] = [
        ("add_scalar", _scalar),
        ("add_scalars", _scalars),
        ("add_hparams", _hparams),
        ("close", _closed),
    ]
    for name, then in heard:
        function = getattr(writer, name, None)
        if callable(function) and not marked(function):
            setattr(writer, name, _after(function, then))


def _after(function: Callable[..., Any], then: Callable[..., None]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        # add_hparams makes a writer of its own and calls add_scalar, which is not the script's call.
        outer = getattr(_depth, "value", 0) == 0
        _depth.value = getattr(_depth, "value", 0) + 1
        try:
            result = function(*args, **kwargs)
        finally:
            _depth.value -= 1
        if outer:
            guarded(then, *args, **kwargs)
        return result

    call._pentachoron = True  # type: ignore[attr-defined]
    return call


def _folder_of(writer: Any) -> str:
    folder = getattr(writer, "log_dir", None) or getattr(writer, "logdir", None) or "runs"
    return os.path.abspath(str(folder))


def _split(folder: str) -> tuple[str, str]:
    parent, name = os.path.split(folder)
    return (parent, name) if name.lower() in PARTS else (folder, "")


def _at(writer: Any) -> str:
    root, prefix, begins = _folders.place(writer)
    if begins:
        _link.begin_soft("tensorboard", name=os.path.basename(root))
    return prefix


def _tell(prefix: str, values: dict[str, float], step: Any, walltime: Any) -> None:
    named = {f"{prefix}{name}": value for name, value in values.items()}
    # Each call is one number of a step, and the next call may be of the same step.
    _link.log("tensorboard", named, read_number(step), commit=step is None, at=read_number(walltime))
    _link.log_boundary()


def _scalar(
    writer: Any, tag: str, scalar_value: Any, global_step: Any = None, walltime: Any = None, *rest: Any, **more: Any
) -> None:
    prefix = _at(writer)
    value = read_number(scalar_value)
    if value is not None:
        _tell(prefix, {str(tag): value}, global_step, walltime)


def _scalars(
    writer: Any, main_tag: str, tag_scalar_dict: Any, global_step: Any = None, walltime: Any = None, *rest: Any
) -> None:
    prefix = _at(writer)
    values, _ = numbers(tag_scalar_dict, "tensorboard", "/")
    _tell(prefix, {f"{main_tag}/{name}": value for name, value in values.items()}, global_step, walltime)


def _hparams(writer: Any, hparam_dict: Any, metric_dict: Any, *rest: Any, global_step: Any = None, **more: Any) -> None:
    _at(writer)
    _link.config(hparam_dict)
    values, _ = numbers(metric_dict, "tensorboard", "/")
    _link.summary(values)
    # By place the step is the last argument of both libraries, which differ in those before it.
    step = global_step if global_step is not None else (rest[-1] if len(rest) > 1 else None)
    if values and isinstance(step, int):
        _tell("", values, step, None)


def _closed(writer: Any) -> None:
    _folders.closed(writer)
