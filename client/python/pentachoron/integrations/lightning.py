"""The Logger and the Callback for Lightning: what modules log, pause, checkpoint and stop.

Under the launcher a Trainer has the callback already, and what it logs is heard without a logger.
Import this module where Lightning is installed, as ``lightning`` or ``pytorch_lightning``.
"""

from __future__ import annotations

import importlib
import sys
from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from . import _link
from ._lightning_hooks import callback_class
from ._logged import mapping, numbers

# The two names of Lightning have classes of their own, and a Trainer takes only those of its name.
_NAME = (
    "pytorch_lightning"
    if "pytorch_lightning" in sys.modules and "lightning.pytorch" not in sys.modules
    else "lightning.pytorch"
)
Logger: Any = importlib.import_module(f"{_NAME}.loggers.logger").Logger
rank_zero_only: Any = importlib.import_module(f"{_NAME}.utilities.rank_zero").rank_zero_only

PentachoronCallback = callback_class(_NAME)


class PentachoronLogger(Logger):  # type: ignore[misc]
    """``Trainer(logger=PentachoronLogger(project="p", name="n"))``; x is the Trainer's global step.

    :param init: any argument of ``pentachoron.init``.
    """

    def __init__(self, project: str | None = None, name: str | None = None, **init: Any) -> None:
        super().__init__()
        self._init: dict[str, Any] = {"project": project, "name": name, **init}
        self._run: Any | None = None

    @property
    def experiment(self) -> Any:
        """The run, begun when first asked for; None on other ranks than the first."""
        if self._run is None and rank_zero_only.rank == 0:
            self._run = _link.begin("lightning", **self._init)
        return self._run

    @property
    def name(self) -> str | None:
        """The project's name, as Lightning understands it."""
        return self._init.get("project") or "pentachoron"

    @property
    def version(self) -> int | str | None:
        """The run's id, once it has begun."""
        return getattr(self._run, "id", None) or self._init.get("id")

    @rank_zero_only  # type: ignore[untyped-decorator]
    def log_hyperparams(self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any) -> None:
        """Adds to the run's config."""
        if self.experiment is not None:
            _link.config(mapping(params))

    @rank_zero_only  # type: ignore[untyped-decorator]
    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Sends numbers at a step."""
        if self.experiment is not None:
            values, _ = numbers(metrics, "lightning", "/")
            _link.log("lightning", values, step)

    @rank_zero_only  # type: ignore[untyped-decorator]
    def finalize(self, status: str) -> None:
        """Says how a failed training ended; a run that went well stays open for tests that follow."""
        if self._run is not None and status not in ("success", "finished"):
            _link.finish("lightning", 1)
            self._run = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_run": None}
