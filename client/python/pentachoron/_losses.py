"""Which losses belong to which optimizer: those whose backward filled the gradients of its parameters.

A script that makes all of its backwards before all of its steps, as some GANs do, tells it in no other way. Gradients
are looked at before and after a backward, by their counters of changes, which are there without a word to the device.
"""

from __future__ import annotations

import weakref
from typing import Any, Optional

#: Of so many optimizers it is asked. Where each parameter has one of its own, asking costs more than it tells.
MOST_OPTIMIZERS = 8
#: Of each optimizer's parameters so many are looked at: a backward fills all, or those of one part of the model.
MOST_PROBES = 8
#: Losses of an optimizer that makes no step any more must not fill the memory.
MOST_PENDING = 1_000

Marks = list[tuple[int, list[Any], list[Any]]]


class Loss:
    """The loss of one backward."""

    __slots__ = ("filled", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        #: Numbers of the optimizers whose gradients it filled; None where that is not known.
        self.filled: Optional[frozenset[int]] = None


class Losses:
    """Those of the steps that are still to be made."""

    def __init__(self) -> None:
        self._pending: list[Loss] = []
        self._numbers: "weakref.WeakKeyDictionary[Any, int]" = weakref.WeakKeyDictionary()
        self._probes: "weakref.WeakKeyDictionary[Any, _Probes]" = weakref.WeakKeyDictionary()
        self._made = 0

    def __len__(self) -> int:
        return len(self._pending)

    def know(self, optimizer: Any) -> None:
        """An optimizer that may make a step later."""
        self._numbers[optimizer] = self._made
        self._made += 1

    def add(self, value: Any) -> Loss:
        """A backward of this loss begins."""
        loss = Loss(value)
        self._pending.append(loss)
        if len(self._pending) > MOST_PENDING:
            del self._pending[0]
        return loss

    def marks(self) -> Optional[Marks]:
        """How the gradients of each optimizer are now; None where there is but one, or too many."""
        if not 2 <= len(self._numbers) <= MOST_OPTIMIZERS:
            return None
        marks: Marks = []
        for optimizer, number in list(self._numbers.items()):
            probes = self._probes.get(optimizer)
            parameters = probes.parameters(optimizer) if probes is not None else None
            if parameters is None:
                probes = self._probes[optimizer] = _Probes(optimizer)
                parameters = probes.parameters(optimizer) or []
            marks.append((number, parameters, [_mark(parameter) for parameter in parameters]))
        return marks

    def filled(self, loss: Loss, marks: Marks) -> None:
        """The backward of this loss is over, before which the gradients were so."""
        found = [
            number
            for number, parameters, before in marks
            if any(_mark(parameter) != mark for parameter, mark in zip(parameters, before))
        ]
        loss.filled = frozenset(found) if found else None
        for number, _parameters, before in marks:
            # Whose gradients were thrown away before this backward, has no step to come of the losses before it.
            if number in found and all(mark is None for mark in before):
                own = frozenset([number])
                self._pending = [each for each in self._pending if each is loss or each.filled != own]

    def take(self, optimizer: Any) -> list[Any]:
        """The losses of a step that this optimizer has made.

        A generator's loss fills the critic's gradients on its way, too: one that is an optimizer's alone goes before
        one that it shares, and what is shared goes to the first that steps without any of its own.
        """
        if len(self._pending) < 2 and (not self._pending or self._pending[0].filled is None):
            own = self._pending
        else:
            number = self._numbers.get(optimizer)
            own = [each for each in self._pending if each.filled is None or number is None or number in each.filled]
            if number is not None:
                own = [each for each in own if each.filled is None or len(each.filled) == 1] or own
        taken = set(map(id, own))
        self._pending = [each for each in self._pending if id(each) not in taken]
        return [each.value for each in own]


class _Probes:
    """Some of an optimizer's parameters, evenly apart. They are not kept alive by it."""

    def __init__(self, optimizer: Any) -> None:
        self._sizes = _sizes(optimizer)
        every = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        trained = [parameter for parameter in every if parameter.requires_grad] or every
        apart = max(1, len(trained) // MOST_PROBES)
        self._references = [weakref.ref(parameter) for parameter in trained[::apart][:MOST_PROBES]]

    def parameters(self, optimizer: Any) -> Optional[list[Any]]:
        """None where the optimizer has others by now."""
        if self._sizes != _sizes(optimizer):
            return None
        found = [reference() for reference in self._references]
        return None if any(parameter is None for parameter in found) else found


def _sizes(optimizer: Any) -> list[int]:
    return [len(group["params"]) for group in optimizer.param_groups]


def _mark(parameter: Any) -> Any:
    """Is another one after every change of the gradient: it is changed in place, or another tensor in its place."""
    gradient = parameter.grad
    if gradient is None:
        return None
    return gradient._version, (0 if gradient.is_sparse else gradient.data_ptr())
