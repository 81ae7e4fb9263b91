"""How other libraries' words reach a run: one module a library, none of which imports it first."""

from __future__ import annotations


def install(wandb: str = "auto") -> None:
    """Prepares for the imports of all libraries that are heard. Imports none of them.

    :param wandb: what is done about W&B, see ``integrations.wandb``.
    """
    from . import wandb as own_wandb
    from . import trackio

    own_wandb.install(wandb)
    trackio.install()
