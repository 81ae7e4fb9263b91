"""What a program prints, told beside where it goes: the streams stay what they were, byte by byte.

Progress bars rewrite their line many times a second; of these the last state is told.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import Any, Callable, Dict, List, Optional

from ._values import cut

Line = Dict[str, Any]
MAX_LINE = 10_000
#: What is printed after a training is kept so long for the next one.
BETWEEN_SECONDS = 3.0
#: A line that is rewritten is told at most so often.
REWRITE_SECONDS = 1.0


class Tee:
    """Stands in for ``sys.stdout`` or ``sys.stderr``: writes on, and keeps whole lines for the run."""

    def __init__(self, stream: Any, name: str, tell: Callable[[List[Line]], None]) -> None:
        self._stream = stream
        self._name = name
        self._tell = tell
        self._rest = ""
        self._rewritten_at = 0.0
        self._rewritten: Optional[str] = None
        self._guard = threading.local()

    def write(self, text: str) -> Any:
        written = self._stream.write(text)
        # What is written while telling, as a warning of ours, is not told again.
        if not getattr(self._guard, "busy", False):
            self._guard.busy = True
            try:
                self._take(text)
            except Exception:
                pass
            finally:
                self._guard.busy = False
        return written

    def _take(self, text: str) -> None:
        if "\n" not in text and "\r" not in text and len(self._rest) < MAX_LINE:
            self._rest += text
            return
        lines = (self._rest + text).split("\n")
        self._rest = lines.pop()
        told: List[Line] = []
        for line in lines:
            shown = line.rstrip("\r").rsplit("\r", 1)[-1]
            # The last state of a line that was rewritten may have been told before it ended.
            if shown != self._rewritten:
                told.append(self._line(shown))
            self._rewritten = None
        now = time.monotonic()
        if "\r" in self._rest:
            state = self._rest.rstrip("\r").rsplit("\r", 1)[-1]
            self._rest = self._rest.rsplit("\r", 1)[-1] or state
            if now - self._rewritten_at >= REWRITE_SECONDS and state.strip():
                self._rewritten_at = now
                self._rewritten = state
                told.append(self._line(state))
        if told:
            self._tell(told)

    def _line(self, text: str) -> Line:
        return {"text": cut(text, MAX_LINE), "stream": self._name, "at": int(time.time() * 1000)}

    def finish(self) -> None:
        """Tells what has no line end yet."""
        rest, self._rest = self._rest, ""
        if rest.strip():
            self._tell([self._line(rest)])

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Any:
        return iter(self._stream)


class Teed:
    """Both streams of the process, told to whichever run is the present one; before there is one they are kept."""

    def __init__(self, current: Callable[[], Any]) -> None:
        self._current = current
        self._early: List[Line] = []
        self._early_since = 0.0
        self._tees = [Tee(sys.stdout, "stdout", self._tell), Tee(sys.stderr, "stderr", self._tell)]

    def begin(self) -> None:
        sys.stdout, sys.stderr = self._tees

    def _tell(self, lines: List[Line]) -> None:
        run = self._current()
        if run is None or self._is_kept(run):
            if not self._early:
                self._early_since = time.monotonic()
            self._early = [*self._early, *lines][-10_000:]
            return
        run.output([*self._early, *lines])
        self._early = []

    def _is_kept(self, run: Any) -> bool:
        """Whether the training is over and the next one may begin at once: its heading is no longer this run's."""
        if not run.is_over:
            return False
        return not self._early or time.monotonic() - self._early_since < BETWEEN_SECONDS

    def begun(self, run: Any) -> None:
        """A run has begun: what was printed before it is its own."""
        early, self._early = self._early, []
        run.output(early)

    def end(self) -> None:
        for tee in self._tees:
            tee.finish()
        run = self._current()
        if run is not None:
            run.output(self._early)
            self._early = []
        if sys.stdout is self._tees[0]:
            sys.stdout = self._tees[0]._stream
        if sys.stderr is self._tees[1]:
            sys.stderr = self._tees[1]._stream
