"""A Trainer of Hugging Face's on a tiny random model: with nothing, with W&B, and stopped."""

from __future__ import annotations

import pytest

STEPS = 6


@pytest.fixture
def make(recording, tmp_path, need):
    torch, transformers = need("torch", "transformers", "accelerate"), need("transformers")
    from pentachoron import integrations
    from pentachoron.integrations import _frameworks

    _frameworks.install()
    integrations._installed = True

    def make_trainer(report_to="none", callbacks=None, max_steps=STEPS, **more):
        torch.manual_seed(0)
        config = transformers.GPT2Config(n_layer=1, n_head=2, n_embd=8, vocab_size=32, n_positions=8)
        row = {"input_ids": torch.arange(8), "labels": torch.arange(8)}
        arguments = transformers.TrainingArguments(
            output_dir=str(tmp_path / "out"), max_steps=max_steps, logging_steps=2, report_to=report_to,
            per_device_train_batch_size=2, save_strategy="no", eval_strategy="steps", eval_steps=3,
            use_cpu=True, disable_tqdm=True, **more,
        )  # fmt: skip
        return transformers.Trainer(
            transformers.GPT2LMHeadModel(config), arguments, train_dataset=[row] * 32, eval_dataset=[row] * 2,
            callbacks=callbacks,
        )  # fmt: skip

    yield make_trainer
    integrations._installed = False


def test_with_no_logger(make, recording):
    trainer = make(run_name="mine")
    trainer.train()
    assert [(b["source"], b["name"], b["total"]) for b in recording.begun] == [("transformers", "mine", STEPS)]
    for name in ("train/loss", "train/learning_rate", "train/grad_norm"):
        assert [step for step, _ in recording.points(name)] == [2, 4, 6], name
    assert [step for step, _ in recording.points("eval/loss")] == [3, 6]
    assert recording.summaries["train_loss"] > 0
    assert recording.configs["n_embd"] == 8 and recording.configs["max_steps"] == STEPS
    assert recording.described["total"] == STEPS
    assert recording.boundaries.count("framework") == STEPS
    assert recording.stop_handler is None
    trainer.evaluate()
    assert len(recording.points("eval/loss")) == 3 and len(recording.begun) == 1
    make().train()
    assert len(recording.begun) == 2 and recording.finished == [("transformers", 0)]


def test_report_to_wandb_tells_once(make, recording, stand_in_wandb):
    trainer = make(report_to="wandb")
    trainer.train()
    assert [b["source"] for b in recording.begun] == ["wandb"] and recording.begun[0]["project"] == "huggingface"
    assert [step for step, _ in recording.points("train/loss")] == [2, 4, 6]
    assert [step for step, _ in recording.points("eval/loss")] == [3, 6]
    assert recording.configs["model/num_parameters"] == trainer.model.num_parameters()
    assert recording.described["total"] == STEPS and recording.summaries["train_loss"] > 0
    assert recording.finished == []


def test_report_to_tensorboard_tells_once(make, recording, need):
    need("tensorboard")
    from pentachoron.integrations import tensorboard

    tensorboard.forget_all()
    tensorboard.install()
    make(report_to="tensorboard").train()
    assert len(recording.begun) == 1
    assert [step for step, _ in recording.points("train/loss")] == [2, 4, 6]


def test_two_loggers_tell_once(make, recording, stand_in_wandb, need):
    need("tensorboard")
    from pentachoron.integrations import tensorboard

    tensorboard.forget_all()
    tensorboard.install()
    make(report_to=["wandb", "tensorboard"]).train()
    assert len(recording.begun) == 1
    for name in ("train/loss", "train/grad_norm"):
        assert [step for step, _ in recording.points(name)] == [2, 4, 6]


def test_report_to_trackio_tells_once(make, recording):
    from pentachoron.integrations import _stand_in, trackio

    if _stand_in.installed("trackio"):
        pytest.skip("trackio is installed: its stand-in is not used")
    trackio.install()
    try:
        make(report_to="trackio").train()
    finally:
        _stand_in.forget_all()
    assert [b["source"] for b in recording.begun] == ["trackio"]
    assert [step for step, _ in recording.points("train/loss")] == [2, 4, 6]
    assert recording.finished == [("trackio", 0)]


def test_stop_and_checkpoint(make, recording, tmp_path):
    trainer = make(max_steps=50)
    real = recording.step_boundary

    def boundary(where="step"):
        real(where)
        if recording.boundaries.count("framework") == 3:
            recording.checkpoint_handler()
            recording.stop_handler()

    recording.step_boundary = boundary
    trainer.train()
    assert trainer.state.global_step == 3
    assert (tmp_path / "out" / "checkpoint-3").is_dir()


def test_the_scripts_own_callback_is_the_only_one(make, recording):
    from pentachoron.integrations.transformers import PentachoronCallback

    trainer = make(callbacks=[PentachoronCallback()])
    ours = [c for c in trainer.callback_handler.callbacks if isinstance(c, PentachoronCallback)]
    assert len(ours) == 1
    trainer.train()
    assert [step for step, _ in recording.points("train/loss")] == [2, 4, 6]
