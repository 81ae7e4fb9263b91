"""What a torch training tells without a word of its own: losses, learning rates, speed, and where it can be paused.

Two hooks see it all: torch's own one after each optimizer step, and a wrapper of ``torch.autograd.backward``, through
which ``Tensor.backward`` goes. They cost some ten microseconds a step and never wait for a device.
"""

from __future__ import annotations

import inspect
import os
import sys
import time
import weakref
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ._session import HOOKS, Session
from ._warn import guarded
from .integrations._imports import when_imported

_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
#: Speed is told so often.
SPEED_SECONDS = 1.0
#: Of the modules whose parameters were asked for, the latest are the ones an optimizer may be made of.
REMEMBERED_MODULES = 32
_SIMPLE = (bool, int, float, str)


def install(session: Session) -> None:
    """Sets the hooks as soon as torch is there."""
    hooks = Hooks(session)
    when_imported("torch", lambda torch: hooks.set(torch))


class Member:
    """One optimizer of a training, with the losses of the backward passes before its next step."""

    def __init__(self, optimizer: Any, name: str) -> None:
        self.optimizer = weakref.ref(optimizer)
        self.name = name
        self.steps = 0
        self.rates: Tuple[float, ...] = ()


class Training:
    """Optimizers that take turns, and the run that tells of them."""

    def __init__(self) -> None:
        self.members: List[Member] = []
        self.steps = 0
        self.speed_at = time.monotonic()
        self.speed_steps = 0
        self.model: Optional[Callable[[], Any]] = None

    @property
    def is_over(self) -> bool:
        return all(member.optimizer() is None for member in self.members)


class Hooks:
    """Of one process. Every entry point is guarded: what goes wrong here is a warning and not the script's error."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._training: Optional[Training] = None
        self._members: "weakref.WeakKeyDictionary[Any, Tuple[Training, Member]]" = weakref.WeakKeyDictionary()
        self._depth: "weakref.WeakKeyDictionary[Any, int]" = weakref.WeakKeyDictionary()
        self._losses: List[Any] = []
        self._in_step = 0
        self._backward_depth = 0
        self._scaled: Dict[int, Tuple[Any, Any]] = {}
        self._modules: List[Any] = []
        self._names = Names()
        self._is_set = False
        self._applied_version = 0

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
        guarded(self._wrap_scaler, torch)

    # Wrappers

    def _wrap_backward(self, torch: Any) -> None:
        original = torch.autograd.backward
        hooks = self

        def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            if hooks._backward_depth == 0:
                guarded(hooks._note_loss, tensors)
            hooks._backward_depth += 1
            try:
                return original(tensors, *args, **kwargs)
            finally:
                hooks._backward_depth -= 1

        backward.__doc__ = original.__doc__
        backward.__wrapped__ = original  # type: ignore[attr-defined]
        torch.autograd.backward = backward

    def _wrap_parameters(self, torch: Any) -> None:
        """Whose parameters were asked for last is what the next optimizer trains: cheaper than a search for it."""
        module_class = torch.nn.Module
        original = module_class.named_parameters
        modules = self._modules

        def named_parameters(module: Any, *args: Any, **kwargs: Any) -> Any:
            modules.append(weakref.ref(module))
            if len(modules) > REMEMBERED_MODULES:
                del modules[0]
            return original(module, *args, **kwargs)

        named_parameters.__doc__ = original.__doc__
        named_parameters.__wrapped__ = original  # type: ignore[attr-defined]
        named_parameters.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
        module_class.named_parameters = named_parameters

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
                hooks._losses.clear()
            return result

        scaler_class.scale, scaler_class.step = noted_scale, noted_step

    # What is seen

    def _note_loss(self, tensors: Any) -> None:
        # Of a step with a closure the first loss is that of the weights before it.
        if self._in_step > 0 and self._losses:
            return
        roots = [tensors] if hasattr(tensors, "detach") else list(tensors)
        total: Any = None
        for root in roots:
            _scaled, raw = self._scaled.pop(id(root), (None, root))
            if raw.numel() != 1:
                return
            value = raw.detach()
            number = value.item() if value.device.type == "cpu" else value.clone()
            total = number if total is None else total + number
        if total is not None:
            self._losses.append(total)

    def _before_step(self, optimizer: Any, _args: Any, _kwargs: Any) -> None:
        self._depth[optimizer] = self._depth.get(optimizer, 0) + 1
        self._in_step += 1

    def _after_step(self, optimizer: Any, _args: Any, _kwargs: Any) -> None:
        depth = self._depth.get(optimizer, 1) - 1
        self._depth[optimizer] = depth
        self._in_step = max(0, self._in_step - 1)
        # A subclass that calls its parent's step is told of twice.
        if depth > 0:
            return
        guarded(self._stepped, optimizer)
        self._session.step_boundary("step")

    def _stepped(self, optimizer: Any) -> None:
        losses, self._losses = self._losses, []
        training, member = self._member_of(optimizer)
        if training is None or member is None:
            return
        member.steps += 1
        leads = training.members[0] is member
        if leads:
            training.steps += 1
        told: Dict[str, Any] = {}
        suffix = "" if leads else f"/{member.name}"
        if losses:
            told[f"loss{suffix}"] = sum(losses) / len(losses) if len(losses) > 1 else losses[0]
        self._take_rates(optimizer, member)
        rates = tuple(float(group["lr"]) for group in optimizer.param_groups)
        if rates != member.rates:
            for index, rate in enumerate(rates):
                if len(rates) == 1:
                    told[f"lr{suffix}"] = rate
                else:
                    told[f"lr{suffix}/{index}"] = rate
            member.rates = rates
            run = self._session.current
            if leads and run is not None:
                run.describe(controls={"lr": rates[0]})
        if leads:
            self._tell_speed(training, told)
        if told:
            self._session.log(told, step=training.steps, source=HOOKS)
        else:
            self._session.step = training.steps

    def _tell_speed(self, training: Training, told: Dict[str, Any]) -> None:
        now = time.monotonic()
        passed = now - training.speed_at
        if passed < SPEED_SECONDS:
            return
        told["steps_per_second"] = (training.steps - training.speed_steps) / passed
        training.speed_at, training.speed_steps = now, training.steps

    def _take_rates(self, optimizer: Any, member: Member) -> None:
        """A learning rate that a viewer has set holds from the next step on; its groups keep their proportions."""
        run = self._session.current
        if run is None or not member.rates or run.control_state.version == self._applied_version:
            return
        self._applied_version = run.control_state.version
        wanted = run.control_state.values.get("lr")
        if not isinstance(wanted, (int, float)) or wanted == member.rates[0]:
            return
        ratio = wanted / member.rates[0] if member.rates[0] else 1.0
        for group in optimizer.param_groups:
            rate = group["lr"] * ratio if member.rates[0] else wanted
            if hasattr(group["lr"], "fill_"):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate
            if "initial_lr" in group:
                group["initial_lr"] *= ratio

    # Which training it is

    def _member_of(self, optimizer: Any) -> Tuple[Optional[Training], Optional[Member]]:
        known = self._members.get(optimizer)
        if known is not None and known[0] is self._training:
            return known
        if _is_worker():
            return None, None
        training = self._training
        if training is not None and training.is_over:
            # The one before was dropped with all of its optimizers: this is the next training.
            self._session.end_current()
            training = None
        model = self._model_of(optimizer)
        name = type(model).__name__ if model is not None else type(optimizer).__name__
        if training is None:
            training = self._training = Training()
            training.model = weakref.ref(model) if model is not None else None
            self._begin(optimizer, model)
        member = Member(optimizer, name)
        taken = {each.name for each in training.members}
        if name in taken:
            member.name = f"{name}{len(taken) + 1}"
        training.members.append(member)
        self._members[optimizer] = (training, member)
        return training, member

    def _begin(self, optimizer: Any, model: Any) -> None:
        arguments, telling = _script_arguments()
        config: Dict[str, Any] = {"optimizer": type(optimizer).__name__, **_optimizer_config(optimizer)}
        if model is not None:
            config["model"] = type(model).__name__
            config["parameters"] = sum(parameter.numel() for parameter in model.parameters())
        config.update(arguments)
        name = self._names.name(telling, arguments, type(model).__name__ if model is not None else "training")
        session = self._session
        was_there = session.current is not None and not session.current.is_finished
        if was_there:
            session.config(config)
            run = session.current
        else:
            run = session.begin(HOOKS, config=config, **({} if session.defaults.get("name") else {"name": name}))
        if run is not None and session.watch_every > 0 and model is not None:
            run.watch(model, session.watch_every)

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


class Names:
    """Runs of a script are named by what differs between them, as far as the first of them can tell."""

    def __init__(self) -> None:
        self._before: Optional[Mapping[str, Any]] = None

    def name(self, telling: Mapping[str, Any], arguments: Mapping[str, Any], fallback: str) -> str:
        """``telling``: those of the arguments that are not a function's defaults."""
        before, self._before = self._before, dict(arguments)
        differing = dict(telling)
        if not differing and before is not None:
            differing = {key: value for key, value in arguments.items() if before.get(key) != value}
        if not differing:
            return fallback
        return " ".join(f"{key}={value}" for key, value in list(differing.items())[:6])


def _size(module: Any) -> int:
    return sum(1 for _ in module.parameters())


def _optimizer_config(optimizer: Any) -> Dict[str, Any]:
    group = optimizer.param_groups[0]
    return {
        key: value
        for key, value in group.items()
        if key in ("lr", "momentum", "weight_decay", "betas", "eps", "nesterov") and value not in (0, None, False)
    }


def _script_arguments() -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """Simple values that the script's functions on the way here were given, and those that are not their defaults."""
    arguments: Dict[str, Any] = {}
    telling: Dict[str, Any] = {}
    frame = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if _is_of_script(code.co_filename):
            count = code.co_argcount + code.co_kwonlyargcount
            given = {name: frame.f_locals[name] for name in code.co_varnames[:count] if name in frame.f_locals}
            defaults = _defaults_of(frame)
            for name, value in given.items():
                if isinstance(value, _SIMPLE) and name not in arguments:
                    arguments[name] = value
                    if name not in defaults or defaults[name] != value:
                        telling[name] = value
        frame = frame.f_back  # type: ignore[assignment]
    return arguments, telling


def _defaults_of(frame: Any) -> Dict[str, Any]:
    function = frame.f_globals.get(frame.f_code.co_name)
    if not inspect.isfunction(function) or function.__code__ is not frame.f_code:
        return {}
    parameters = inspect.signature(function).parameters.values()
    return {each.name: each.default for each in parameters if each.default is not inspect.Parameter.empty}


def _is_of_script(path: str) -> bool:
    if path.startswith("<") or os.path.dirname(os.path.abspath(path)).startswith(_OWN_FOLDER):
        return False
    return "site-packages" not in path and "dist-packages" not in path and not path.startswith(sys.base_prefix + "/lib")


def _is_worker() -> bool:
    """Whether this is a process that only loads data, or one of several that train one model and is not the first."""
    worker = getattr(sys.modules.get("torch.utils.data"), "get_worker_info", lambda: None)()
    return worker is not None or os.environ.get("RANK", "0") not in ("", "0")
