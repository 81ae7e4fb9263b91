"""What is to be sent of one run, in a file: written before it is sent, and there until it is stored elsewhere.

One line of JSON an entry, in the order in which they are to arrive. The training writes, a thread reads. A write that
was cut off by a kill leaves a last line without its end, which is passed over. Such a kill loses nothing that was
written: that takes the loss of power, against which the file is synced once a second.

A frame is there from its first value on: what is put to it later follows as ``more`` with its number, and it is
complete once it says so (``whole``), a later frame or a ``close`` follows, or nobody writes any more.
"""

from __future__ import annotations

import json
import os
import threading
import time
from typing import Any, Dict, Iterator, List, Optional, Tuple

try:
    import fcntl
except ImportError:  # Windows has no such lock; there a spool in use cannot be removed anyway.
    fcntl = None  # type: ignore[assignment]

Entry = Dict[str, Any]

#: Entries are {"kind": "open" | "frame" | "more" | "close" | "output" | "state" | "patch", ...}
SUFFIX = ".jsonl"
SYNC_SECONDS = 1.0
#: Made once: ``json.dumps`` makes one at each call.
_encoded = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=str).encode


class InUse(Exception):
    """Another process writes this spool, and sends it."""


class Spool:
    """The file of one writer. Entries of a kind that is counted get their number here, from 0."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        if fcntl is not None:
            try:
                # It goes with the process, however that ends.
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(self._fd)
                raise InUse(f"{path} is in use") from None
            except OSError:
                pass  # Some network file systems have no locks.
        self._synced_at = 0.0
        self._lock = threading.Lock()
        self._counts: Dict[str, int] = {"frame": 0, "output": 0, "state": 0}
        self._dirty = False
        #: Why nothing can be written any more, once that is so.
        self.trouble: Optional[OSError] = None

    def append(self, kind: str, count: int = 1, **fields: Any) -> int:
        """Adds an entry and answers its number, if its kind has one, else −1.

        ``count``: how many numbers it takes, as lines of output are counted one by one.
        """
        with self._lock:
            if self.trouble is not None:
                return -1
            entry: Entry = {"kind": kind}
            if kind in self._counts:
                entry["seq"] = self._counts[kind]
            entry.update(fields)
            line = _encoded(entry).encode() + b"\n"
            try:
                written = os.write(self._fd, line)
                if written < len(line):
                    raise OSError(f"only {written} of {len(line)} bytes could be written to {self.path}")
            except OSError as error:
                self.trouble = error
                raise
            self._dirty = True
            if kind not in self._counts:
                return -1
            self._counts[kind] += count
            return int(entry["seq"])

    def sync(self) -> None:
        """Makes sure that what was written survives a loss of power; at most once a second."""
        now = time.monotonic()
        if self._dirty and self.trouble is None and now - self._synced_at >= SYNC_SECONDS:
            self._dirty = False
            self._synced_at = now
            try:
                os.fsync(self._fd)
            except OSError:
                pass

    def read(self, offset: int, limit: int) -> Tuple[List[Tuple[Entry, int]], int]:
        """Entries from the byte ``offset`` on, each with the offset after it, about ``limit`` bytes of them.

        Answers them with the offset up to which they go. Whole lines only.
        """
        with open(self.path, "rb") as file:
            file.seek(offset)
            data = file.read(limit)
            end = data.rfind(b"\n")
            if end == -1 and len(data) == limit:
                data += file.readline()
                end = data.rfind(b"\n")
        entries: List[Tuple[Entry, int]] = []
        for line in data[: end + 1].splitlines(keepends=True):
            offset += len(line)
            try:
                entries.append((json.loads(line), offset))
            except ValueError:
                # Half a line that another process went on after.
                continue
        return entries, offset

    def size(self) -> int:
        """In bytes."""
        return os.path.getsize(self.path) if os.path.exists(self.path) else 0

    def close(self, *, remove: bool = False) -> None:
        with self._lock:
            if self._fd >= 0:
                self._synced_at = 0.0
                self.sync()
                os.close(self._fd)
                self._fd = -1
                self.trouble = OSError("the spool is closed")
        if remove:
            try:
                os.unlink(self.path)
            except OSError:
                pass


def spools_in(folder: str) -> Iterator[str]:
    """Paths of the spools in a folder, oldest first."""
    if os.path.isfile(folder):
        yield folder
        return
    names = [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(SUFFIX)]
    yield from sorted(names, key=os.path.getmtime)
