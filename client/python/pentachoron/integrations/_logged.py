"""What scripts log with other libraries, as numbers with names, and what they configure, as a dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._values import flattened, read_number
from .._warn import warn_once


def numbers(data: Mapping[Any, Any], source: str, separator: str = ".") -> tuple[dict[str, float], dict[str, str]]:
    """The numbers and the short texts of what was logged, nested names joined.

    What is neither (images, tables, histograms, arrays) is left out, with one warning a kind.
    """
    found: dict[str, float] = {}
    texts: dict[str, str] = {}
    for name, value in flattened(data, separator):
        if type(value) is float or type(value) is int:
            found[name] = value
            continue
        if value is None:
            continue
        if isinstance(value, str):
            texts[name] = value
            continue
        converted = read_number(value)
        if converted is not None:
            found[name] = converted
            continue
        kind = type(value[0]).__name__ + "s" if isinstance(value, (list, tuple)) and value else type(value).__name__
        warn_once(
            f"values:{source}:{kind}",
            f"{source}: '{name}' is no number ({kind}); Pentachoron shows numbers and left it out",
        )
    return found, texts


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
