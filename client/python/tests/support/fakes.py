"""Fixtures for tests against the fake server: programs that run against it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any, Callable

import pytest
from .fake_server import FakeServer

PACKAGE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    own = FakeServer()
    yield own
    own.kill()
    assert own.violations == []


@pytest.fixture
def settings(fake: FakeServer, tmp_path: Any) -> dict[str, str]:
    """The environment of programs that tell the fake server."""
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("PENTACHORON_")},
        "PENTACHORON_URL": fake.url,
        "PENTACHORON_DIR": str(tmp_path / "spool"),
        "PYTHONPATH": PACKAGE,
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.fixture
def start(settings: dict[str, str], tmp_path: Any) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts a script, under the launcher unless told otherwise; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(script: str, *flags: str, launched: bool = True, arguments: Any = (), **more: str) -> Any:
        path = tmp_path / "script.py"
        path.write_text(textwrap.dedent(script))
        command = [sys.executable, *(["-m", "pentachoron", *flags] if launched else []), str(path), *arguments]
        process = subprocess.Popen(
            command,
            env={**settings, **more},
            cwd=tmp_path,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
