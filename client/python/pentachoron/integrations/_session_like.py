"""What integrations ask of the process's session; whatever answers to this can be put in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, Protocol


class SessionLike(Protocol):
    """The session as integrations see it. ``begin`` answers the run that ``current`` then is."""

    current: Any | None
    """The run of the present training (with ``id``, ``name``, ``url``), or None."""

    stop_requested: bool
    """Whether a stop was asked for and has not ended the training yet."""

    def begin(self, source: str, **init: Any) -> Any:
        """Begins a run with arguments of ``pentachoron.init``; one begun by the hooks is described anew."""

    def log(
        self, data: Mapping[str, Any], step: float | None = None, commit: bool = True, source: str = "", at: float = 0.0
    ) -> None:
        """Takes numbers by name; without a step the training's own count; ``at`` in seconds since 1970."""

    def config(self, values: Mapping[str, Any]) -> None:
        """Adds to the config of the present run, or of the next where none has begun."""

    def summary(self, values: Mapping[str, Any]) -> None:
        """Adds to the summary, likewise."""

    def describe(self, **fields: Any) -> None:
        """Sets ``name``, ``notes``, ``tags`` or ``total``."""

    def note(self, text: str) -> None:
        """Writes a line into the run's log."""

    def watch(self, model: Any, every: int) -> None:
        """Measures the CV of a model's weight matrices every so many steps."""

    def finish(self, source: str, exit_code: int = 0) -> None:
        """Ends the present run."""

    def step_boundary(self, where: str = "step") -> None:
        """Pauses and stops here. ``where``: ``log`` (not under torch.distributed) or ``framework``
        (passed over where hooks see the optimizer's steps)."""

    def on_stop(self, handler: Callable[[], None] | None) -> None:
        """What a stop calls in place of raising ``Stopped``, in the training's thread."""

    def on_checkpoint(self, handler: Callable[[], None] | None) -> None:
        """What a wish for a checkpoint calls, in the training's thread."""
