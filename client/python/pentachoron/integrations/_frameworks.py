"""Gives the trainers of HF, Lightning and Keras our callback, once they have been imported.

This module is there before any of them; those that it loads then are made of their classes.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, Callable

from ._imports import marked, when_imported
from .._warn import guarded


def install() -> None:
    """Prepares for the imports of the frameworks."""
    when_imported("transformers.trainer", _transformers)
    for name in ("lightning.pytorch", "pytorch_lightning"):
        when_imported(f"{name}.trainer.trainer", functools.partial(_lightning, name))
        when_imported(
            f"{name}.trainer.connectors.logger_connector.logger_connector",
            functools.partial(_lightning_log, name),
        )
    # Keras 3 keeps its classes under keras.src and fits in a class per backend; tf.keras is Keras, too.
    for backend in ("torch", "jax", "tensorflow"):
        when_imported(f"keras.src.backend.{backend}.trainer", functools.partial(_keras, backend))


def _wrap(owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    original = getattr(owner, name, None)
    if original is None or marked(original):
        return
    wrapped = functools.wraps(original)(make(original))
    wrapped._pentachoron = True  # type: ignore[attr-defined]
    setattr(owner, name, wrapped)


def _after_init(then: Callable[[Any], None]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            guarded(then, self)

        return init

    return make


def _transformers(module: ModuleType) -> None:
    def add(trainer: Any) -> None:
        from .transformers import add_to

        add_to(trainer)

    _wrap(getattr(module, "Trainer", None), "__init__", _after_init(add))


def _lightning(name: str, module: ModuleType) -> None:
    def add(trainer: Any) -> None:
        from ._lightning_hooks import add_to

        add_to(trainer, name)

    _wrap(getattr(module, "Trainer", None), "__init__", _after_init(add))


def _lightning_log(name: str, module: ModuleType) -> None:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def log_metrics(self: Any, metrics: Any, step: Any = None) -> Any:
            from ._lightning_hooks import heard

            guarded(heard, self.trainer, metrics, step)
            return original(self, metrics, step=step)

        return log_metrics

    connector = getattr(module, "_LoggerConnector", None) or getattr(module, "LoggerConnector", None)
    _wrap(connector, "log_metrics", make)


def _keras(backend: str, module: ModuleType) -> None:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def fit(self: Any, *args: Any, **kwargs: Any) -> Any:
            from .keras import with_ours

            # fit(x, y, batch_size, epochs, verbose, callbacks): the sixth may come by its place.
            given = args[5] if len(args) > 5 else kwargs.get("callbacks")
            ours = guarded(with_ours, given) or given
            if len(args) > 5:
                args = (*args[:5], ours, *args[6:])
            else:
                kwargs["callbacks"] = ours
            return original(self, *args, **kwargs)

        return fit

    names = {"torch": "TorchTrainer", "jax": "JAXTrainer", "tensorflow": "TensorFlowTrainer"}
    _wrap(getattr(module, names[backend], None), "fit", make)
