"""The tracker for Accelerate: ``Accelerator(log_with=PentachoronTracker("name"))``.

Import this module where Accelerate is installed.
"""

from __future__ import annotations

from typing import Any

from accelerate.tracking import GeneralTracker, on_main_process

from . import _link
from ._logged import numbers


class PentachoronTracker(GeneralTracker):  # type: ignore[misc]
    """Sends what ``accelerator.log`` is given; a pause or a stop takes hold there.

    :param run_name: the run's name.
    :param init: any other argument of ``pentachoron.init``.
    """

    name = "pentachoron"
    requires_logging_directory = False
    main_process_only = False

    def __init__(self, run_name: str | None = None, **init: Any) -> None:
        super().__init__()
        self._init: dict[str, Any] = {"name": run_name, **init}
        self._run: Any | None = None

    @property
    def tracker(self) -> Any:
        """The run, or None before it begins and on other processes than the main one."""
        return self._run

    @on_main_process  # type: ignore[untyped-decorator]
    def start(self) -> None:
        """Begins the run; Accelerate calls this from ``init_trackers`` where it is of that version."""
        if self._run is None:
            self._run = _link.begin("accelerate", **self._init)

    @on_main_process  # type: ignore[untyped-decorator]
    def store_init_configuration(self, values: dict[str, Any]) -> None:
        """Adds to the run's config."""
        self.start()
        _link.config(values)

    @on_main_process  # type: ignore[untyped-decorator]
    def log(self, values: dict[str, Any], step: int | None = None, **kwargs: Any) -> None:
        """Sends numbers at a step, nested ones by their path."""
        self.start()
        found, texts = numbers(values, "accelerate", "/")
        _link.summary(texts)
        _link.log("accelerate", found, step)
        _link.log_boundary()

    @on_main_process  # type: ignore[untyped-decorator]
    def finish(self) -> None:
        """Ends the run."""
        if self._run is not None:
            self._run = None
            _link.finish("accelerate")
