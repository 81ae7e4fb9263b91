"""Runs a patch once a named module has been imported, and imports nothing itself.

One finder at the head of ``sys.meta_path`` asks the finders behind it for the module, lends its
loader a second step, and gives the loader back before the module runs, so that the module, its
spec and whoever inspects them see what plain Python would have shown.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Callable

from .._warn import guarded

Patch = Callable[[ModuleType], None]


class PatchLoader:
    """Stands before a module's loader for the time of one import."""

    def __init__(self, loader: Any, name: str) -> None:
        self._loader = loader
        self._name = name

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        create = getattr(self._loader, "create_module", None)
        return create(spec) if create is not None else None

    def exec_module(self, module: ModuleType) -> None:
        # A module may read its own loader while it runs (package data, lazy submodules), so the
        # true one has to be back in place before that.
        spec: Any = module.__spec__
        if spec is not None and spec.loader is self:
            spec.loader = self._loader
        if getattr(module, "__loader__", None) is self:
            module.__loader__ = self._loader
        self._loader.exec_module(module)
        # A module may put another one in its place (lazy modules do), and that one is in use.
        _run_patches(self._name, sys.modules.get(self._name, module))

    def __getattr__(self, name: str) -> Any:
        # `python -m` asks the loader for code, importlib.resources for readers.
        return getattr(self._loader, name)


class PatchFinder:
    """Finds only the modules that have patches, through the finders behind it."""

    is_pentachoron = True

    def __init__(self) -> None:
        self.patches: dict[str, list[Patch]] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self.patches:
            return None
        spec = spec_from_others(self, fullname, path, target)
        # A namespace package has no code to wait for, and a loader of the old kind no second step.
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return spec
        spec.loader = PatchLoader(spec.loader, fullname)  # type: ignore[assignment]
        return spec

    def invalidate_caches(self) -> None:
        """Does nothing: the finders behind keep their own caches."""


def spec_from_others(
    finder: object,
    fullname: str,
    path: Sequence[str] | None,
    target: ModuleType | None = None,
    foreign: bool = False,
) -> ModuleSpec | None:
    """The spec that the other finders of ``sys.meta_path`` give for a module, or None.

    :param foreign: whether none of our own finders is asked, so that two never ask each other.
    """
    for other in list(sys.meta_path):
        if other is finder or (foreign and getattr(other, "is_pentachoron", False)):
            continue
        find = getattr(other, "find_spec", None)
        spec: ModuleSpec | None = find(fullname, path, target) if find is not None else None
        if spec is not None:
            return spec
    return None


_finder = PatchFinder()
_lock = threading.Lock()


def when_imported(name: str, patch: Patch) -> None:
    """Runs ``patch(module)`` as soon as the module ``name`` has been imported.

    It runs at once where the module is there already, and again where the module is reloaded, so a
    patch has to know its own marks. What it raises is a warning, never the script's error.
    """
    with _lock:
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)
        _finder.patches.setdefault(name, []).append(patch)
    module = sys.modules.get(name)
    if module is not None and not _is_being_imported(module):
        guarded(patch, module)


def forget_all() -> None:
    """Takes the finder out again; patches that ran stay. For tests and for interpreters that go on."""
    with _lock:
        _finder.patches.clear()
        if _finder in sys.meta_path:
            sys.meta_path.remove(_finder)


def _is_being_imported(module: ModuleType) -> bool:
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))


def _run_patches(name: str, module: ModuleType) -> None:
    for patch in list(_finder.patches.get(name, ())):
        guarded(patch, module)


def marked(function: Callable[..., Any], mark: str = "_pentachoron") -> bool:
    """Whether a function or class was wrapped by us before."""
    return bool(getattr(function, mark, False))


def patch_names() -> Iterator[str]:
    """The names of the modules that are waited for."""
    return iter(list(_finder.patches))
