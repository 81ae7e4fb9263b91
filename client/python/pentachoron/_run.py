"""A run as its program sees it: ``log`` writes into a spool, a thread sends it, a pause takes hold between two calls."""

from __future__ import annotations

import math
import os
import threading
import time
import uuid
import weakref
from collections import deque
from itertools import islice
from typing import Any, Callable, Deque, Dict, Iterable, List, Mapping, Optional, Set, Tuple, TypeVar, Union

from ._control import Control, Listener
from ._sender import Sender
from ._spool import SUFFIX, Spool
from ._values import Numbers, clean_name, clean_text, number_of, plain
from ._warn import guarded, warn_once

DEFAULT_URL = "http://127.0.0.1:4317"
#: Of one frame, as the server takes it.
MOST_VALUES = 1000
#: What belongs to one step is held so long for more of it.
MERGE_SECONDS = 1.0
#: How long the end of a program waits for what is not sent yet; the rest stays in the spool.
END_SECONDS = 10.0
#: A machine without a network does not wait long for one; a server that restarts takes seconds.
OFFLINE_SECONDS = 4.0
Value = TypeVar("Value", int, float, bool, str)


class Stopped(SystemExit):
    """Somebody stopped the run from its page. Ends the program with ``finally`` and ``with`` blocks run."""

    def __init__(self) -> None:
        super().__init__(0)


class Run:
    """One run. Made by ``pentachoron.init``; safe to call from several threads."""

    def __init__(
        self,
        opening: Dict[str, Any],
        *,
        url: str,
        token: Optional[str],
        folder: str,
        config: Mapping[str, Any],
    ) -> None:
        os.makedirs(folder, exist_ok=True)
        self.id: str = opening["id"]
        self.name: str = opening["name"]
        self.url = f"{url.rstrip('/')}/#view=run&run={self.id}"
        self.config = Document(self, "config", config)
        self.summary = Document(self, "summary", {})
        self.control_state = Control()
        self.spool = Spool(os.path.join(folder, f"{self.id}-{opening['requestId'][:8]}{SUFFIX}"))
        self.spool.append("open", request=opening)
        self._lock = threading.RLock()
        #: The frame that is not complete yet: its step, its number in the spool, the names that it has.
        self._pending: Optional[Tuple[float, int, Set[str]]] = None
        self._late: Deque[Tuple[float, float, Numbers]] = deque()
        self._next_step: float = 0
        self._held_since = 0.0
        self._controls: Dict[str, Any] = {}
        self._accepts: List[str] = list(opening["accepts"])
        self._checkpoints: List[Callable[[], Any]] = []
        self._framework_checkpoints: List[Callable[[], Any]] = []
        self._checkpoints_made = 0
        self._stop: Optional[Callable[[], None]] = None
        self.stop_requested = False
        self._is_paused = False
        self.is_finished = False
        #: Whether what it trained is gone: what is printed from then on may be the next run's.
        self.is_over = False
        #: In a forked child, where no thread sends: such a run is the parent's to tell of.
        self.is_of_parent = False
        _runs.add(self)
        self._is_settled = False
        global _latest
        before = _latest() if _latest is not None else None
        self.sender = Sender(
            self.spool, url, token, answered=self.control_state.take, before=self._tidy,
            after=before if before is not None and before.url == url else None,
        )  # fmt: skip
        _latest = weakref.ref(self.sender)
        self._listener = Listener(url, self.control_state, self._access)
        self.sender.start()
        self._listener.start()

    def _access(self) -> Optional[Tuple[str, str]]:
        token = self.sender.ingest_token
        return (self.id, token) if token is not None else None

    # What is told

    def log(
        self,
        data: Mapping[str, Any],
        step: Optional[float] = None,
        commit: bool = True,
        *,
        at: Optional[float] = None,
    ) -> None:
        """Tells numbers, by name; nested ones are named ``a/b``. Costs tens of microseconds and blocks only for a pause.

        Without a ``step`` they belong to the present one, which ``commit`` ends. With one, calls of the same step are
        put together for up to a second; a name that comes again begins a new frame of that step. Steps may go back.
        ``at`` is a time in seconds since 1970, now unless given. Tensors on a device are read by another thread.
        """
        guarded(self._log, data, step, commit, at)
        self.boundary()

    def _log(self, data: Mapping[str, Any], step: Optional[float], commit: bool, at: Optional[float]) -> None:
        if self.is_finished:
            if not self.is_of_parent:
                warn_once("log-after-finish", "log() was called after finish(); it is not kept")
            return
        numbers = Numbers(data)
        # What is not finite differs from itself, or from itself less itself.
        if step is not None and ((type(step) is not int and type(step) is not float) or step - step != 0):
            step = _step_of(step)
        at = at or time.time()
        with self._lock:
            where = self._next_step if step is None else step
            is_whole = step is None and commit
            if numbers.late or self._late:
                self._flush()
                self._late.append((where, at, numbers))
            elif numbers.values:
                self._hold(where, at, numbers.values, is_whole)
            elif is_whole:
                self._flush()
            self._next_step = where + 1 if is_whole else where

    def _hold(self, step: float, at: float, values: Dict[str, Any], is_whole: bool) -> None:
        """Writes values to the frame that is open for this step, or to a new one, which stays open unless whole."""
        if self._pending is not None:
            held_step, seq, names = self._pending
            if held_step == step and len(names) + len(values) <= MOST_VALUES and names.isdisjoint(values):
                self.spool.append("more", seq=seq, values=values)
                names.update(values)
                if is_whole:
                    self._flush()
                return
            self._pending = None  # The next frame ends it.
        rest = values
        while len(rest) > MOST_VALUES:
            part = dict(islice(rest.items(), MOST_VALUES))
            self.spool.append("frame", step=step, at=int(at * 1000), values=part, whole=1)
            rest = {name: value for name, value in rest.items() if name not in part}
        if is_whole:
            self.spool.append("frame", step=step, at=int(at * 1000), values=rest, whole=1)
            return
        seq = self.spool.append("frame", step=step, at=int(at * 1000), values=rest)
        self._pending = (step, seq, set(rest))
        self._held_since = time.monotonic()

    def _flush(self) -> None:
        if self._pending is not None:
            self._pending = None
            self.spool.append("close")

    def _tidy(self) -> None:
        """In the sending thread: reads what had to wait for a device, and lets go of what was held for merging."""
        while self._late:
            step, at, numbers = self._late[0]
            values = dict(numbers.values)
            for name, read in numbers.late:
                number = read()
                if number is not None:
                    values[name] = number
            with self._lock:
                if values:
                    self._hold(step, at, values, False)
                self._late.popleft()
        with self._lock:
            if self._pending is not None and time.monotonic() - self._held_since >= MERGE_SECONDS:
                self._flush()

    def describe(self, **change: Any) -> None:
        """Changes what is said of the run: name, notes, tags, total, config, summary, controls."""
        if "name" in change:
            self.name = change["name"] = clean_name(change["name"])
        if "controls" in change:
            self._accept("set")
        # One that has ended may still be given a better name.
        if self._is_settled or self.is_of_parent:
            return
        guarded(self.spool.append, "patch", change=change)
        if self.is_finished:
            self.sender.again()

    def output(self, lines: List[Dict[str, Any]]) -> None:
        """Adds what the program printed."""
        if lines and not self.is_finished:
            guarded(self.spool.append, "output", len(lines), lines=lines)

    # What is asked

    def control(self, name: str, default: Value) -> Value:
        """A value that viewers may change while the program runs; it is what they set last, else ``default``."""
        name = clean_name(name)[:100]
        value = self.control_state.values.get(name, default)
        value = type(default)(value) if type(value) is not type(default) else value
        if self._controls.get(name, _NOTHING) != value:
            self._controls[name] = value
            self.describe(controls={name: value})
        return value

    def on_checkpoint(self, handler: Callable[[], Any]) -> Callable[[], Any]:
        """``handler`` is called, in the training's thread, when a viewer asks for a checkpoint. Usable as a decorator."""
        self._checkpoints.append(handler)
        self._accept("checkpoint")
        return handler

    def _accept(self, action: str, obeys: bool = True) -> None:
        """Viewers are offered what the program obeys: with its first handler or control that is one thing more."""
        with self._lock:
            if (action in self._accepts) == obeys:
                return
            self._accepts = [each for each in self._accepts if each != action] + [action] * obeys
            self.describe(accepts=list(self._accepts))

    def checkpoint_handlers(self, handlers: List[Callable[[], Any]]) -> None:
        """In the place of those that were set so before; a script's own stay."""
        self._framework_checkpoints = list(handlers)
        self._accept("checkpoint", bool(self._framework_checkpoints or self._checkpoints))

    def _checkpoint(self) -> None:
        self._checkpoints_made = self.control_state.checkpoints
        for handler in [*self._framework_checkpoints, *self._checkpoints]:
            guarded(handler)

    def on_stop(self, handler: Optional[Callable[[], None]]) -> None:
        """``handler`` is called in place of raising ``Stopped``, where a framework ends a training by itself."""
        self._stop = handler

    def boundary(self) -> None:
        """Where a pause or a stop takes hold. Raises ``Stopped``."""
        state = self.control_state
        if self.is_finished:
            return
        if state.checkpoints > self._checkpoints_made:
            self._checkpoint()
        if state.asked == "pause":
            self.pause()
        if state.asked == "stop" and not self.stop_requested:
            self.stop_requested = True
            if self._stop is None:
                raise Stopped()
            self._stop()

    @property
    def is_paused(self) -> bool:
        """Whether the training waits to be resumed."""
        return self._is_paused

    def pause(self) -> None:
        """Waits until a viewer resumes or stops the run."""
        with self._lock:
            self._flush()
        self._is_paused = True
        self.state("paused")
        try:
            while self.control_state.asked == "pause":
                self.control_state.wait(0.5)
                if self.control_state.checkpoints > self._checkpoints_made:
                    self._checkpoint()
        finally:
            self._is_paused = False
            self.state("running")

    def state(self, status: str, message: Optional[str] = None) -> None:
        """Says how the program stands."""
        more = {} if message is None else {"message": clean_text(message, 10_000)}
        guarded(self.spool.append, "state", status=status, at=int(time.time() * 1000), **more)
        self.sender.hurry()

    # Ends

    def finish(
        self, exit_code: int = 0, message: Optional[str] = None, seconds: Optional[float] = None
    ) -> None:
        """Ends the run and waits for what is not sent yet; what the server does not take in time stays in the spool.

        ``seconds`` without any progress are waited for at most; unless given 10, and 4 for a server that does not answer.
        """
        self.end(exit_code, message)
        if seconds is None:
            self.settle(END_SECONDS, OFFLINE_SECONDS)
        else:
            self.settle(seconds)

    def end(self, exit_code: int = 0, message: Optional[str] = None) -> None:
        """Ends the run without waiting: what is not sent yet goes on being sent."""
        if self.is_finished:
            return
        while self._late:
            guarded(self._tidy)
        with self._lock:
            self._flush()
        status = "stopped" if self.stop_requested else "completed" if exit_code == 0 else "failed"
        self.state(status, message or (None if exit_code == 0 else f"ended with exit code {exit_code}"))
        self.is_finished = True
        self._listener.stop()
        self.sender.end(0)

    def settle(self, seconds: float, offline: Optional[float] = None) -> None:
        """Waits, at most so long, until all of an ended run is stored; then its spool is not needed any more."""
        if self._is_settled:
            return
        self._is_settled = True
        if self.sender.end(seconds, offline):
            self.spool.close(remove=True)
            return
        self.spool.close()
        if self.sender.refusal is None:
            warn_once(
                f"left:{self.id}",
                f"not all of {self.name} is sent; it is in {self.spool.path}: "
                f"python -m pentachoron sync {os.path.dirname(self.spool.path)}",
            )

    def watch(self, model: Any, every: int = 1, metrics: Union[str, Iterable[str]] = ("cv",)) -> Any:
        """Tells the geometry of every weight matrix of a torch model, every so many steps.

        ``metrics``: names of ``pentachoron.metrics.METRICS``, but those that need labels. The CV of the pentachoron
        volumes is the series ``cv/NAME``, any other metric ``cv/NAME:METRIC``. Matrices are copied at the step, whole
        for all but CVs, and measured in a thread. Answers a watch whose ``step()`` is called after each step where no
        optimizer of torch is seen.
        """
        from ._watch import Watch

        return Watch(self, model, every, metrics)

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Any, error: Any, _trace: Any) -> None:
        from ._session import described_error

        if isinstance(error, Stopped):
            self.stop_requested = True
        if error is None or isinstance(error, Stopped):
            self.finish()
        else:
            self.finish(1, described_error(error))


class Document(Dict[str, Any]):
    """Config or summary: a dictionary whose changes are told; its keys are attributes, too."""

    def __init__(self, run: Run, field: str, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        object.__setattr__(self, "_run", run)
        object.__setattr__(self, "_field", field)

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        self._tell({key: value})

    def update(self, *args: Any, **more: Any) -> None:
        change = dict(*[arg for arg in args if arg is not None], **more)
        super().update(change)
        self._tell(change)

    def __getattr__(self, key: str) -> Any:
        try:
            return self[key]
        except KeyError:
            raise AttributeError(key) from None

    def __setattr__(self, key: str, value: Any) -> None:
        self[key] = value

    def _tell(self, change: Mapping[str, Any]) -> None:
        run: Run = object.__getattribute__(self, "_run")
        run.describe(**{object.__getattribute__(self, "_field"): plain(change)})


_NOTHING = object()
_runs: "weakref.WeakSet[Run]" = weakref.WeakSet()
_latest: Optional["weakref.ref[Sender]"] = None


def _step_of(step: Any) -> float:
    """A step as a number: scripts count in numpy's and torch's integers, too."""
    number = number_of(step)
    if not isinstance(number, (int, float)) or not math.isfinite(number):
        raise ValueError(f"step must be a finite number, not {step!r}")
    return number


def _in_forked_child() -> None:
    global _latest
    _latest = None
    for run in list(_runs):
        run.is_finished = run.is_of_parent = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_forked_child)


def new_run(given: Mapping[str, Any]) -> Run:
    """A run whose opening is on its way.

    ``given``: what ``pentachoron.init`` takes, and ``about`` (host, command and git).
    """
    environment = os.environ
    own_id = given.get("id") or uuid.uuid4().hex[:12]
    config = plain(given.get("config") or {})
    resume = given.get("resume")
    opening: Dict[str, Any] = {
        "id": own_id,
        "resume": resume if isinstance(resume, str) else "allow" if resume else "never",
        "name": clean_name(given.get("name") or own_id),
        "config": config,
        "stepName": given.get("step_name") or "step",
        "accepts": ["pause", "resume", "stop"],
        "requestId": uuid.uuid4().hex,
    }
    optional = {name: given.get(name) for name in ("project", "group", "notes", "total")}
    optional.update(given.get("about") or {})
    opening.update({name: value for name, value in optional.items() if value is not None})
    if given.get("tags"):
        opening["tags"] = [clean_name(tag)[:50] for tag in given["tags"]][:20]
    folder = environment.get("PENTACHORON_DIR") or "pentachoron"
    return Run(
        opening,
        url=given.get("url") or environment.get("PENTACHORON_URL") or DEFAULT_URL,
        token=given.get("token") or environment.get("PENTACHORON_TOKEN"),
        folder=os.path.abspath(folder),
        config=config,
    )
