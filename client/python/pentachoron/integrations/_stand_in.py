"""A finder for modules that are not installed and stand in for those that scripts import by name."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Callable

from ._imports import spec_from_others


class Source:
    """What a stand-in is made of: its name and version, which modules it has, and how they are filled."""

    def __init__(
        self,
        name: str,
        version: str,
        knows: Callable[[str], bool],
        make: Callable[[str], ModuleType],
        fill: Callable[[ModuleType], None],
        mode: str = "auto",
    ) -> None:
        self.name = name
        self.version = version
        self.knows = knows
        self.make = make
        self.fill = fill
        self.mode = mode


class StandInFinder:
    """Finds stand-ins where nothing is installed under their name, and their distribution's version."""

    is_pentachoron = True

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        top = fullname.partition(".")[0]
        source = self.sources.get(top)
        if source is None:
            return None
        if fullname == top:
            if not self.stands_in(source):
                return None
        elif not _is_ours(sys.modules.get(top)) or not source.knows(fullname):
            return None
        spec = ModuleSpec(fullname, self, origin="pentachoron", is_package=True)  # type: ignore[arg-type]
        return spec

    def stands_in(self, source: Source) -> bool:
        """Whether the stand-in is what an import would get."""
        present = sys.modules.get(source.name)
        if present is not None:
            return _is_ours(present)
        if source.mode == "both":
            return False
        return source.mode == "off" or not installed(source.name)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = self.sources[spec.name.partition(".")[0]].make(spec.name)
        module.__dict__["_pentachoron_stand_in"] = True
        return module

    def exec_module(self, module: ModuleType) -> None:
        self.sources[module.__name__.partition(".")[0]].fill(module)

    def invalidate_caches(self) -> None:
        """Does nothing: there is no cache."""

    def find_distributions(self, context: Any = None) -> Iterable[Any]:
        """The distributions that importlib.metadata is to see, by name or all of them."""
        # importlib.metadata is there already when it asks, and costs 20 ms when it is not.
        from ._stand_in_metadata import StandInDistribution

        wanted = getattr(context, "name", None)
        for source in self.sources.values():
            if (wanted is None or _normal(wanted) == _normal(source.name)) and self.stands_in(source):
                yield StandInDistribution(source.name, source.version)


_finder = StandInFinder()


def stand_in(source: Source) -> None:
    """Lets a stand-in be found from now on."""
    _finder.sources[source.name] = source
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)


def forget_all() -> None:
    """Takes the finder and the modules it made out again, for tests."""
    for name, module in list(sys.modules.items()):
        if _is_ours(module):
            del sys.modules[name]
    _finder.sources.clear()
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)


def installed(name: str) -> bool:
    """Whether a library is truly there: a folder of that name without code (W&B leaves one) is not it."""
    spec = spec_from_others(None, name, None, foreign=True)
    return spec is not None and spec.loader is not None and bool(spec.has_location)


def _is_ours(module: ModuleType | None) -> bool:
    return module is not None and bool(getattr(module, "__dict__", {}).get("_pentachoron_stand_in"))


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")
