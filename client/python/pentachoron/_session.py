"""What this process trains: when a run begins, which one is meant, and when it ends.

Whoever sees something of a training (hooks of torch, loggers, the script itself by ``pentachoron.init``) says it here.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
import traceback
from typing import Any, Callable, Dict, List, Mapping, Optional, Set, Tuple

from ._run import END_SECONDS, OFFLINE_SECONDS, Run, Stopped, new_run
from ._warn import guarded

#: What hooks of ours tell by themselves; a script that tells the same name is believed instead.
HOOKS = "torch"
#: Ended runs that may still be renamed.
MOST_OPEN = 100


class Session:
    """The runs of this process."""

    def __init__(self) -> None:
        self.current: Optional[Run] = None
        #: Whether runs begin by themselves, as under ``python -m pentachoron``.
        self.is_launched = False
        #: What every run of this process is told at its beginning, unless it says otherwise.
        self.defaults: Dict[str, Any] = {}
        #: Every how many steps the geometry of every weight matrix is measured; 0: never.
        self.watch_every = 0
        #: Which of ``pentachoron.metrics`` are measured.
        self.watch_metrics: Tuple[str, ...] = ("cv",)
        self._ended: List[Run] = []
        self._owners: Dict[str, str] = {}
        self._told_elsewhere: Set[str] = set()
        self._lock = threading.RLock()
        self._was_explicit = False
        self._begun_by = ""
        self.step: Optional[float] = None
        self._on_stop: Optional[Callable[[], None]] = None
        self._on_checkpoint: List[Callable[[], Any]] = []
        self._pending_config: Dict[str, Any] = {}
        self._begun: List[Callable[[Run], None]] = []
        self.paused_elsewhere: Optional[Callable[[str], None]] = None
        self.pid = os.getpid()

    # Beginnings and ends

    def begin(self, source: str = "script", **init: Any) -> Run:
        """Begins the run that somebody asked for; where hooks began one for this training before, it is that one."""
        with self._lock:
            run = self.current
            if run is not None and not run.is_finished and not self._was_explicit and self._begun_by == HOOKS:
                self._was_explicit = True
                self._adopt(run, init)
                return run
            if run is not None and not run.is_finished:
                run.end()
                self._ended.append(run)
            given = {**self.defaults, **init}
            given["config"] = {**self._pending_config, **dict(init.get("config") or {})}
            self._pending_config = {}
            run = new_run(given)
            self._was_explicit = source != HOOKS
            self._begun_by = source
            self._told_elsewhere = set()
            self.step = None
            self.current = run
            run.on_stop(self._on_stop)
            run.checkpoint_handlers(self._on_checkpoint)
            for hear in self._begun:
                guarded(hear, run)
            return run

    def _adopt(self, run: Run, init: Mapping[str, Any]) -> None:
        named = {key: init[key] for key in ("name", "notes", "tags", "total") if init.get(key) is not None}
        if named:
            run.describe(**named)
        if init.get("config"):
            run.config.update(init["config"])

    def on_begin(self, hear: Callable[[Run], None]) -> None:
        """``hear`` is told of every run that begins."""
        self._begun.append(hear)

    def ensure(self, source: str) -> Optional[Run]:
        """The present run; under the launcher one is begun where there is none."""
        run = self.current
        if run is not None and not run.is_finished:
            return run
        return self.begin(source) if self.is_launched else None

    def end_current(self, exit_code: int = 0, message: Optional[str] = None) -> None:
        """Ends the present run without waiting for it to be sent."""
        with self._lock:
            run, self.current = self.current, None
            if run is not None:
                run.end(exit_code, message)
                self._ended.append(run)
            self._was_explicit = False
            # Each has a file open until then, of which a process may have but so many.
            while len(self._ended) > MOST_OPEN and self._ended[0].sender.done.is_set():
                self._ended.pop(0).settle(0)

    def finish(self, source: str = "script", exit_code: int = 0) -> None:
        """Ends the run that ``begin`` of the same source began."""
        if self._begun_by in (source, HOOKS):
            self.end_current(exit_code)

    def close(self, exit_code: int = 0, message: Optional[str] = None, seconds: float = END_SECONDS) -> None:
        """Ends the present run and waits, at most so long, until all of them are stored."""
        self.end_current(exit_code, message)
        until = time.monotonic() + seconds
        for run in self._ended:
            run.settle(max(0.0, until - time.monotonic()), OFFLINE_SECONDS)
        self._ended = []

    # What is told

    def log(
        self,
        data: Mapping[str, Any],
        step: Optional[float] = None,
        commit: bool = True,
        source: str = "script",
        at: Optional[float] = None,
    ) -> None:
        """Tells numbers of the present training. Pauses and stops take hold at log calls of one process alone."""
        run = self.ensure(source)
        if run is None:
            return
        if source == HOOKS:
            data = {name: value for name, value in data.items() if name not in self._told_elsewhere}
            self.step = step
        else:
            self._told_elsewhere.update(data)
            if step is None and self.step is not None:
                step = self.step
        guarded(run._log, data, step, commit, at or None)
        if source != HOOKS:
            self.step_boundary("log")

    def config(self, values: Mapping[str, Any]) -> None:
        """Adds to the config of the present run, or of the next one."""
        if self.current is None:
            self._pending_config.update(values)
        else:
            self.current.config.update(values)

    def summary(self, values: Mapping[str, Any]) -> None:
        if self.current is not None:
            self.current.summary.update(values)

    def describe(self, **fields: Any) -> None:
        if self.current is not None:
            self.current.describe(**fields)

    def note(self, text: str) -> None:
        if self.current is not None:
            self.current.output([{"text": text, "stream": "stderr", "at": int(time.time() * 1000)}])

    def watch(self, model: Any, every: int) -> None:
        if self.current is not None:
            self.current.watch(model, every)

    # What is asked

    @property
    def stop_requested(self) -> bool:
        return self.current is not None and self.current.stop_requested

    def on_stop(self, handler: Optional[Callable[[], None]]) -> None:
        self._on_stop = handler
        if self.current is not None:
            self.current.on_stop(handler)

    def on_checkpoint(self, handler: Optional[Callable[[], Any]]) -> None:
        """What a viewer's wish calls; None takes back what was set so before."""
        self._on_checkpoint = [] if handler is None else [handler]
        if self.current is not None:
            self.current.checkpoint_handlers(self._on_checkpoint)

    def step_boundary(self, where: str = "step") -> None:
        """Where a pause or a stop takes hold: after an optimizer's step, or a log call where no other rank waits.

        ``framework``: between two steps of one, which counts where no hook has seen an optimizer.
        """
        if where == "framework" and self.step is not None:
            return
        if self.paused_elsewhere is not None:
            # Several processes train one model: they decide together.
            self.paused_elsewhere(where)
        elif self.current is not None:
            self.current.boundary()


_session: Optional[Session] = None


def session() -> Optional[Session]:
    """The session of this process; None in a child that was forked, whose threads do not live."""
    global _session
    if _session is not None and _session.pid != os.getpid():
        return None
    if _session is None:
        _session = Session()
        _end_with_the_process(_session)
    return _session


def described_error(error: BaseException) -> str:
    """The traceback, without frames of this package's launcher."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def _end_with_the_process(own: Session) -> None:
    failed: List[str] = []
    hook = sys.excepthook

    def excepthook(kind: Any, error: BaseException, trace: Any) -> None:
        if not isinstance(error, Stopped):
            failed.append(described_error(error))
        hook(kind, error, trace)

    sys.excepthook = excepthook

    def at_exit() -> None:
        if own.pid == os.getpid():
            own.close(1 if failed else 0, failed[0] if failed else None)

    atexit.register(at_exit)
