"""Says which frameworks were tested in which version, and which were not there. A pytest plugin.

``PENTACHORON_TEST_REQUIRE=torch,transformers`` makes a test fail that finds one of these missing.
"""

from __future__ import annotations

import importlib
import os
from importlib import metadata
from typing import Any

import pytest

tested: dict[str, str] = {}
missing: dict[str, str] = {}


def _need(*names: str) -> Any:
    """Imports modules for a test and answers the first; skips, or fails, where one is not there."""
    modules = []
    lacking: dict[str, str] = {}
    for name in names:
        top = name.partition(".")[0]
        try:
            modules.append(importlib.import_module(name))
            tested[top] = metadata.version(top)
        except metadata.PackageNotFoundError:
            tested[top] = str(getattr(modules[-1], "__version__", "of unknown version"))
        except ImportError as error:
            lacking[top] = str(error)
    if lacking:
        absent(lacking)
    return modules[0]


def absent(lacking: dict[str, str]) -> None:
    """Ends a test for want of frameworks: as skipped, or as failed where one has to be there."""
    missing.update(lacking)
    required = os.environ.get("PENTACHORON_TEST_REQUIRE", "").replace(" ", "").split(",")
    message = "; ".join(f"{name} is not there: {why}" for name, why in lacking.items())
    if any(name in required for name in lacking):
        pytest.fail(message + " (PENTACHORON_TEST_REQUIRE)")
    pytest.skip(message)


def pytest_sessionfinish(session: Any) -> None:
    """What a process of pytest-xdist has tried, the one that began it says."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["frameworks"] = (tested, missing)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    of_worker = getattr(node, "workeroutput", {}).get("frameworks", ({}, {}))
    tested.update(of_worker[0])
    missing.update(of_worker[1])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.section("frameworks")
    for name, version in sorted(tested.items()):
        terminalreporter.line(f"tested with {name} {version}")
    for name, why in sorted(missing.items()):
        terminalreporter.line(f"NOT tested: {name} ({why})")


@pytest.fixture
def need() -> Any:
    """The function by which a test asks for the frameworks it needs."""
    return _need


@pytest.fixture
def recording() -> Any:
    """A recording session that integrations speak to for the time of a test."""
    from pentachoron import _warn
    from pentachoron.integrations import _link

    from .recording import RecordingSession

    session = RecordingSession()
    _link.use(session)
    _warn._told.clear()
    yield session
    _link.use(None)


@pytest.fixture
def stand_in_wandb(recording: Any) -> Any:
    """The stand-in for W&B, whether W&B is installed or not, put away afterwards."""
    import sys

    from pentachoron.integrations import _stand_in, _wandb_module, wandb

    held = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "wandb"}
    for name in held:
        del sys.modules[name]
    wandb.install("off")
    yield importlib.import_module("wandb")
    if _wandb_module._run is not None:
        _wandb_module._run.finish()
    _stand_in.forget_all()
    sys.modules.update(held)
