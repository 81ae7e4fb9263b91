"""An object that takes every use and does nothing: what a stand-in answers for what it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Inert:
    """Answers every attribute and every call with another of its kind; empty and false."""

    def __init__(self, name: str = "") -> None:
        object.__setattr__(self, "_inert_name", name)

    def __getattr__(self, name: str) -> Inert:
        # Protocols (copying, pickling, arrays) probe for dunders and must find none.
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Inert(f"{self._inert_name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # As a decorator it hands back what it was given, so that the script keeps its function.
        if len(args) == 1 and not kwargs and callable(args[0]) and not isinstance(args[0], Inert):
            return args[0]
        return Inert(f"{self._inert_name}()")

    def __getitem__(self, key: Any) -> Inert:
        return Inert(f"{self._inert_name}[{key!r}]")

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __contains__(self, key: Any) -> bool:
        return False

    def __enter__(self) -> Inert:
        return self

    def __exit__(self, *exception: Any) -> None:
        return None

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        # A script may derive from an unknown class; its own methods then work.
        return (object,)

    def __str__(self) -> str:
        return str(object.__getattribute__(self, "_inert_name"))

    def __repr__(self) -> str:
        return f"<inert {self._inert_name}>"
