"""Turns what scripts log into numbers with names, and what they configure into plain JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from .._warn import warn_once

_DEPTH = 8


def number(value: Any) -> float | None:
    """A Python number for a number, or for a tensor or array of one element; else None."""
    if isinstance(value, (bool, int)):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if value is None or isinstance(value, (str, bytes, complex, Mapping, list, tuple, set)):
        return None
    item = getattr(value, "item", None)
    if callable(item):
        # Only things of one element have one; asking for the size first avoids a copy to the host.
        size = getattr(value, "numel", None)
        count = size() if callable(size) else getattr(value, "size", 1)
        if count != 1:
            return None
        try:
            return number(item())
        except (TypeError, ValueError, RuntimeError):
            return None
    # Decimals, fractions and lazily computed metrics say that they are numbers by __float__.
    if hasattr(type(value), "__float__"):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            return None
    return None


def flat(data: Mapping[Any, Any], separator: str = ".", prefix: str = "", depth: int = 0) -> Iterable[tuple[str, Any]]:
    """The leaves of nested mappings, named by their path."""
    for key, value in data.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and depth < _DEPTH:
            yield from flat(value, separator, f"{name}{separator}", depth + 1)
        else:
            yield name, value


def numbers(data: Mapping[Any, Any], source: str, separator: str = ".") -> tuple[dict[str, float], dict[str, str]]:
    """The numbers and the short texts of what was logged, nested names joined.

    What is neither (images, tables, histograms, arrays) is left out, with one warning a kind.
    """
    found: dict[str, float] = {}
    texts: dict[str, str] = {}
    for name, value in flat(data, separator):
        if type(value) is float or type(value) is int:
            found[name] = value
            continue
        if value is None:
            continue
        if isinstance(value, str):
            texts[name] = value
            continue
        converted = number(value)
        if converted is not None:
            found[name] = converted
            continue
        kind = type(value[0]).__name__ + "s" if isinstance(value, (list, tuple)) and value else type(value).__name__
        warn_once(
            f"values:{source}:{kind}",
            f"{source}: '{name}' is no number ({kind}); Pentachoron shows numbers and left it out",
        )
    return found, texts


def plain(value: Any, depth: int = 0) -> Any:
    """The same as JSON would hold it; what JSON has no form for becomes its text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if depth < _DEPTH:
        if isinstance(value, Mapping):
            return {str(key): plain(item, depth + 1) for key, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [plain(item, depth + 1) for item in list(value)[:1000]]
    converted = number(value)
    if converted is not None:
        return plain(converted, depth + 1)
    try:
        return str(value)[:1000]
    except Exception:  # A script's own __str__ may fail, and its name says enough.
        return f"<{type(value).__name__}>"


def mapping(value: Any) -> dict[str, Any]:
    """A dict for what scripts give as config: mappings, argparse namespaces, dataclasses, objects."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    as_dict = getattr(value, "as_dict", None)
    if callable(as_dict):
        return dict(as_dict())
    flag_values = getattr(value, "flag_values_dict", None)  # absl's
    if callable(flag_values):
        return dict(flag_values())
    try:
        return {name: item for name, item in vars(value).items() if not name.startswith("_")}
    except TypeError:
        return {}
