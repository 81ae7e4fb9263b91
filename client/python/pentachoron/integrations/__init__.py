"""How other libraries' words reach a run: one module a library, none of which imports it first."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from ._warn import guarded

#: Each has ``install(session, **options)``, if it is there.
MODULES = ("wandb", "trackio", "tensorboard", "transformers", "lightning", "accelerate", "keras")


def install(session: Any, **options: Any) -> None:
    """Makes ready for what a script may import; ``options``: ``wandb`` is auto, both or off."""
    for name in MODULES:
        if importlib.util.find_spec(f"{__name__}.{name}") is not None:
            guarded(lambda: importlib.import_module(f"{__name__}.{name}").install(session, **options))
