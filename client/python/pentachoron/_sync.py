"""``python -m pentachoron sync DIR``: sends what a machine without a network, or a killed program, left in its spools."""

from __future__ import annotations

import os
import sys
from typing import List, Optional

from ._run import DEFAULT_URL
from ._sender import Sender
from ._spool import InUse, Spool, spools_in


def sync(folder: str, url: Optional[str] = None, token: Optional[str] = None, seconds: float = 60.0) -> int:
    """Answers the exit code: 0 if all is stored, 1 if something is left, 2 if there is no such folder."""
    url = url or os.environ.get("PENTACHORON_URL") or DEFAULT_URL
    token = token or os.environ.get("PENTACHORON_TOKEN")
    if not os.path.exists(folder):
        _say(f"there is no {folder}")
        return 2
    paths = list(spools_in(folder))
    left: List[str] = []
    for path in paths:
        try:
            spool = Spool(path)
        except InUse:
            left.append(path)
            _say(f"left {path}: its program still runs, and sends it")
            continue
        sender = Sender(spool, url, token)
        sender.start()
        if sender.end(seconds):
            spool.close(remove=True)
            _say(f"sent {sender.run_id or os.path.basename(path)}")
        else:
            spool.close()
            left.append(path)
            _say(f"left {path}: {sender.refusal or f'the server at {url} did not take it in {seconds:.0f} s'}")
    _say(f"{len(paths) - len(left)} of {len(paths)} sent")
    return 1 if left else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr)
