"""Sends a spool to the server, in order, until all of it is stored there.

The server counts each writer's frames, lines and states, so that what is sent twice is stored once. After any doubt
(an answer that was lost, another server in the old one's place) the run is opened again by the same request id, which
names the same writer, and each kind goes on from where the server says that it is.
"""

from __future__ import annotations

import json
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Tuple, TypeVar

from ._http import Connection, Unreachable, message_of, next_seq_of
from ._spool import Entry, Spool
from ._warn import warn_once

#: How many bytes are read at once: a request may have a megabyte.
BATCH_BYTES = 512 * 1024
#: Lines of output in one request.
MOST_LINES = 2000
#: Bytes of a description that go in one request.
MOST_DESCRIBED = 60_000
#: That a run is held back for the one before it to be opened.
ORDER_SECONDS = 3.0
#: Entries wait at most so long for others to share a request.
BATCH_SECONDS = 0.2
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)

_PART = {"frame": "frames", "output": "output", "state": "state"}


class Sender:
    """One thread for one spool."""

    def __init__(
        self,
        spool: Spool,
        url: str,
        token: Optional[str],
        *,
        answered: Optional[Callable[[Dict[str, Any]], None]] = None,
        before: Optional[Callable[[], None]] = None,
        after: Optional[Sender] = None,
    ) -> None:
        """``after``: of a run that is to be opened first, so that runs are listed as they began. ``answered`` hears what the server asks of the program; ``before`` runs before each round, to add to the
        spool what only a thread may wait for."""
        self.spool = spool
        self.url = url
        self.ingest_token: Optional[str] = None
        self.run_id: Optional[str] = None
        #: Why the server will not take this spool, once it has said so.
        self.refusal: Optional[str] = None
        self._token = token
        self._answered = answered or (lambda _answer: None)
        self._before = before or (lambda: None)
        self._connection = Connection(url)
        self._offset = 0
        self._opening: Optional[Entry] = None
        #: Of each kind how many the server has; those below are not sent again.
        self._stored: Dict[str, int] = {}
        #: Attempts since the server answered last.
        self.failures = 0
        self._wake = threading.Event()
        self._is_ending = False
        self._after = after
        #: Whether the server knows the run, or will not.
        self.opened = threading.Event()
        self._starting = threading.Lock()
        self.done = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._work, name="pentachoron-sender", daemon=True).start()

    def again(self) -> None:
        """Sends what was added after the end."""
        with self._starting:
            if self.done.is_set() and self.refusal is None:
                self.done.clear()
                self.start()

    def hurry(self) -> None:
        """Sends what there is without waiting for more."""
        self._wake.set()

    def end(self, seconds: float, offline: Optional[float] = None) -> bool:
        """Waits until all is stored; answers whether it is.

        At most so long without any progress; ``offline``: that it waits for a server that does not answer at all.
        """
        self._is_ending = True
        self._wake.set()
        began = progressed = time.monotonic()
        offset = self._offset
        # A server that was away before may be back: it is given up only for what it does from now on.
        self.failures = 0
        while not self.done.wait(max(0.0, min(0.1, seconds))):
            now = time.monotonic()
            if self._offset != offset:
                # What is on its way may take longer, but not for ever.
                offset, progressed = self._offset, min(now, began + 5 * seconds)
            is_offline = self.failures >= 3 and now - began >= (seconds if offline is None else offline)
            if is_offline or now - progressed >= seconds:
                return False
        if self.refusal is None and self._offset < self.spool.size():
            # Something was added just as the thread came to its end.
            self.again()
            return self.done.wait(seconds) and self.refusal is None
        return self.refusal is None

    def _work(self) -> None:
        while not self.done.is_set():
            self._wake.wait(BATCH_SECONDS)
            self._wake.clear()
            try:
                self._before()
                self.spool.sync()
                more = self._round()
                self.failures = 0
                while more:
                    more = self._round()
                if self._is_ending and not self._round():
                    self.done.set()
            except Unreachable as error:
                if self._opening is None or self.failures == 2:
                    warn_once("unreachable", f"the server at {self.url} does not answer ({error}); nothing is lost")
                self.ingest_token = None
                self._pause(RETRY_SECONDS[min(self.failures, len(RETRY_SECONDS) - 1)])
                self.failures += 1
            except _Refused as refused:
                self.refusal = str(refused)
                warn_once(f"refused:{self.spool.path}", f"{refused}; it stays in {self.spool.path}")
                self.opened.set()
                self.done.set()
            except Exception as error:  # The training must not know of it.
                warn_once(f"sender:{error!r}", f"sending failed: {error!r}; it stays in {self.spool.path}")
                self._pause(RETRY_SECONDS[-1])
        self._connection.close()

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(min(0.1, max(0.0, until - time.monotonic())))
            if self._is_ending:
                # Nobody waits long for the end.
                until = min(until, time.monotonic() + RETRY_SECONDS[0])

    def _round(self) -> bool:
        """Sends one batch; answers whether there may be more."""
        if self._opening is None:
            first, _end = self.spool.read(0, 1)
            if not first:
                return False
            self._opening = first[0][0]
        if self.ingest_token is None:
            self._open()
        entries, end = self._read()
        if end == self._offset:
            return False
        # Words about how the program stands come after all that was before them; what else there is shares requests.
        batch = _Batch()
        for entry in entries:
            if entry["kind"] == "state":
                self._send(batch)
                batch = _Batch()
                if entry["seq"] >= self._stored.get("state", 0):
                    self._deliver("state", _without_kind(entry), entry["seq"] + 1)
            else:
                batch.add(entry)
        self._send(batch)
        self._offset = end
        return True

    def _read(self) -> Tuple[List[Entry], int]:
        """Entries from where sending stands up to the last that is complete, and where they end."""
        limit = BATCH_BYTES
        while True:
            read, end = self.spool.read(self._offset, limit)
            is_all = end - self._offset < limit
            open_frame: Optional[Entry] = None
            entries: List[Entry] = []
            begins, at, count = 0, self._offset, 0
            for entry, after in read:
                kind = entry["kind"]
                if kind == "more":
                    if open_frame is not None and open_frame["seq"] == entry["seq"]:
                        open_frame["values"].update(entry["values"])
                elif kind == "close":
                    open_frame = None
                else:
                    if kind == "frame":
                        is_whole = entry.pop("whole", 0)
                        open_frame, begins, count = (None if is_whole else entry), at, len(entries)
                    entries.append(entry)
                at = after
            # Nobody adds to the last frame any more once the program has ended.
            if open_frame is None or (self._is_ending and is_all):
                return entries, end
            if count > 0 or is_all:
                return entries[:count], begins
            limit *= 2

    def _open(self) -> None:
        assert self._opening is not None
        if self._after is not None:
            self._after.opened.wait(ORDER_SECONDS)
            self._after = None
        request = self._opening["request"]
        status, answer = self._connection.ask("POST", "/api/runs", request, self._token)
        if status in (400, 413):
            # A run that is described badly is better than none.
            warn_once("described", f"the server does not take how the run is described: {message_of(answer)}")
            bare = {key: request[key] for key in ("id", "resume", "accepts", "requestId") if key in request}
            status, answer = self._connection.ask("POST", "/api/runs", bare, self._token)
        if status in (429, 503) or status >= 500:
            raise Unreachable(message_of(answer))
        if status != 201:
            raise _Refused(f"the server does not take the run: {message_of(answer)}")
        self.opened.set()
        self.run_id = answer["id"]
        self.ingest_token = answer["ingestToken"]
        stored = answer["nextSeq"]
        if stored < self._stored.get("frame", 0):
            # Another server, or the same with an older copy of its data: it is told everything again.
            self._offset = 0
            self._stored = {}
        self._stored["frame"] = stored

    def _send(self, batch: "_Batch") -> None:
        stored = self._stored.get("frame", 0)
        for rows in _parts([_without_kind(entry) for entry in batch.frames if entry["seq"] >= stored]):
            self._deliver_rows(rows)
        stored = self._stored.get("output", 0)
        for lines in _parts([line for line in batch.lines if line[0] >= stored], MOST_LINES):
            self._deliver_lines(lines)
        for change in _changes(batch.change):
            self._patch(change)

    def _deliver_rows(self, rows: List[Entry]) -> None:
        """A frame that the server does not take, for whatever reason, must not keep those after it from arriving."""
        try:
            self._deliver("frame", rows, rows[-1]["seq"] + 1)
        except _BadInput as error:
            if len(rows) > 1:
                middle = len(rows) // 2
                self._deliver_rows(rows[:middle])
                self._deliver_rows(rows[middle:])
                return
            warn_once("bad-frame", f"the server does not take a frame, which stays empty: {error}")
            self._deliver("frame", [{**rows[0], "values": {}}], rows[0]["seq"] + 1)

    def _deliver_lines(self, lines: List[Tuple[int, Any]]) -> None:
        first, last = lines[0][0], lines[-1][0]
        try:
            self._deliver("output", {"seq": first, "lines": [line for _seq, line in lines]}, last + 1)
        except _BadInput as error:
            warn_once("bad-output", f"the server does not take what was printed: {error}")
            self._deliver("output", {"seq": first, "lines": [""] * len(lines)}, last + 1)

    def _patch(self, change: Dict[str, Any]) -> None:
        try:
            self._ask("PATCH", "", change)
        except _BadInput as error:
            warn_once("bad-change", f"the server does not take a change of the run's {', '.join(change)}: {error}")

    def _deliver(self, kind: str, body: Any, end: int) -> None:
        status, answer = self._ask("POST", f"/{_PART[kind]}", body)
        if status == 409:
            lacking = next_seq_of(answer)
            if lacking is None:
                raise _Refused(message_of(answer))
            # Another server, or the same with an older copy of its data: it is told everything again.
            self._offset = 0
            self._stored = {kind: lacking}
            raise Unreachable("the server lacks what it had before")
        self._stored[kind] = max(end, answer.get("nextSeq", end))
        self._answered(answer)

    def _ask(self, method: str, part: str, body: Any) -> Tuple[int, Dict[str, Any]]:
        path = f"/api/runs/{self.run_id}{part}"
        status, answer = self._connection.ask(method, path, body, self.ingest_token)
        if status == 401:
            # The token was given anew, or the run is gone: opening it again tells which.
            self.ingest_token = None
            raise Unreachable(message_of(answer))
        if status in (429, 503) or status >= 500:
            raise Unreachable(message_of(answer))
        if status in (400, 413):
            raise _BadInput(message_of(answer))
        if status not in (200, 409):
            raise _Refused(f"the server refused a part of the run: {message_of(answer)}")
        return status, answer


class _Refused(Exception):
    """For good: the spool stays."""


class _BadInput(Exception):
    """Something in what was sent."""


class _Batch:
    """Entries between two words about how the program stands."""

    def __init__(self) -> None:
        self.frames: List[Entry] = []
        #: Each with its number.
        self.lines: List[Tuple[int, Any]] = []
        self.change: Dict[str, Any] = {}

    def add(self, entry: Entry) -> None:
        kind = entry["kind"]
        if kind == "frame":
            self.frames.append(entry)
        elif kind == "output":
            self.lines.extend(enumerate(entry["lines"], entry["seq"]))
        elif kind == "patch":
            for name, value in entry["change"].items():
                both = isinstance(value, dict) and isinstance(self.change.get(name), dict)
                self.change[name] = {**self.change[name], **value} if both else value


def _without_kind(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name != "kind"}


def _changes(change: Dict[str, Any]) -> List[Dict[str, Any]]:
    """A change of what is said of the run, in pieces that fit into a request each."""
    if not change or len(json.dumps(change)) <= MOST_DESCRIBED:
        return [change] if change else []
    if len(change) > 1:
        return [piece for name, value in change.items() for piece in _changes({name: value})]
    ((name, value),) = change.items()
    if not isinstance(value, dict) or len(value) < 2:
        return [change]
    items = list(value.items())
    halves = (items[: len(items) // 2], items[len(items) // 2 :])
    return [piece for half in halves for piece in _changes({name: dict(half)})]


Row = TypeVar("Row")


def _parts(rows: List[Row], most: int = 10_000) -> List[List[Row]]:
    """As many as fit into a request, each."""
    parts: List[List[Row]] = []
    size = BATCH_BYTES + 1
    for row in rows:
        length = len(json.dumps(row)) + 2
        if size + length > BATCH_BYTES or len(parts[-1]) >= most:
            parts.append([])
            size = 0
        parts[-1].append(row)
        size += length
    return parts
