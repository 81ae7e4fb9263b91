"""Sends a spool to the server, in order, until all of it is stored there.

The server counts each writer's frames, lines and states, so that what is sent twice is stored once. After any doubt
(an answer that was lost, another server in the old one's place) the run is opened again by the same request id, which
names the same writer, and each kind goes on from where the server says that it is.
"""

from __future__ import annotations

import json
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from ._http import Connection, Unreachable, message_of, next_seq_of
from ._spool import Entry, Spool
from ._warn import warn_once

#: How many bytes are read at once: a request may have a megabyte.
BATCH_BYTES = 512 * 1024
#: Entries wait at most so long for others to share a request.
BATCH_SECONDS = 0.2
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

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
    ) -> None:
        """``answered`` hears what the server asks of the program; ``before`` runs before each round, to add to the
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
        self._wake = threading.Event()
        self._is_ending = False
        self._thread = threading.Thread(target=self._work, name="pentachoron-sender", daemon=True)
        self.done = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def hurry(self) -> None:
        """Sends what there is without waiting for more."""
        self._wake.set()

    def end(self, seconds: float) -> bool:
        """Waits until all is stored, at most so long; answers whether it is."""
        self._is_ending = True
        self._wake.set()
        return self.done.wait(seconds) and self.refusal is None

    def _work(self) -> None:
        failures = 0
        while not self.done.is_set():
            self._wake.wait(BATCH_SECONDS)
            self._wake.clear()
            try:
                self._before()
                self.spool.sync()
                more = self._round()
                failures = 0
                while more:
                    more = self._round()
                if self._is_ending and not self._round():
                    self.done.set()
            except Unreachable as error:
                if self._opening is None or failures == 2:
                    warn_once("unreachable", f"the server at {self.url} does not answer ({error}); nothing is lost")
                self.ingest_token = None
                self._pause(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
                failures += 1
            except _Refused as refused:
                self.refusal = str(refused)
                warn_once(f"refused:{self.spool.path}", f"{refused}; it stays in {self.spool.path}")
                self.done.set()
            except Exception as error:  # The training must not know of it.
                warn_once(f"sender:{error!r}", f"sending failed: {error!r}; it stays in {self.spool.path}")
                self._pause(RETRY_SECONDS[-1])
        self._connection.close()

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not (self._is_ending and self.done.is_set()):
            time.sleep(min(0.1, max(0.0, until - time.monotonic())))

    def _round(self) -> bool:
        """Sends one batch; answers whether there may be more."""
        entries, end = self.spool.read(self._offset, BATCH_BYTES)
        if not entries:
            return False
        if self._opening is None:
            self._opening = entries[0][0]
        if self.ingest_token is None:
            self._open()
        for kind, batch in _grouped([entry for entry, _ in entries]):
            if kind != "open":
                self._send(kind, batch)
        self._offset = end
        return True

    def _open(self) -> None:
        assert self._opening is not None
        status, answer = self._connection.ask("POST", "/api/runs", self._opening["request"], self._token)
        if status in (429, 503) or status >= 500:
            raise Unreachable(message_of(answer))
        if status != 201:
            raise _Refused(f"the server does not take the run: {message_of(answer)}")
        self.run_id = answer["id"]
        self.ingest_token = answer["ingestToken"]
        self._stored = {"frame": answer["nextSeq"]}

    def _send(self, kind: str, batch: List[Entry]) -> None:
        stored = self._stored.get(kind, 0)
        if kind == "frame":
            rows = [_without_kind(entry) for entry in batch if entry["seq"] >= stored]
            for part in _parts(rows):
                self._deliver(kind, part, part[0]["seq"] + len(part))
        elif kind == "output":
            for entry in batch:
                if entry["seq"] + len(entry["lines"]) > stored:
                    self._deliver(kind, _without_kind(entry), entry["seq"] + len(entry["lines"]))
        elif kind == "state":
            for entry in batch:
                if entry["seq"] >= stored:
                    self._deliver(kind, _without_kind(entry), entry["seq"] + 1)
        else:
            merged: Dict[str, Any] = {}
            for entry in batch:
                for name, value in entry["change"].items():
                    both = isinstance(value, dict) and isinstance(merged.get(name), dict)
                    merged[name] = {**merged[name], **value} if both else value
            self._ask("PATCH", "", merged)

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
        if status not in (200, 409):
            raise _Refused(f"the server refused a part of the run: {message_of(answer)}")
        return status, answer


class _Refused(Exception):
    pass


def _without_kind(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name != "kind"}


def _grouped(entries: List[Entry]) -> List[Tuple[str, List[Entry]]]:
    """Neighbours of one kind together, in order."""
    groups: List[Tuple[str, List[Entry]]] = []
    for entry in entries:
        if groups and groups[-1][0] == entry["kind"]:
            groups[-1][1].append(entry)
        else:
            groups.append((entry["kind"], [entry]))
    return groups


def _parts(rows: List[Entry]) -> List[List[Entry]]:
    """Of frames as many as fit into a request."""
    parts: List[List[Entry]] = []
    size = BATCH_BYTES + 1
    for row in rows:
        length = len(json.dumps(row)) + 2
        if size + length > BATCH_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(row)
        size += length
    return parts
