"""Several processes that train one model pause, stop and change their rates at the same optimizer step.

The first rank proposes a step some way ahead, in the store by which the process group found together. A thread of each
rank looks there, and says yes if its training has not come to that step yet. Only when all have is it done; where one
was late, those that wait at the step go on and the next proposal lies farther ahead. A rank that waits does so after
its optimizer's step, inside no collective, so that no timeout of the group runs meanwhile.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import threading
import time
from typing import Any, Optional

from ._run import Stopped
from ._session import Session
from ._warn import guarded, warn_once

POLL_SECONDS = 0.02
#: A proposal lies as many steps ahead as are made in so long.
AHEAD_SECONDS = 0.15
#: Between two proposals of which the first was late.
AGAIN_SECONDS = 0.1
#: A rank answers within some milliseconds, whatever its training does, as long as it lives.
ANSWER_SECONDS = 10.0
#: The first rank leaves after the others have heard of a stop, or after so long.
STOP_SECONDS = 5.0
END_SECONDS = 2.0
_PREFIX = "pentachoron/"


def rank() -> int:
    """Which of the processes that train together this is; 0 where it is alone."""
    distributed = _group()
    if distributed is not None:
        return int(distributed.get_rank())
    given = os.environ.get("RANK", "0")
    return int(given) if given.isdigit() else 0


def _group() -> Optional[Any]:
    distributed = getattr(sys.modules.get("torch"), "distributed", None)
    if distributed is None or not distributed.is_available() or not distributed.is_initialized():
        return None
    return distributed


class Proposal:
    """What is to be done at a step."""

    def __init__(self, number: int, at: int, action: str, values: dict[str, Any]) -> None:
        self.number = number
        self.at = at
        #: ``pause``, ``stop`` or ``set``.
        self.action = action
        self.values = values


class Together:
    """This process's part in what all ranks decide."""

    def __init__(self, session: Session, distributed: Any) -> None:
        store = distributed.distributed_c10d._get_default_store()
        # One of its own: the group's waits within collectives.
        clone = guarded(store.clone) if hasattr(store, "clone") else None
        self._store = clone if clone is not None else store
        self._session = session
        self._rank = int(distributed.get_rank())
        self._ranks = int(distributed.get_world_size())
        #: Set by viewers, taken by all ranks at the same step.
        self.values: dict[str, Any] = {}
        self.steps = 0
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._armed: Optional[Proposal] = None
        self._verdict: Optional[bool] = None
        self._is_doing = False
        self._is_lost = False
        self._next = 0
        self._proposed: Optional[Proposal] = None
        self._factor = 1.0
        self._quiet_until = 0.0
        self._proposed_values: dict[str, Any] = {}
        self._thread = threading.Thread(target=self._watch, name="pentachoron-ranks", daemon=True)
        self._thread.start()
        atexit.register(self.end)

    @classmethod
    def of(cls, session: Session) -> Optional[Together]:
        """For a process that is one of several; None where it is alone."""
        distributed = _group()
        if distributed is None or distributed.get_world_size() < 2:
            return None
        made: Optional[Together] = guarded(cls, session, distributed)
        return made

    # In the training's thread

    def boundary(self, where: str) -> None:
        """After an optimizer's step. Blocks while all ranks pause; raises ``Stopped`` in all of them at one step.

        At a log call nothing takes hold: one rank alone makes it.
        """
        if where != "step":
            return
        with self._lock:
            self.steps += 1
            armed = self._armed
            if armed is None or armed.at > self.steps:
                return
        while self._verdict is None and not self._is_lost:
            time.sleep(POLL_SECONDS / 4)
        with self._lock:
            self._armed = None
            is_agreed, self._verdict = bool(self._verdict), None
            self._is_doing = is_agreed
        if is_agreed and not self._is_lost:
            try:
                self._do(armed)
            finally:
                self._is_doing = False

    def _do(self, proposal: Proposal) -> None:
        self.values = {**self.values, **proposal.values}
        if proposal.action == "pause":
            self._pause(proposal)
        elif proposal.action == "stop":
            self._stop(proposal)

    def _pause(self, proposal: Proposal) -> None:
        key = f"{_PREFIX}{proposal.number}/then"
        run = self._session.current
        if self._rank == 0 and run is not None:
            run.pause()
            asked = "stop" if run.control_state.asked == "stop" else "run"
            guarded(self._store.set, key, asked)
        else:
            asked = self._awaited(key) or "run"
        if asked == "stop":
            self._stop(proposal)

    def _stop(self, proposal: Proposal) -> None:
        run = self._session.current
        if run is not None:
            run.stop_requested = True
        # With the first rank the store goes, by which the others hear of it.
        key = f"{_PREFIX}{proposal.number}/stopped/"
        if self._rank != 0:
            guarded(self._store.set, f"{key}{self._rank}", "yes")
        else:
            until = time.monotonic() + STOP_SECONDS
            for each in range(1, self._ranks):
                self._awaited(f"{key}{each}", until)
        self.end()
        # Even where a framework would end by itself: the other ranks do not hear of that.
        raise Stopped()

    def _awaited(self, key: str, until: float = float("inf")) -> Optional[str]:
        """What a rank says, once it does; None where it will not."""
        while not self._is_lost and time.monotonic() < until:
            try:
                found = self._read(key)
            except Exception:  # The store went with its process.
                return None
            if found is not None:
                return found
            time.sleep(POLL_SECONDS / 2)
        return None

    def end(self) -> None:
        """Ends the thread: one that is in the store's own code while Python ends takes the process down with it."""
        self._is_lost = True
        if self._thread is not threading.current_thread():
            self._thread.join(END_SECONDS)

    # In the thread

    def _watch(self) -> None:
        while not self._is_lost:
            time.sleep(POLL_SECONDS)
            try:
                self._look()
                if self._rank == 0:
                    self._lead()
            except Exception as error:
                # The store went with the process that held it: the training notices that by itself.
                self._is_lost = True
                if self._session.current is not None and not self._session.current.is_finished:
                    warn_once("ranks", f"the ranks cannot be paused together any more: {error}")

    def _look(self) -> None:
        """Answers the next proposal, and hears what became of it."""
        key = f"{_PREFIX}{self._next}"
        text = self._read(key)
        if text is None:
            return
        proposal = Proposal(self._next, **json.loads(text))
        with self._lock:
            is_early = self.steps < proposal.at and self._armed is None
            if is_early:
                self._armed, self._verdict = proposal, None
        self._store.set(f"{key}/{self._rank}", "yes" if is_early else "late")
        verdict: Optional[str] = None
        until = time.monotonic() + ANSWER_SECONDS
        while verdict is None and not self._is_lost:
            if self._rank == 0:
                self._judge(proposal, is_late=time.monotonic() > until)
            verdict = self._read(f"{key}/verdict")
            if verdict is None:
                time.sleep(POLL_SECONDS)
        self._next += 1
        with self._lock:
            if self._armed is proposal:
                if verdict == "yes":
                    self._verdict = True
                elif self.steps >= proposal.at:
                    self._verdict = False  # Its training waits there.
                else:
                    self._armed = None

    def _judge(self, proposal: Proposal, is_late: bool) -> None:
        """The first rank counts. Those that came to the step wait there; not for ever for a rank that is no more."""
        key = f"{_PREFIX}{proposal.number}"
        answers = [self._read(f"{key}/{each}") for each in range(self._ranks)]
        if None in answers and not is_late:
            return
        is_agreed = all(answer == "yes" for answer in answers)
        self._factor = 1.0 if is_agreed else self._factor * 2
        if not is_agreed:
            self._proposed_values = dict(self.values)
        self._store.set(f"{key}/verdict", "yes" if is_agreed else "no")
        self._proposed = None
        self._quiet_until = time.monotonic() + AGAIN_SECONDS

    def _lead(self) -> None:
        run = self._session.current
        if run is None or run.is_finished or self._proposed is not None or time.monotonic() < self._quiet_until:
            return
        with self._lock:
            # One that was agreed on is still ahead, or being done.
            if self._armed is not None or self._is_doing:
                return
            steps = self.steps
        state = run.control_state
        values = dict(state.values)
        action = state.asked if state.asked in ("pause", "stop") else "set"
        if action == "set" and values == self._proposed_values:
            return
        rate = steps / max(0.001, time.monotonic() - self._began)
        ahead = 2 + int(rate * AHEAD_SECONDS * self._factor)
        self._proposed_values = values
        self._proposed = Proposal(self._next, steps + ahead, action, values)
        told = {"at": self._proposed.at, "action": action, "values": values}
        self._store.set(f"{_PREFIX}{self._next}", json.dumps(told))

    def _read(self, key: str) -> Optional[str]:
        if not self._store.check([key]):
            return None
        return bytes(self._store.get(key)).decode()
