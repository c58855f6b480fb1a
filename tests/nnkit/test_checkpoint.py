"""Tests for nnkit.checkpoint: what was saved goes on exactly as if it had never stopped."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nnkit import (
    SGD,
    Adam,
    BatchNorm1d,
    CosineSchedule,
    Dropout,
    EarlyStopping,
    FunctionOptimizer,
    Linear,
    ReLU,
    Sequential,
    fit,
    load,
    save,
)
from nnkit import functional as F

GENERATORS = {
    "PCG64": np.random.PCG64,
    "MT19937": np.random.MT19937,
    "Philox": np.random.Philox,
    "SFC64": np.random.SFC64,
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.npz"


@pytest.fixture
def data():
    rng = np.random.default_rng(1)
    return rng.normal(size=(50, 4)), rng.integers(3, size=50)


OPTIMIZERS = {
    "momentum": lambda p: SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "adam": lambda p: Adam(p, lr=0.01),
    "function": lambda p: FunctionOptimizer(p, F.adam_step, lr=0.01),
}


def parts(optimizer, shared_generator, seed=0):
    """A model with dropout and running averages, its optimizer, and the generator of batches."""
    rng = np.random.default_rng(seed)
    own = rng if shared_generator else np.random.default_rng(seed + 1)
    layers = [Linear(4, 8, rng), BatchNorm1d(8), ReLU(), Dropout(0.5, own), Linear(8, 3, rng)]
    model = Sequential(*layers)
    return model, OPTIMIZERS[optimizer](model.parameters()), rng


def train(data, model, optimizer, rng, **arguments):
    return fit(
        model,
        optimizer,
        data,
        rng=rng,
        num_epochs=5,
        batch_size=16,
        validation=data,
        schedule=CosineSchedule(0.1, total_steps=20),
        early_stopping=EarlyStopping(patience=3),
        record=["gradient_norms"],
        progress=False,
        **arguments,
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("shared_generator", [True, False], ids=["one_rng", "two_rngs"])
@pytest.mark.parametrize(
    ("event", "step"), [("after_step", 6), ("after_step", 8), ("after_epoch", 8)]
)
def test_a_resumed_run_equals_an_uninterrupted_one(
    data, path, optimizer, shared_generator, event, step
):
    """Bit for bit: in the middle of an epoch, at its last batch, and between two epochs."""

    def save_once(run):
        if len(run.history.losses) == step:
            run.save(path)

    def save_and_die(run):
        save_once(run)
        if path.exists():
            raise KeyboardInterrupt

    model, its_optimizer, rng = parts(optimizer, shared_generator)
    expected = train(data, model, its_optimizer, rng)
    first = parts(optimizer, shared_generator)
    train(data, *first, hooks={event: save_and_die})

    second = parts(optimizer, shared_generator, seed=99)
    history = train(data, *second, resume=path)

    for name, array in model.state_dict().items():
        assert_array_equal(second[0].state_dict()[name], array)
    for name, array in its_optimizer.state.items():
        assert_array_equal(second[1].state[name], array)
    assert second[2].bit_generator.state == rng.bit_generator.state
    assert (
        second[0].generators()[0].bit_generator.state == model.generators()[0].bit_generator.state
    )
    times = {"seconds": []}
    assert history.to_dict() | times == expected.to_dict() | times


@pytest.mark.parametrize("kind", GENERATORS)
def test_every_kind_of_generator_goes_on(path, kind):
    rng = np.random.Generator(GENERATORS[kind](0))
    rng.random(3, dtype=np.float32)
    save(path, rng=rng)
    expected = rng.random(5, dtype=np.float32)
    rng.random(7)
    load(path, rng=rng)
    assert_array_equal(rng.random(5, dtype=np.float32), expected)


def test_each_of_a_models_generators_goes_on(path):
    """Also those whose state holds an array."""
    rngs = [np.random.Generator(np.random.MT19937(seed)) for seed in (0, 1)]
    model = Sequential(Dropout(0.5, rngs[0]), Dropout(0.5, rngs[1]))
    save(path, model=model)
    expected = model(np.ones((5, 9)))
    load(path, model=model)
    assert_array_equal(model(np.ones((5, 9))), expected)


def test_a_model_with_other_generators_is_refused_as_a_whole(path):
    """Its arrays would fit."""
    rng = np.random.default_rng(0)
    save(path, model=Sequential(Linear(2, 2, rng), Dropout(0.5, rng)))
    other = Sequential(Linear(2, 2, rng), ReLU())
    before = other.state_dict()
    with pytest.raises(ValueError, match=r"a model with 1 random generators, got 0; build"):
        load(path, model=other)
    assert_array_equal(other[0].weight.data, before["0.weight"])


def test_a_run_without_validation_can_be_resumed(path, data):
    """Nothing of what is optional is needed."""

    def run(num_epochs, **arguments):
        model, optimizer, rng = parts("momentum", shared_generator=True)
        settings = {"num_epochs": num_epochs, "rng": rng, "progress": False, **arguments}
        return fit(model, optimizer, data, **settings).losses

    run(1, hooks={"after_epoch": lambda run: run.save(path)})
    assert run(3, resume=path) == run(3)


@pytest.mark.parametrize("saved_with", [True, False])
def test_a_run_is_resumed_with_early_stopping_as_it_was_saved(path, data, saved_with):
    """Otherwise it would not go on as an uninterrupted one; nothing is changed."""

    def run(with_stopping, **arguments):
        model, optimizer, rng = parts("momentum", shared_generator=True)
        stopping = EarlyStopping(patience=9) if with_stopping else None
        return fit(
            model, optimizer, data, num_epochs=2, rng=rng, progress=False, validation=data,
            early_stopping=stopping, **arguments,
        )  # fmt: skip

    run(saved_with, hooks={"after_epoch": lambda run: run.save(path)})

    with pytest.raises(ValueError, match="expected early_stopping as in the run that was saved"):
        run(not saved_with, resume=path)
    assert len(run(saved_with, resume=path).losses) > 0


def test_a_loop_of_ones_own_can_be_saved_too(path, data):
    model, optimizer, rng = parts("adam", shared_generator=False)
    model.backward(np.ones_like(model(data[0])))
    optimizer.step()
    save(path, model=model, optimizer=optimizer, rng=rng)
    expected = model(data[0])

    other, other_optimizer, other_rng = parts("adam", shared_generator=False, seed=5)
    load(path, model=other, optimizer=other_optimizer, rng=other_rng)

    assert other_optimizer.num_steps == 1
    assert_array_equal(other_optimizer.state["grad_sum"], optimizer.state["grad_sum"])
    assert_array_equal(other(data[0]), expected)
    assert other_rng.bit_generator.state == rng.bit_generator.state


def test_views_stay_views_after_loading(path):
    """Or else the optimizer would train arrays that nobody uses."""
    model, optimizer, _ = parts("momentum", shared_generator=True)
    save(path, model=model)
    load(path, model=model)
    bases = {id(p.data.base) for p in model.parameters()} | {id(optimizer._data.base)}
    assert len({base for base in bases if base != id(None)}) == 1
    before = model.state_dict()
    model.backward(np.ones_like(model(np.random.default_rng(0).normal(size=(6, 4)))))
    optimizer.step()
    assert not np.array_equal(model.state_dict()["4.bias"], before["4.bias"])


def test_not_all_that_was_saved_need_be_loaded(path):
    model, optimizer, rng = parts("adam", shared_generator=True)
    save(path, model=model, optimizer=optimizer, rng=rng)
    other, _, _ = parts("adam", shared_generator=True, seed=5)
    load(str(path), model=other)
    assert_array_equal(other[0].weight.data, model[0].weight.data)


def test_the_file_holds_no_pickle(path):
    model, optimizer, rng = parts("adam", shared_generator=True)
    save(path, model=model, optimizer=optimizer, rng=rng)
    with np.load(path, allow_pickle=False) as file:
        assert all(file[name].dtype.kind in "fu" for name in file)


def test_a_pickle_is_not_opened(path):
    class Bomb:
        def __reduce__(self):
            return exec, ("raise SystemExit('the file ran code')",)

    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ValueError, match=r"expected a file written by nnkit.save"):
        load(path)
    with path.open("wb") as file:
        np.savez(file, json=np.array([Bomb()], object))
    with pytest.raises(ValueError, match=r"expected a file written by nnkit.save"):
        load(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 broken"])
def test_another_file_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"expected a file written by nnkit.save"):
        load(path)


def test_an_array_or_an_archive_of_others_is_refused(path):
    for write in (np.save, np.savez):
        with path.open("wb") as file:
            write(file, np.ones(3))
        with pytest.raises(ValueError, match=r"expected a file written by nnkit.save"):
            load(path)


def test_a_file_that_is_not_there_is_reported_as_such(path):
    with pytest.raises(FileNotFoundError):
        load(path)


def test_a_missing_part_is_named(path):
    model, optimizer, _ = parts("adam", shared_generator=True)
    save(path, model=model)
    with pytest.raises(ValueError, match=r"expected \['optimizer'\] in .* which holds \['model'\]"):
        load(path, model=model, optimizer=optimizer)


def test_one_who_reads_the_old_file_never_sees_half_a_new_one(path):
    """The new file takes its place in one move, and nothing else is left in the folder."""
    model, _, _ = parts("adam", shared_generator=True)
    save(path, model=model)
    before = path.read_bytes()
    model[0].weight.data *= 2
    with path.open("rb") as reader:
        save(path, model=model)
        assert reader.read() == before
    assert path.read_bytes() != before
    assert list(path.parent.iterdir()) == [path]


def test_a_crash_while_saving_leaves_the_old_file(path, monkeypatch):
    model, _, _ = parts("adam", shared_generator=True)
    save(path, model=model)
    before = path.read_bytes()

    def crash(file, **arrays):
        file.write(b"half a file")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", crash)
    with pytest.raises(OSError, match="disk full"):
        save(path, model=model)
    assert path.read_bytes() == before
