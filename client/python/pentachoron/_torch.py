"""What a torch training tells without a word of its own: losses, learning rates, speed, and where it can be paused.

Two hooks see it all: torch's own one after each optimizer step, and a wrapper of ``torch.autograd.backward``, through
which ``Tensor.backward`` goes. They cost some ten microseconds a step and never wait for a device.
"""

from __future__ import annotations

import functools
import gc
import inspect
import os
import sys
import time
import weakref
from typing import Any, Dict, List, Optional, Tuple

from ._distributed import Together, rank
from ._losses import Loss, Losses
from ._metadata import memory_use
from ._session import HOOKS, Session
from ._trainings import Member, Names, Training, optimizer_config, script_values
from ._values import is_late
from ._warn import guarded
from .integrations._imports import when_imported

#: Speed is told so often.
SPEED_SECONDS = 1.0
#: Of the modules whose parameters were asked for, the latest are the ones an optimizer may be made of.
REMEMBERED_MODULES = 32
#: A rate that a schedule changes at each step is told as a control so often.
CONTROL_SECONDS = 2.0
MEMORY_SECONDS = 10.0


def install(session: Session) -> None:
    """Sets the hooks as soon as torch is there."""
    hooks = Hooks(session)
    when_imported("torch", lambda torch: hooks.set(torch))


class Hooks:
    """Of one process. Every entry point is guarded: what goes wrong here is a warning and not the script's error."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._training: Optional[Training] = None
        self._members: "weakref.WeakKeyDictionary[Any, Tuple[Training, Member]]" = weakref.WeakKeyDictionary()
        self._losses = Losses()
        #: Within a step: the outermost frame of it, and how many losses there were before.
        self._within: Optional[Tuple[int, int]] = None
        self._backward_depth = 0
        self._scaled: Dict[int, Tuple[Any, Any]] = {}
        self._modules: List[Any] = []
        self._names = Names()
        self._is_set = False
        self._memory_at = 0.0
        self._together: Optional[Together] = None
        self._is_silent = False

    def set(self, torch: Any) -> None:
        if self._is_set:
            return
        self._is_set = True
        from torch.optim.optimizer import (
            register_optimizer_step_post_hook,
            register_optimizer_step_pre_hook,
        )

        register_optimizer_step_pre_hook(self._before_step)
        register_optimizer_step_post_hook(self._after_step)
        self._wrap_backward(torch)
        self._wrap_parameters(torch)
        self._wrap_optimizers(torch)
        guarded(self._wrap_scaler, torch)

    # Wrappers

    def _wrap_backward(self, torch: Any) -> None:
        original = torch.autograd.backward
        hooks = self

        def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            loss = guarded(hooks._note_loss, tensors) if hooks._backward_depth == 0 else None
            marks = guarded(hooks._losses.marks) if loss is not None else None
            hooks._backward_depth += 1
            try:
                return original(tensors, *args, **kwargs)
            finally:
                hooks._backward_depth -= 1
                if marks is not None:
                    guarded(hooks._losses.filled, loss, marks)

        backward.__doc__ = original.__doc__
        backward.__wrapped__ = original  # type: ignore[attr-defined]
        # The compiler leaves it out of its graphs by this mark; its own decorator would import all of it.
        backward._torchdynamo_disable = True  # type: ignore[attr-defined]
        torch.autograd.backward = backward

    def _wrap_parameters(self, torch: Any) -> None:
        """Whose parameters were asked for last is what the next optimizer trains: cheaper than a search for it."""
        module_class = torch.nn.Module
        original = module_class.named_parameters
        modules = self._modules

        def named_parameters(module: Any, *args: Any, **kwargs: Any) -> Any:
            if not modules or modules[-1]() is not module:
                modules.append(weakref.ref(module))
            if len(modules) > REMEMBERED_MODULES:
                del modules[0]
            return original(module, *args, **kwargs)

        named_parameters.__doc__ = original.__doc__
        named_parameters.__wrapped__ = original  # type: ignore[attr-defined]
        named_parameters.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
        named_parameters._torchdynamo_disable = True  # type: ignore[attr-defined]
        module_class.named_parameters = named_parameters

    def _wrap_optimizers(self, torch: Any) -> None:
        """Those that have made no step yet may have losses already."""
        optimizer_class = torch.optim.Optimizer
        original = optimizer_class.__init__
        losses = self._losses

        @functools.wraps(original)
        def made(optimizer: Any, *args: Any, **kwargs: Any) -> None:
            original(optimizer, *args, **kwargs)
            guarded(losses.know, optimizer)

        optimizer_class.__init__ = made

    def _wrap_scaler(self, torch: Any) -> None:
        """A loss that is scaled against underflow is told as it was before."""
        scaler_class = torch.amp.GradScaler
        scale, step = scaler_class.scale, scaler_class.step
        hooks = self

        def noted_scale(scaler: Any, outputs: Any) -> Any:
            scaled = scale(scaler, outputs)
            if scaled is not outputs and hasattr(scaled, "detach") and hasattr(outputs, "detach"):
                if len(hooks._scaled) > 64:
                    hooks._scaled.clear()
                hooks._scaled[id(scaled)] = (scaled, outputs)
            return scaled

        def noted_step(scaler: Any, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
            entry = hooks._members.get(optimizer)
            before = entry[1].steps if entry is not None else 0
            result = step(scaler, optimizer, *args, **kwargs)
            entry = hooks._members.get(optimizer)
            if (entry[1].steps if entry is not None else 0) == before:
                # Passed over for an infinite gradient: its losses are of no step.
                hooks._losses.take(optimizer)
            return result

        scaler_class.scale, scaler_class.step = noted_scale, noted_step

    # What is seen

    def _note_loss(self, tensors: Any) -> Optional[Loss]:
        # Of a step with a closure the first loss is that of the weights before it.
        if self._within is not None and len(self._losses) > self._within[1]:
            return None
        roots = [tensors] if hasattr(tensors, "detach") else list(tensors)
        total: Any = None
        for root in roots:
            _scaled, raw = self._scaled.pop(id(root), (None, root))
            if raw.numel() != 1:
                return None
            value = raw.detach()
            number = value.item() if value.device.type == "cpu" else value.clone()
            total = number if total is None else total + number
        return None if total is None else self._losses.add(total)

    def _before_step(self, optimizer: Any, _args: Any, _kwargs: Any) -> None:
        frame = sys._getframe(1)
        # One that calls its parent's step, or that of an optimizer inside it, comes here twice. A step that failed was
        # never left.
        if self._within is not None and _is_within(frame.f_back, self._within[0]):
            return
        self._within = (id(frame), len(self._losses))

    def _after_step(self, optimizer: Any, _args: Any, _kwargs: Any) -> None:
        if self._within is not None and self._within[0] != id(sys._getframe(1)):
            return
        self._within = None
        guarded(self._stepped, optimizer)
        self._session.step_boundary("step")

    def _stepped(self, optimizer: Any) -> None:
        losses = self._losses.take(optimizer)
        training, member = self._member_of(optimizer)
        if training is None or member is None:
            return
        member.steps += 1
        leads = training.members[0] is member
        if leads:
            training.steps += 1
        suffix = "" if leads else f"/{member.name}"
        if self._is_silent:
            self._take_rate(optimizer, member, f"lr{suffix}")
            return
        told: Dict[str, Any] = {}
        if losses:
            told[f"loss{suffix}"] = sum(losses) / len(losses) if len(losses) > 1 else losses[0]
        self._tell_rates(optimizer, member, suffix, told)
        if leads:
            self._tell_speed(training, told)
        if told:
            self._session.log(told, step=training.steps, source=HOOKS)
        else:
            self._session.step = training.steps
        self._take_rate(optimizer, member, f"lr{suffix}")

    def _tell_speed(self, training: Training, told: Dict[str, Any]) -> None:
        now = time.monotonic()
        passed = now - training.speed_at
        if passed < SPEED_SECONDS:
            return
        told["steps_per_second"] = (training.steps - training.speed_steps) / passed
        training.speed_at, training.speed_steps = now, training.steps
        if now - self._memory_at >= MEMORY_SECONDS:
            self._memory_at = now
            told.update(memory_use())

    def _tell_rates(self, optimizer: Any, member: Member, suffix: str, told: Dict[str, Any]) -> None:
        """The rates that this step was made with, where they have changed."""
        rates = _rates_of(optimizer, member.rates)
        if not rates or rates == member.rates:
            return
        for index, rate in enumerate(rates):
            told[f"lr{suffix}" if len(rates) == 1 else f"lr{suffix}/{index}"] = rate
        now = time.monotonic()
        run = self._session.current
        if run is not None and now - member.control_told_at >= CONTROL_SECONDS:
            member.control_told_at = now
            run.describe(controls={f"lr{suffix}": rates[0]})
        member.rates = rates

    def _take_rate(self, optimizer: Any, member: Member, name: str) -> None:
        """A learning rate that a viewer has set holds from the next step on; its groups keep their proportions."""
        run = self._session.current
        if self._together is not None:
            values = self._together.values
        elif run is not None:
            values = run.control_state.values
        else:
            return
        wanted = values.get(name)
        if wanted is None or wanted == member.taken or not isinstance(wanted, (int, float)):
            return
        member.taken = wanted
        now = _rates_of(optimizer, member.rates)
        if not now or now[0] == wanted:
            return
        ratio = wanted / now[0] if now[0] else None
        for index, group in enumerate(optimizer.param_groups):
            new = wanted if ratio is None else now[index] * ratio
            if hasattr(group["lr"], "fill_"):
                group["lr"].fill_(new)
            else:
                group["lr"] = new
            if ratio is not None and isinstance(group.get("initial_lr"), (int, float)):
                group["initial_lr"] *= ratio
        if ratio is not None:
            # A schedule goes on from there in its own shape.
            for scheduler in _schedulers_of(optimizer):
                scheduler.base_lrs = [rate * ratio for rate in scheduler.base_lrs]
        if run is not None:
            run.describe(controls={name: wanted})

    # Which training it is

    def _member_of(self, optimizer: Any) -> Tuple[Optional[Training], Optional[Member]]:
        known = self._members.get(optimizer)
        if known is not None and known[0] is self._training:
            return known
        self._look_for_others()
        # A forked child has no threads that would send; it is told of by nobody.
        if _is_data_worker() or self._session.pid != os.getpid():
            return None, None
        # Of several processes the first one tells; the others count along, so that they obey at the same steps.
        is_silent = self._is_silent = rank() != 0
        training = self._training
        if training is not None and not training.is_over:
            # One in a cycle of references is dropped all the same, if not collected yet.
            gc.collect()
        if training is not None and training.is_over:
            # The one before was dropped with all of its optimizers: this is the next training.
            if not is_silent:
                self._session.end_current()
            training = None
        model = self._model_of(optimizer)
        name = type(model).__name__ if model is not None else type(optimizer).__name__
        if training is None:
            training = self._training = Training()
            if not is_silent:
                self._begin(training, optimizer, model)
        member = Member(optimizer, name, training.dropped)
        taken = {each.name for each in training.members}
        if name in taken:
            member.name = f"{name}{len(taken) + 1}"
        training.members.append(member)
        self._members[optimizer] = (training, member)
        return training, member

    def _look_for_others(self) -> None:
        """Whether other processes train the same model: then they pause and stop at the same step."""
        if self._together is None:
            self._together = Together.of(self._session)
            if self._together is not None:
                self._session.paused_elsewhere = self._together.boundary

    def _begin(self, training: Training, optimizer: Any, model: Any) -> None:
        values = script_values()
        config: Dict[str, Any] = {"optimizer": type(optimizer).__name__, **optimizer_config(optimizer)}
        if model is not None:
            config["model"] = type(model).__name__
            config["parameters"] = sum(parameter.numel() for parameter in model.parameters())
        config.update(values.arguments)
        fallback = type(model).__name__ if model is not None else "training"
        session = self._session
        run = session.current
        if run is not None and not run.is_finished:
            session.config(config)
        elif session.defaults.get("name"):
            run = session.begin(HOOKS, config=config)
        else:
            run = session.begin(HOOKS, config=config, name=self._names.first(values, fallback))
            self._names.begun(run, values)
        training.run = weakref.ref(run)
        if run is not None and session.watch_every > 0 and model is not None:
            from ._watch import Watch

            # Who begins a run has seen its first step.
            Watch(run, model, session.watch_every, session.watch_metrics, steps=1)

    def _model_of(self, optimizer: Any) -> Any:
        """The outermost module, of those seen last, that owns what the optimizer trains."""
        wanted = {id(p) for group in optimizer.param_groups for p in group["params"]}
        best, best_count = None, 0
        for reference in list(reversed(self._modules)):
            module = reference()
            if module is None:
                continue
            owned = {id(parameter) for parameter in module.parameters()}
            count = len(wanted & owned)
            if count > best_count or (count == best_count > 0 and best is not None and len(owned) > _size(best)):
                best, best_count = module, count
        return best


def _size(module: Any) -> int:
    return sum(1 for _ in module.parameters())


def _rates_of(optimizer: Any, known: tuple[float, ...]) -> tuple[float, ...]:
    """Its groups' learning rates; those that stand on a device are not read, which would wait for it."""
    rates = [group["lr"] for group in optimizer.param_groups]
    if any(type(rate) is not float for rate in rates):
        if any(is_late(rate) for rate in rates):
            return known
        rates = [float(rate) for rate in rates]
    return tuple(rates)


def _schedulers_of(optimizer: Any) -> list[Any]:
    """Schedules of its learning rate, searched for among all objects: only when a viewer has set it."""
    schedules = sys.modules.get("torch.optim.lr_scheduler")
    kind = getattr(schedules, "LRScheduler", None) or getattr(schedules, "_LRScheduler", None)
    if kind is None:
        return []
    # By the class alone: asking a lazy proxy what it is may load what it stands for.
    found = [each for each in gc.get_objects() if issubclass(type(each), kind)]
    return [each for each in found if getattr(each, "optimizer", None) is optimizer and hasattr(each, "base_lrs")]


def _is_within(frame: Any, outer: int) -> bool:
    while frame is not None:
        if id(frame) == outer:
            return True
        frame = frame.f_back
    return False


def _is_data_worker() -> bool:
    """Whether this is a process that only loads data."""
    worker = getattr(sys.modules.get("torch.utils.data"), "get_worker_info", lambda: None)()
    return worker is not None
