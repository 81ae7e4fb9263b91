"""The callback for Keras 3: ``model.fit(..., callbacks=[PentachoronCallback()])``.

Under the launcher ``fit`` has it already. Import this module where Keras is installed.
"""

from __future__ import annotations

from typing import Any

from keras.callbacks import Callback, CallbackList

from . import _link
from ._logged import numbers


class PentachoronCallback(Callback):  # type: ignore[misc]
    """Tells each batch's and each epoch's metrics; pause and stop take hold after a batch.

    Steps are batches of training, counted over the epochs; those of an epoch are named ``epoch/…``,
    its evaluation's ``val/…``.

    :param every: how many batches lie between two that are told.
    """

    def __init__(self, every: int = 1) -> None:
        super().__init__()
        self._every = max(1, every)
        self._step = 0
        self._stop = False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Begins the run, or describes the one that is there."""
        self._stop, self._step = False, 0
        epochs, steps = (self.params or {}).get("epochs"), (self.params or {}).get("steps")
        total = epochs * steps if epochs and steps else None
        _link.begin_soft("keras", name=getattr(self.model, "name", None), total=total)
        _link.describe(total=total)
        _link.config(_config(self.model, self.params or {}))
        _link.on_stop(self._asked_to_stop)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Sends the batch's metrics and obeys the page."""
        self._step += 1
        if self._step % self._every == 0:
            values, _ = numbers(logs or {}, "keras")
            _link.log("keras", values, self._step)
        _link.step_boundary()
        if self._stop or _link.stop_requested():
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Sends the epoch's metrics at the step at which it ended."""
        values, _ = numbers(logs or {}, "keras")
        named = {
            f"val/{name[4:]}" if name.startswith("val_") else f"epoch/{name}": value for name, value in values.items()
        }
        _link.log("keras", {**named, "epoch": epoch + 1}, self._step)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Takes the handler back; the run stays for evaluations that follow."""
        _link.on_stop(None)

    def _asked_to_stop(self) -> None:
        self._stop = True


def with_ours(callbacks: Any) -> Any:
    """A fit's callbacks with ours behind them, unless it is among them."""
    if isinstance(callbacks, CallbackList):
        if not any(isinstance(callback, PentachoronCallback) for callback in callbacks.callbacks):
            callbacks.append(PentachoronCallback())
        return callbacks
    given: list[Any] = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks] if callbacks else []
    if any(isinstance(callback, PentachoronCallback) for callback in given):
        return given
    return [*given, PentachoronCallback()]


def _config(model: Any, params: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: value for name, value in params.items() if name in ("epochs", "steps")}
    optimizer = getattr(model, "optimizer", None)
    get_config = getattr(optimizer, "get_config", None)
    if callable(get_config):
        found["optimizer"] = get_config()
    count = getattr(model, "count_params", None)
    if callable(count) and getattr(model, "built", False):
        found["parameters"] = count()
    return found
