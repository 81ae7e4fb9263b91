"""Accelerate with our tracker and with its own for W&B."""

from __future__ import annotations

import pytest

pytest_plugins = ["support.frameworks"]


@pytest.fixture
def accelerate(need, recording, monkeypatch):
    module = need("accelerate", "torch")
    # It looks for trackers when it is imported, at which time the launcher's stand-ins are there.
    known = [module.utils.LoggerType(name) for name in module.tracking.LOGGER_TYPE_TO_CLASS]
    for owner in (module.tracking, module.accelerator):
        if hasattr(owner, "get_available_trackers"):
            monkeypatch.setattr(owner, "get_available_trackers", lambda: known)
    monkeypatch.setattr(module.tracking, "_available_trackers", known)
    yield module
    from accelerate.state import AcceleratorState, GradientState, PartialState

    for state in (AcceleratorState, GradientState, PartialState):
        state._reset_state()


def train(accelerate, accelerator):
    import torch

    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model, optimizer = accelerator.prepare(model, optimizer)
    for step in range(3):
        loss = model(torch.ones(1, 2)).square().mean()
        accelerator.backward(loss)
        optimizer.step()
        accelerator.log({"loss": loss, "nested": {"a": step}}, step=step)
    accelerator.end_training()


def test_own_tracker(accelerate, recording):
    from pentachoron.integrations.accelerate import PentachoronTracker

    accelerator = accelerate.Accelerator(cpu=True, log_with=PentachoronTracker("mine", project="p"))
    accelerator.init_trackers("ignored", config={"lr": 0.1})
    train(accelerate, accelerator)
    assert [(b["name"], b["project"]) for b in recording.begun] == [("mine", "p")]
    assert recording.configs == {"lr": 0.1}
    assert [step for step, _ in recording.points("loss")] == [0, 1, 2]
    assert recording.points("nested/a") == [(0, 0), (1, 1), (2, 2)]
    assert recording.finished == [("accelerate", 0)]


def test_log_with_wandb(accelerate, recording, stand_in_wandb):
    accelerator = accelerate.Accelerator(cpu=True, log_with="wandb")
    accelerator.init_trackers("p", config={"lr": 0.1}, init_kwargs={"wandb": {"name": "n", "tags": ["t"]}})
    train(accelerate, accelerator)
    assert [(b["name"], b["project"], b["tags"]) for b in recording.begun] == [("n", "p", ["t"])]
    assert recording.configs == {"lr": 0.1}
    assert [step for step, _ in recording.points("loss")] == [0, 1, 2]
    assert recording.points("nested.a") == [(0, 0), (1, 1), (2, 2)]
    assert recording.finished == [("wandb", 0)]


def test_log_with_trackio(accelerate, recording):
    from pentachoron.integrations import _stand_in, trackio

    if _stand_in.installed("trackio"):
        pytest.skip("trackio is installed: its stand-in is not used")
    trackio.install()
    try:
        accelerator = accelerate.Accelerator(cpu=True, log_with="trackio")
        accelerator.init_trackers("p", config={"lr": 0.1})
        train(accelerate, accelerator)
    finally:
        _stand_in.forget_all()
    assert [b["project"] for b in recording.begun] == ["p"] and recording.configs == {"lr": 0.1}
    assert [step for step, _ in recording.points("loss")] == [0, 1, 2]
