"""What viewers ask of a program: a thread waits for it, the training looks at it between two steps."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Dict, Optional, Tuple

from ._http import Connection, Unreachable
from ._warn import warn_once

#: The server answers after so long at the latest, which also tells it that the program is alive.
WAIT_SECONDS = 20
RETRY_SECONDS = 1.0


class Control:
    """The newest that was asked, whichever way it came."""

    def __init__(self) -> None:
        self.asked = "run"
        self.values: Dict[str, Any] = {}
        self.checkpoints = 0
        self._version = 0
        self._changed = threading.Condition()
        #: Hears of every change, in the thread that brings it.
        self.heard: Callable[[], None] = lambda: None

    def take(self, answer: Dict[str, Any]) -> None:
        """Takes what an answer of the server says; an older one than was heard before is nothing new."""
        version = answer.get("version")
        if not isinstance(version, (int, float)):
            return
        with self._changed:
            if version < self._version:
                return
            self._version = int(version)
            self.asked = answer.get("control", "run")
            self.values = dict(answer.get("values") or {})
            self.checkpoints = int(answer.get("checkpoint") or 0)
            self._changed.notify_all()
        self.heard()

    @property
    def version(self) -> int:
        return self._version

    def wait(self, seconds: float) -> None:
        """Until something changes, at most so long. Signals are handled meanwhile."""
        with self._changed:
            self._changed.wait(seconds)


class Listener:
    """Waits at the server for what is asked, over a connection of its own."""

    def __init__(self, url: str, control: Control, access: Callable[[], Optional[Tuple[str, str]]]) -> None:
        """``access`` answers the run's id and its ingest token, or None while there is none."""
        self._url = url
        self._control = control
        self._access = access
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="pentachoron-control", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()

    def _listen(self) -> None:
        connection = Connection(self._url)
        while not self._is_over.is_set():
            access = self._access()
            if access is None:
                self._is_over.wait(0.1)
                continue
            run_id, token = access
            path = f"/api/runs/{run_id}/control?wait={WAIT_SECONDS}&after={self._control.version}"
            began = time.monotonic()
            try:
                status, answer = connection.ask("GET", path, token=token, timeout=WAIT_SECONDS + 10)
                if status == 200:
                    self._control.take(answer)
                    # A server that answers at once, for whatever reason, is not asked in a loop.
                    if time.monotonic() - began < 0.02:
                        self._is_over.wait(0.05)
                else:
                    self._is_over.wait(RETRY_SECONDS)
            except Unreachable:
                self._is_over.wait(RETRY_SECONDS)
            except Exception as error:
                warn_once("control", f"listening for commands failed: {error!r}")
                self._is_over.wait(10 * RETRY_SECONDS)
        connection.close()
