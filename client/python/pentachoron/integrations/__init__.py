"""What other loggers and frameworks tell, whichever of them a script uses."""

from __future__ import annotations

from typing import Any


def install(session: Any, *, wandb: str = "auto") -> None:
    """Makes ready for what the script will import."""
