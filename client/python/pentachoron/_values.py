"""Numbers as they travel: whatever a script logs, by name, without making the training wait for a device."""

from __future__ import annotations

import math
import re
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple, Union

from ._warn import warn_once

#: A number, or a text for what JSON has no number for.
Sent = Union[float, int, str]
MAX_NAME = 200
#: Of dictionaries in one another.
MOST_DEPTH = 8
#: Of a list in a config.
MOST_LISTED = 1000
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def clean_name(name: Any) -> str:
    """A name as the server takes it: without what steers terminals or turns lines, and not too long."""
    known = _clean_names.get(name) if type(name) is str else None
    if known is not None:
        return known
    text = cut(_FORBIDDEN.sub(" ", str(name)).strip(), MAX_NAME).strip() or "unnamed"
    if type(name) is str and len(_clean_names) < 100_000:
        _clean_names[name] = text
    return text


_clean_names: Dict[str, str] = {}


def cut(text: str, most: int) -> str:
    """At most so long as the server counts, in units of UTF-16: an emoji has two."""
    if len(text) * 2 <= most:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    return text if len(units) <= most * 2 else units[: most * 2].decode("utf-16-le", "ignore")


def clean_text(text: Any, most: int) -> str:
    """Text of several lines as the server takes it."""
    return cut(re.sub(r"(?![\t\n\r])" + _FORBIDDEN.pattern, " ", str(text)), most)


def sent(value: float) -> Sent:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53:
        return value
    try:
        number = float(value)
    except OverflowError:
        return "Infinity" if value > 0 else "-Infinity"
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def is_late(value: Any) -> bool:
    """Whether reading the value would wait for a device: its number is read by a thread of ours."""
    device = getattr(value, "device", None)
    kind = getattr(device, "type", None)
    return kind is not None and kind not in ("cpu", "meta")


def number_of(value: Any) -> Optional[Sent]:
    """As ``read_number``, as it travels."""
    read = value if isinstance(value, (bool, int, float)) else read_number(value)
    return None if read is None else sent(read)


def read_number(value: Any) -> Union[int, float, None]:
    """The number that a value is, or None where it is none. Tensors and arrays of one element are."""
    if isinstance(value, (bool, int)):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if value is None or isinstance(value, (str, bytes, complex, Mapping, list, tuple, set)):
        return None
    try:
        item = getattr(value, "item", None)
        if callable(item):
            # Only things of one element have one; asking for the size first avoids a copy to the host.
            size = getattr(value, "numel", None)
            count = size() if callable(size) else getattr(value, "size", 1)
            return read_number(item()) if count == 1 else None
        # Decimals, fractions and lazily computed metrics say that they are numbers by __float__.
        return float(value) if hasattr(type(value), "__float__") else None
    except Exception:  # Whatever a script logs may fail when it is asked.
        return None


def flattened(
    data: Mapping[Any, Any], separator: str = "/", prefix: str = "", depth: int = 0
) -> Iterator[Tuple[str, Any]]:
    """Names and values; what stands in a dictionary is named by both."""
    for name, value in data.items():
        full = f"{prefix}{name}"
        if isinstance(value, Mapping) and depth < MOST_DEPTH:
            yield from flattened(value, separator, f"{full}{separator}", depth + 1)
        else:
            yield full, value


class Numbers:
    """The numbers of one call to ``log``: those at hand, and those that a thread reads later."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.values: Dict[str, Sent] = {}
        self.late: List[Tuple[str, Callable[[], Optional[Sent]]]] = []
        for full, value in flattened(data):
            name = clean_name(full)
            if is_late(value):
                kept = value.detach() if hasattr(value, "detach") else value
                self.late.append((name, lambda kept=kept: number_of(kept)))  # type: ignore[misc]
                continue
            number = number_of(value)
            if number is None:
                warn_once(f"no-number:{name}", f"{name} is no number ({type(value).__name__}) and is not shown")
            else:
                self.values[name] = number

    def names(self) -> Iterator[str]:
        yield from self.values
        for name, _read in self.late:
            yield name


def plain(value: Any, depth: int = 0) -> Any:
    """Anything as JSON: what has no form there is told as text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value[:10_000]
    if isinstance(value, (int, float)):
        return sent(value)
    if depth < MOST_DEPTH:
        if isinstance(value, Mapping):
            return {str(key): plain(each, depth + 1) for key, each in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            listed = list(value)
            if len(listed) > MOST_LISTED:
                warn_once("listed", f"of a list of {len(listed)} in a config the first {MOST_LISTED} are noted")
            return [plain(each, depth + 1) for each in listed[:MOST_LISTED]]
        as_dict = getattr(value, "__dict__", None)
        if isinstance(as_dict, dict) and type(value).__name__ in ("Namespace", "SimpleNamespace"):
            return plain(as_dict, depth + 1)
    number = number_of(value) if not callable(value) and not is_late(value) else None
    if number is not None:
        return number
    try:
        return str(value)[:1000]
    except Exception:  # A script's own __str__ may fail, and its name says enough.
        return f"<{type(value).__name__}>"
