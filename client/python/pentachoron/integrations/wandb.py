"""Hears what scripts log with W&B: beside it where it is installed, in its place where it is not.

``auto`` passes every call on to an installed W&B and stands in where there is none; ``both`` never
stands in, so that a script without W&B fails as it would in plain Python; ``off`` always stands
in, so that nothing goes to W&B.
"""

from __future__ import annotations

from types import ModuleType

from . import _wandb_module
from ._imports import when_imported
from ._stand_in import Source, stand_in

MODES = ("auto", "both", "off")


def install(mode: str = "auto") -> None:
    """Prepares for ``import wandb``, before which nothing is looked for.

    :raises ValueError: for a mode that is none of ``MODES``.
    """
    if mode not in MODES:
        raise ValueError(f"the mode for wandb is one of {', '.join(MODES)}, not {mode!r}")
    stand_in(
        Source(
            "wandb",
            _wandb_module.VERSION,
            _wandb_module.knows,
            _wandb_module.StandIn,
            _wandb_module.fill,
            mode,
        )
    )
    when_imported("wandb", _hear)


def _hear(module: ModuleType) -> None:
    # The stand-in speaks to the session itself.
    if not module.__dict__.get("_pentachoron_stand_in"):
        from . import _wandb_pass_on

        _wandb_pass_on.hear(module)
