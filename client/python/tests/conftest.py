"""What the tests share: a server, a folder for spools, and programs that run under the launcher."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, Callable, Iterator, List

import pytest

from support.server import Server

pytest_plugins = ["support.frameworks"]

PACKAGE = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))


@pytest.fixture
def server(tmp_path: Any) -> Iterator[Server]:
    own = Server(str(tmp_path / "data"))
    yield own
    own.close()


@pytest.fixture
def environment(server: Server, tmp_path: Any) -> Any:
    """For programs that tell this server."""
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("PENTACHORON_")},
        "PENTACHORON_URL": server.url,
        "PENTACHORON_DIR": str(tmp_path / "spool"),
        "PYTHONPATH": PACKAGE,
        "OMP_NUM_THREADS": "1",
    }


Program = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def program(environment: Any, tmp_path: Any) -> Iterator[Program]:
    """Starts a script, under the launcher unless told otherwise; what still runs at the end is killed."""
    started: List["subprocess.Popen[str]"] = []

    def start(script: str, *flags: str, launched: bool = True, arguments: Any = ()) -> "subprocess.Popen[str]":
        path = tmp_path / "script.py"
        path.write_text(script)
        command = [sys.executable, *(["-m", "pentachoron", *flags] if launched else []), str(path), *arguments]
        process = subprocess.Popen(
            command, env=environment, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
