"""The stand-in's ``wandb.config`` and ``wandb.summary``: item and attribute access, told as they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, Callable

from ._logged import mapping

Tell = Callable[[dict[str, Any]], None]


class ConfigError(Exception):
    """Somebody set a config value to something else without ``allow_val_change``."""


class _Told(MutableMapping):  # type: ignore[type-arg]
    """A dict with attribute access that tells what was set."""

    def __init__(self, tell: Tell | None = None) -> None:
        object.__setattr__(self, "_items", {})
        object.__setattr__(self, "_tell", tell)

    def _set(self, values: Mapping[str, Any]) -> None:
        self._items.update(values)
        if self._tell is not None:
            self._tell(dict(values))

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._set({key: value})

    def __delitem__(self, key: str) -> None:
        del self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._items[name]
        except KeyError:
            raise AttributeError(f"'{type(self).__name__}' has no value '{name}'") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __repr__(self) -> str:
        return repr(self._items)

    def as_dict(self) -> dict[str, Any]:
        """A copy as a plain dict."""
        return dict(self._items)


class Config(_Told):
    """What a run was started with. A value that is there already changes only when that is allowed."""

    def __setitem__(self, key: str, value: Any) -> None:
        self.update({key: value})

    def update(self, values: Any = None, allow_val_change: bool | None = None, **more: Any) -> None:  # type: ignore[override]
        """Sets several values at once, from a mapping, an argparse namespace or an object."""
        wanted = {**mapping(values), **more}
        if not allow_val_change:
            for key, value in wanted.items():
                if key in self._items and not _equal(self._items[key], value):
                    raise ConfigError(
                        f"Attempted to change value of key {key!r} from {self._items[key]!r} to {value!r}; "
                        "if that is meant, pass allow_val_change=True to config.update()"
                    )
        self._set(wanted)

    def setdefaults(self, values: Any) -> None:
        """Sets those values that are not there yet."""
        self._set({key: value for key, value in mapping(values).items() if key not in self._items})

    def update_locked(self, values: Any, user: Any = None, _allow_val_change: Any = None) -> None:
        """Sets values whatever was there."""
        self._set(mapping(values))

    def persist(self) -> None:
        """Does nothing: what is set is told at once."""


class Summary(_Told):
    """What a run came to; the last value of each name that was logged, unless the script sets it."""

    def update(self, values: Any = None, overwrite: bool = True, **more: Any) -> None:  # type: ignore[override]
        """Sets several values at once."""
        wanted = {**mapping(values), **more}
        self._set(wanted if overwrite else {k: v for k, v in wanted.items() if k not in self._items})

    def remember(self, values: Mapping[str, Any]) -> None:
        """Keeps the last logged values, which the run's frames tell already."""
        self._items.update(values)


def _equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # Arrays compare by element; a second setting of one is no mistake.
        return True
