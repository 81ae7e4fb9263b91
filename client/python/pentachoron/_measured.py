"""What a measurement says, and one that is still on its device: all of a call's are read from there at once."""

from __future__ import annotations

import math
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union


class Measured(NamedTuple):
    """A metric's value, or the reason why it has none."""

    #: None where there is a reason.
    value: Optional[float]
    #: Standard error of the value, in its unit; None where none is known.
    se: Optional[float] = None
    #: In words; None where there is a value.
    reason: Optional[str] = None


class Pending(NamedTuple):
    """A value in tensors without dimensions, whose numbers nobody has waited for."""

    value: Any
    se: Any = None
    #: Tensors of one boolean, each with the reason that it is for having no value; the first that holds is given.
    unless: Tuple[Tuple[Any, str], ...] = ()


Result = Union[Measured, Pending]


def without(reason: str) -> Measured:
    """No value, for a reason that is known without reading anything."""
    return Measured(None, None, reason)


def read(results: Dict[str, Result]) -> Dict[str, Measured]:
    """The numbers of all results, with one wait for each device that they are on."""
    import torch

    pending: Dict[Any, List[str]] = {}
    for name, result in results.items():
        if isinstance(result, Pending):
            pending.setdefault(result.value.device, []).append(name)
    found: Dict[str, Measured] = {name: each for name, each in results.items() if isinstance(each, Measured)}
    for names in pending.values():
        rows = torch.stack([_row(results[name]) for name in names]).tolist()
        for name, (value, error, failed) in zip(names, rows):
            found[name] = _measured(results[name], value, error, int(failed))
    return {name: found[name] for name in results}


def _row(result: Any) -> Any:
    """Value, standard error, and one more than the index of the first failure, 0 without one: (3,)."""
    import torch

    value, error, failures = result
    failed = torch.zeros_like(value)
    for index in reversed(range(len(failures))):
        failed = torch.where(failures[index][0], float(index + 1), failed)
    return torch.stack([value, torch.full_like(value, math.nan) if error is None else error, failed.to(value.dtype)])


def _measured(result: Any, value: float, error: float, failed: int) -> Measured:
    if failed:
        return without(result.unless[failed - 1][1])
    if not math.isfinite(value):
        return without("not finite")
    return Measured(value, error if math.isfinite(error) else None)
