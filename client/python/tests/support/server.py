"""The real server, from the checkout that these tests stand in, on a port of its own. Ended by whoever started it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from typing import Any, Callable, Dict, List, Optional

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "..", ".."))


class Server:
    """One server over one data folder; it may be killed and started again at the same address."""

    def __init__(self, data: str) -> None:
        self.data = data
        self.port = 0
        self.process: Optional["subprocess.Popen[str]"] = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = ["node", os.path.join(ROOT, "server/bin.js"), "serve", "--port", str(self.port), "--data", self.data]
        self.process = subprocess.Popen(
            [*command, "--workers", "1"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        assert self.process.stderr is not None
        for line in self.process.stderr:
            found = re.search(r"live at http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found[1])
                return
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """As a power cut would: nothing is closed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process is not None and self.process.stderr is not None:
            self.process.stderr.close()

    def get(self, path: str, seconds: float = 10) -> Any:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=seconds) as response:
            return json.load(response)

    def post(self, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}{path}",
            json.dumps(body).encode() if body is not None else b"",
            {"Content-Type": "application/json"} if body is not None else {},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def runs(self) -> List[Dict[str, Any]]:
        return self.get("/api/runs")["runs"]  # type: ignore[no-any-return]

    def run(self, run_id: str) -> Dict[str, Any]:
        return self.get(f"/api/runs/{run_id}")  # type: ignore[no-any-return]

    def series(self, run_id: str, name: str) -> Dict[float, Any]:
        """By step, what is stored of a series; of a step that comes twice the last."""
        frames = self.get(f"/api/runs/{run_id}/frames")
        column = frames["columns"].index(name)
        return {row[0]: row[column] for row in frames["rows"] if row[column] is not None}

    def output(self, run_id: str) -> List[str]:
        return [line["text"] for line in self.get(f"/api/runs/{run_id}/output")["lines"]]


def until(condition: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Waits for a condition; answers what it answered. Fails when it does not come."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError("it did not come in time")
        time.sleep(0.05)
