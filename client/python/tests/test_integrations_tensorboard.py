"""What is written with either SummaryWriter arrives at the call, and a folder says of which run it is."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["torch.utils.tensorboard", "tensorboardX"])
def writer_class(request, recording, need):
    if request.param.startswith("torch"):
        need("torch", "tensorboard")
    module = need(request.param)
    from pentachoron.integrations import tensorboard

    tensorboard.forget_all()
    tensorboard.install()
    return module.SummaryWriter


def test_scalars_by_place_and_by_name(writer_class, recording, tmp_path):
    with writer_class(str(tmp_path / "exp")) as writer:
        writer.add_scalar("loss", 1.5, 3)
        writer.add_scalar(tag="acc", scalar_value=0.5, global_step=3, walltime=12.0)
        writer.add_scalar("free", 1)
        writer.add_scalars("both", {"a": 1, "b": 2}, 4)
    assert [(f["data"], f["step"], f["at"], f["commit"]) for f in recording.frames] == [
        ({"loss": 1.5}, 3, None, False),
        ({"acc": 0.5}, 3, 12.0, False),
        ({"free": 1}, None, None, True),
        ({"both/a": 1, "both/b": 2}, 4, None, False),
    ]
    assert [b["name"] for b in recording.begun] == ["exp"]


def test_hparams_are_config_and_not_a_run(writer_class, recording, tmp_path):
    with writer_class(str(tmp_path / "exp")) as writer:
        writer.add_scalar("loss", 1, 0)
        writer.add_hparams({"lr": 0.1}, {"hparam/best": 0.5})
        writer.add_scalar("loss", 2, 1)
    assert recording.configs == {"lr": 0.1} and recording.summaries == {"hparam/best": 0.5}
    assert len(recording.begun) == 1 and recording.points("loss") == [(0, 1), (1, 2)]
    assert recording.points("hparam/best") == []


def test_parts_of_a_run_are_prefixes(writer_class, recording, tmp_path):
    train, val = writer_class(str(tmp_path / "exp" / "train")), writer_class(str(tmp_path / "exp" / "val"))
    train.add_scalar("loss", 1, 0)
    val.add_scalar("loss", 2, 0)
    train.close()
    val.close()
    assert [b["name"] for b in recording.begun] == ["exp"]
    assert recording.points("train/loss") == [(0, 1)] and recording.points("val/loss") == [(0, 2)]


def test_the_next_folder_is_the_next_run_once_the_last_is_closed(writer_class, recording, tmp_path):
    for name in ("one", "two"):
        with writer_class(str(tmp_path / name)) as writer:
            writer.add_scalar("loss", 1, 0)
    assert [b["name"] for b in recording.begun] == ["one", "two"]
    assert recording.finished == [("tensorboard", 0)]


def test_two_open_folders_are_one_run(writer_class, recording, tmp_path):
    one, two = writer_class(str(tmp_path / "gen")), writer_class(str(tmp_path / "disc"))
    one.add_scalar("loss", 1, 0)
    two.add_scalar("loss", 2, 0)
    one.add_scalar("loss", 3, 1)
    assert len(recording.begun) == 1
    assert recording.points("loss") == [(0, 1), (1, 3)] and recording.points("disc/loss") == [(0, 2)]
    one.close()
    two.close()


def test_a_run_of_wandb_takes_the_scalars(writer_class, recording, stand_in_wandb, tmp_path):
    stand_in_wandb.init(name="w")
    with writer_class(str(tmp_path / "exp")) as writer:
        writer.add_scalar("loss", 1, 0)
    assert [b["name"] for b in recording.begun] == ["w"]


def test_a_later_wandb_run_is_the_same_run(writer_class, recording, stand_in_wandb, tmp_path):
    with writer_class(str(tmp_path / "exp")) as writer:
        writer.add_scalar("loss", 1, 0)
        stand_in_wandb.init(name="w", config={"lr": 1})
    assert len(recording.begun) == 1 and recording.described["name"] == "w" and recording.configs == {"lr": 1}
