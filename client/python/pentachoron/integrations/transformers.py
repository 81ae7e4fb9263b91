"""The callback for Hugging Face's Trainer: what it logs, its steps, pause, checkpoint and stop.

Under the launcher a Trainer has it already. Import this module where transformers is installed.
"""

from __future__ import annotations

import weakref
from typing import Any

from transformers import TrainerCallback

from . import _link
from ._logged import numbers

# These loggers' words are heard where they are said, under the launcher.
_HEARD = frozenset(("WandbCallback", "TrackioCallback", "TensorBoardCallback"))

# What the Trainer says once, at the end, of the whole training.
_AT_THE_END = frozenset(
    ("train_runtime", "train_samples_per_second", "train_steps_per_second", "train_loss", "total_flos")
)


class PentachoronCallback(TrainerCallback):  # type: ignore[misc]
    """Tells a Trainer's loss, learning rate, gradient norm and evaluations, and obeys the page.

    ``Trainer(..., callbacks=[PentachoronCallback()])``; the x axis is the global step.
    """

    def __init__(self) -> None:
        self._trainer: Any | None = None
        self._stop = False
        self._save = False

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        """Begins the run, or describes the one that is there."""
        if not state.is_world_process_zero:
            return
        self._stop = self._save = False
        name = getattr(args, "run_name", None)
        if name == getattr(args, "output_dir", None):
            name = None
        _link.begin_soft("transformers", name=name, total=state.max_steps)
        _link.describe(total=state.max_steps)
        _link.config(_config(args, model))
        _link.on_stop(self._asked_to_stop)
        _link.on_checkpoint(self._asked_to_save)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
        """Pauses here; ends the training the Trainer's own way where somebody asked for a stop."""
        _link.step_boundary()
        if self._save:
            self._save = False
            control.should_save = True
        if self._stop or _link.stop_requested():
            control.should_training_stop = True
        return control

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        """Sends what the Trainer logs, named as its own loggers name it."""
        if not state.is_world_process_zero or not logs or self._told_elsewhere():
            return
        found, _ = numbers(logs, "transformers")
        _link.summary({name: value for name, value in found.items() if name in _AT_THE_END})
        values = {_named(name): value for name, value in found.items() if name not in _AT_THE_END}
        if values:
            _link.log("transformers", values, state.global_step)

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Takes the handlers back; the run stays for evaluations that follow."""
        _link.on_stop(None)
        _link.on_checkpoint(None)

    def _asked_to_stop(self) -> None:
        self._stop = True

    def _asked_to_save(self) -> None:
        self._save = True

    def _told_elsewhere(self) -> bool:
        from . import installed

        trainer = self._trainer() if self._trainer is not None else None
        if trainer is None or not installed():
            return False
        return any(type(callback).__name__ in _HEARD for callback in trainer.callback_handler.callbacks)


def add_to(trainer: Any) -> None:
    """Gives a Trainer the callback, unless the script did."""
    callbacks = trainer.callback_handler.callbacks
    ours = next((callback for callback in callbacks if isinstance(callback, PentachoronCallback)), None)
    if ours is None:
        ours = PentachoronCallback()
        trainer.add_callback(ours)
    ours._trainer = weakref.ref(trainer)


def _named(name: str) -> str:
    for part in ("eval", "test"):
        if name.startswith(f"{part}_"):
            return f"{part}/{name[len(part) + 1 :]}"
    return f"train/{name}"


def _config(args: Any, model: Any) -> dict[str, Any]:
    of_model = getattr(model, "config", None)
    to_dict = getattr(of_model, "to_dict", None)
    found: dict[str, Any] = dict(to_dict()) if callable(to_dict) else {}
    found.update(args.to_dict())
    # Its hub tokens are masked by to_dict already; what is not set says nothing.
    return {name: value for name, value in found.items() if value is not None and "token" not in name.split("_")}
