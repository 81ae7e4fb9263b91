"""What is done with any Lightning Trainer, under either of the names that Lightning has."""

from __future__ import annotations

from typing import Any

from . import _link
from .._values import read_number
from ._logged import mapping, numbers

# These loggers' words are heard where they are said, under the launcher.
_HEARD = frozenset(("WandbLogger", "TensorBoardLogger", "TrackioLogger", "PentachoronLogger"))


class Hooks:
    """The methods of our callback, to be mixed into the Callback class of either Lightning."""

    _stop = False
    _save = False

    def on_fit_start(self, trainer: Any, pl_module: Any) -> None:
        """Begins the run, or describes the one that is there."""
        if not trainer.is_global_zero:
            return
        self._stop = self._save = False
        total = read_number(trainer.estimated_stepping_batches)
        total = int(total) if total is not None and 0 < total < 1e15 else None
        _link.begin_soft("lightning", name=type(pl_module).__name__, total=total)
        _link.describe(total=total)
        _link.config(mapping(getattr(pl_module, "hparams", None)))
        _link.on_stop(self._asked_to_stop)
        _link.on_checkpoint(self._asked_to_save)

    def on_train_batch_end(self, trainer: Any, pl_module: Any, *args: Any, **kwargs: Any) -> None:
        """Pauses here; ends the training Lightning's own way where somebody asked for a stop."""
        _link.step_boundary()
        if self._save:
            self._save = False
            _save(trainer)
        if self._stop or _link.stop_requested():
            trainer.should_stop = True

    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        """Takes the handlers back; the run stays for tests that follow."""
        _link.on_stop(None)
        _link.on_checkpoint(None)

    def _asked_to_stop(self) -> None:
        self._stop = True

    def _asked_to_save(self) -> None:
        self._save = True


def _save(trainer: Any) -> None:
    checkpoint = getattr(trainer, "checkpoint_callback", None)
    folder = getattr(checkpoint, "dirpath", None) or trainer.default_root_dir
    path = f"{folder}/pentachoron-step={trainer.global_step}.ckpt"
    trainer.save_checkpoint(path)
    _link.note(f"checkpoint {path}")


_classes: dict[str, type[Any]] = {}


def callback_class(name: str) -> type[Any]:
    """Our callback, derived from the Callback of ``lightning.pytorch`` or of ``pytorch_lightning``."""
    if name not in _classes:
        import importlib

        base: Any = importlib.import_module(f"{name}.callbacks").Callback
        _classes[name] = type("PentachoronCallback", (Hooks, base), {"__doc__": Hooks.__doc__})
    return _classes[name]


def add_to(trainer: Any, name: str) -> None:
    """Gives a Trainer the callback, unless the script did."""
    # Its tuner and sanity checks copy callbacks by the list, which is the Trainer's own to order.
    if not any(isinstance(callback, Hooks) for callback in trainer.callbacks):
        trainer.callbacks.append(callback_class(name)())


def heard(trainer: Any, metrics: Any, step: int | None) -> None:
    """Sends what a Trainer logs, where none of its loggers is heard; adding one would move its files."""
    if not metrics or not trainer.is_global_zero:
        return
    if any(type(logger).__name__ in _HEARD for logger in trainer.loggers):
        return
    values, _ = numbers(metrics, "lightning", "/")
    if step is None:
        named = values.pop("step", None)
        step = int(named) if named is not None else trainer.fit_loop.epoch_loop._batches_that_stepped
        values.setdefault("epoch", trainer.current_epoch)
    _link.log("lightning", values, step)
