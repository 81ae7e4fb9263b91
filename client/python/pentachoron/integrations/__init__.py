"""How other libraries' words reach a run: one module a library, none of which imports it first."""

from __future__ import annotations


def install(wandb: str = "auto") -> None:
    """Prepares for the imports of all libraries that are heard. Imports none of them.

    :param wandb: what is done about W&B, see ``integrations.wandb``.
    """
    from . import _frameworks, tensorboard, trackio
    from . import wandb as own_wandb

    own_wandb.install(wandb)
    trackio.install()
    tensorboard.install()
    _frameworks.install()
    global _installed
    _installed = True


_installed = False


def installed() -> bool:
    """Whether ``install`` was called, so that what scripts log elsewhere is heard there."""
    return _installed
