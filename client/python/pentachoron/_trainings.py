"""Which optimizers make one training, what it is made of, and what runs of it are called."""

from __future__ import annotations

import dis
import inspect
import os
import sys
import time
import weakref
from collections.abc import Mapping
from types import CodeType, FrameType
from typing import Any, Callable, Optional

_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
_SIMPLE = (bool, int, float, str)
#: Of a name made of what differs.
MOST_NAMED = 6
#: Of variables; a notebook turned script has hundreds.
MOST_AROUND = 100


class Member:
    """One optimizer of a training."""

    def __init__(self, optimizer: Any, name: str, dropped: Callable[[], None]) -> None:
        self.optimizer = weakref.ref(optimizer, lambda _: dropped())
        self.name = name
        self.steps = 0
        #: As they were told last; empty before.
        self.rates: tuple[float, ...] = ()
        #: The learning rate that a viewer has set and that was taken; None before.
        self.taken: Optional[float] = None
        self.control_told_at = 0.0


class Training:
    """Optimizers that take turns, and the run that tells of them."""

    def __init__(self) -> None:
        self.members: list[Member] = []
        self.steps = 0
        self.speed_at = time.monotonic()
        self.speed_steps = 0
        self.run: Optional[Callable[[], Any]] = None

    def dropped(self) -> None:
        """Called when one of its optimizers is, at any moment and in any thread."""
        run = self.run() if self.run is not None else None
        if run is not None and self.is_over:
            run.is_over = True

    @property
    def is_over(self) -> bool:
        """Whether all of its optimizers were dropped."""
        return all(member.optimizer() is None for member in self.members)


class Values:
    """Simple values that a script trains with, outermost first."""

    def __init__(self) -> None:
        #: Of its functions on the way to the step.
        self.arguments: dict[str, Any] = {}
        #: Variables of those functions and of the module itself.
        self.around: dict[str, Any] = {}
        #: Arguments that are not their defaults.
        self.telling: list[str] = []

    @property
    def all(self) -> dict[str, Any]:
        return {**self.around, **self.arguments}


class Names:
    """Runs of a script are called by what differs between them.

    Of the first run alone what the script's functions were given on purpose tells most. What differs shows with the
    next ones, and the runs before them are renamed then.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Any, Values, str]] = []
        self._keys: list[str] = []

    def first(self, values: Values, fallback: str) -> str:
        """The name of a run that begins."""
        keys = self._differing(values) if self._runs else []
        return _named(values, keys or values.telling) or fallback

    def begun(self, run: Any, values: Values) -> None:
        """Takes note of a run, and renames those before it where more differs now."""
        keys = self._differing(values) if self._runs else []
        self._runs.append((run, values, run.name))
        if keys == self._keys:
            return
        self._keys = keys
        for index, (each, known, name) in enumerate(self._runs):
            better = _named(known, keys)
            # Whoever gave a run another name meanwhile is believed.
            if better and better != name and each.name == name:
                each.describe(name=better)
                self._runs[index] = (each, known, better)

    def _differing(self, values: Values) -> list[str]:
        def differ(names: Mapping[str, Any]) -> set[str]:
            return {
                key
                for key, value in names.items()
                if any(known.all.get(key, _NOTHING) != value for _run, known, _name in self._runs)
            }

        found = set(self._keys) | differ(values.arguments)
        # A counter or a result around the training differs, too: only where nothing else does it tells the runs apart.
        found = found or differ(values.around)
        return [key for key in values.all if key in found]


_NOTHING = object()


def _named(values: Values, keys: list[str]) -> str:
    known = values.all
    return " ".join(f"{key}={_short(known[key])}" for key in keys[:MOST_NAMED] if key in known)[:200]


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)[:60]


def script_values() -> Values:
    """What the script's own frames on the way here hold."""
    values = Values()
    frames: list[FrameType] = []
    frame: Optional[FrameType] = sys._getframe(1)
    while frame is not None:
        if _is_of_script(frame.f_code.co_filename):
            frames.append(frame)
        frame = frame.f_back
    for each in reversed(frames):
        code = each.f_code
        count = 0 if code.co_name == "<module>" else code.co_argcount + code.co_kwonlyargcount
        arguments = code.co_varnames[:count]
        defaults = _defaults_of(each)
        for name, value in _variables(each).items():
            if name in arguments and isinstance(value, _SIMPLE):
                values.arguments[name] = value
                if name not in defaults or defaults[name] != value:
                    values.telling.append(name)
            elif name not in arguments and _is_setting(name, value) and len(values.around) < MOST_AROUND:
                values.around[name] = value
    return values


#: A function that calls these may keep the dictionary in which Python notes a frame's variables.
_LOOKS_AT_ITSELF = frozenset(("locals", "vars", "eval", "exec", "dir"))


def _looks_at_itself(code: CodeType) -> bool:
    # The names hold attributes, too, and every other script calls ``model.eval()``.
    return not _LOOKS_AT_ITSELF.isdisjoint(code.co_names) and any(
        each.opname.startswith("LOAD_GLOBAL") and each.argval in _LOOKS_AT_ITSELF for each in dis.get_instructions(code)
    )


def _variables(frame: FrameType) -> dict[str, Any]:
    """A copy of a frame's variables, which keeps none of them alive."""
    code = frame.f_code
    if not code.co_flags & inspect.CO_OPTIMIZED:
        return dict(frame.f_locals)
    if _looks_at_itself(code):
        return {}
    noted = frame.f_locals
    copy = dict(noted)
    # Before Python 3.13 the frame keeps what was noted, and with it an optimizer that the script has dropped since.
    if type(noted) is dict:
        noted.clear()
    return copy


def _is_setting(name: str, value: Any) -> bool:
    """Whether a variable may be a setting: one that was worked out or timed has more digits than anybody writes."""
    if type(value) not in _SIMPLE or name.startswith("_"):
        return False
    return not isinstance(value, float) or float(f"{value:.6g}") == value


def _defaults_of(frame: FrameType) -> dict[str, Any]:
    function = frame.f_globals.get(frame.f_code.co_name)
    if not inspect.isfunction(function) or function.__code__ is not frame.f_code:
        return {}
    parameters = inspect.signature(function).parameters.values()
    return {each.name: each.default for each in parameters if each.default is not inspect.Parameter.empty}


def _is_of_script(path: str) -> bool:
    if path.startswith("<") or os.path.dirname(os.path.abspath(path)).startswith(_OWN_FOLDER):
        return False
    return "site-packages" not in path and "dist-packages" not in path and not path.startswith(sys.base_prefix + "/lib")


def optimizer_config(optimizer: Any) -> dict[str, Any]:
    """The settings of an optimizer that tell most of it."""
    told = ("lr", "momentum", "weight_decay", "betas", "eps", "nesterov")
    group = optimizer.param_groups[0]
    return {key: value for key, value in group.items() if key in told and not _is_unset(value)}


def _is_unset(value: Any) -> bool:
    return value is None or value is False or (isinstance(value, (int, float)) and value == 0)
