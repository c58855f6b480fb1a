"""Tests for nnkit.training, nnkit.run, nnkit.history and nnkit.divergence."""

import json
from contextlib import nullcontext
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nnkit import (
    SGD,
    BatchNorm1d,
    CrossEntropyLoss,
    Dropout,
    EarlyStopping,
    FunctionLayer,
    History,
    Linear,
    LinearDecay,
    MSELoss,
    ReLU,
    Sequential,
    TrainingDiverged,
    clip_grad_norm_,
    evaluate,
    fit,
    loss_and_gradients,
    training,
)
from nnkit import functional as F
from nnkit.training import EVENTS


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def data():
    """Three classes that straight lines separate, nearly."""
    rng = np.random.default_rng(1)
    targets = rng.integers(3, size=50)
    return rng.normal(size=(50, 4)) + 2 * np.eye(3, 4)[targets], targets


def small_model(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    layers = [Linear(4, 8, rng), BatchNorm1d(8), ReLU(), Dropout(0.2, rng), Linear(8, 3, rng)]
    return Sequential(*layers, dtype=dtype)


def run_fit(data, model=None, **arguments):
    model = model or small_model()
    optimizer = arguments.pop("optimizer", None) or SGD(model.parameters(), lr=0.1)
    settings = {
        "num_epochs": 3,
        "batch_size": 16,
        "progress": False,
        "rng": np.random.default_rng(2),
    }
    return fit(model, optimizer, data, **(settings | arguments))


def test_fit_is_the_loop_that_one_would_write(data):
    """Sampling, forward, backward and update, in this order; every example once an epoch."""
    x, targets = data
    model = small_model()
    history = run_fit(data, model)

    other, loss, rng = small_model(), CrossEntropyLoss(), np.random.default_rng(2)
    optimizer = SGD(other.parameters(), lr=0.1)
    losses = []
    for _ in range(3):
        for indices in F.minibatches(50, 16, rng):
            optimizer.zero_grad()
            losses.append(loss(other(x[indices]), targets[indices]))
            other.backward(loss.backward())
            optimizer.step()
    assert history.losses == losses
    for name, array in model.state_dict().items():
        assert_array_equal(array, other.state_dict()[name])


def test_training_works(data, rng):
    model = small_model(dtype=np.float32)
    history = run_fit(data, model, num_epochs=40, validation=data)
    assert history.val_accuracies[-1] > 0.85
    assert history.val_losses[-1] < 0.5 * history.val_losses[0]
    assert history.stop_reason == "finished"


def test_history_has_an_entry_for_each_step_and_epoch(data):
    history = run_fit(data, validation=data)
    assert [len(values) for values in (history.losses, history.learning_rates)] == [12, 12]
    for name in ("train_losses", "train_accuracies", "val_losses", "val_accuracies", "seconds"):
        assert len(getattr(history, name)) == 3
    assert history.gradient_norms == history.update_ratios == history.activations == {}


def test_the_loss_of_an_epoch_weighs_batches_by_their_rows(data):
    history = run_fit(data, num_epochs=1)
    assert history.train_losses[0] == pytest.approx(
        np.average(history.losses, weights=[16, 16, 16, 2])
    )


def test_history_goes_to_json_and_back(data):
    """Also that of a network in float32, whose numbers JSON does not know."""
    record = ["gradient_norms", "update_ratios", "activations"]
    history = run_fit(data, small_model(dtype=np.float32), record=record)
    assert History.from_dict(json.loads(json.dumps(history.to_dict()))) == history


def test_a_saved_history_is_a_copy():
    """It stays as it was while training goes on."""
    history = History(losses=[2.0], activations={"0": [{"mean": 1.0}]})
    saved = history.to_dict()
    history.losses.append(1.0)
    history.activations["0"][0]["mean"] = 5.0
    assert (saved["losses"], saved["activations"]) == ([2.0], {"0": [{"mean": 1.0}]})


def test_history_prints_how_far_it_came_and_its_last_values():
    last = {"train_losses": 0.5, "train_accuracies": 0.75, "val_losses": 0.25, "val_accuracies": 1}
    lists = {name: [9.0, value] for name, value in last.items()}
    history = History(losses=[3.0, 2.0, 1.0], stop_reason="enough", **lists)
    assert repr(history) == f"<History: 2 epochs, 3 steps, enough; last {last}>"


def test_without_classes_there_is_no_accuracy(data, rng):
    x, _ = data
    model = Sequential(Linear(4, 1, rng))
    y = x[:, :1] - x[:, 1:2]
    history = run_fit((x, y), model, loss=MSELoss(), validation=(x, y), num_epochs=30)
    assert history.train_accuracies == history.val_accuracies == []
    assert history.val_losses[-1] < 0.01
    assert evaluate(model, MSELoss(), (x, np.rint(y).astype(int)))[1] is None


def test_validation_looks_at_the_validation_data(data, rng):
    x, targets = rng.normal(size=(7, 4)), rng.integers(3, size=7)
    model = small_model()
    history = run_fit(data, model, validation=(x, targets))
    expected = evaluate(model, CrossEntropyLoss(), (x, targets))
    assert (history.val_losses[-1], history.val_accuracies[-1]) == expected


def test_the_time_of_each_epoch_is_recorded(data, monkeypatch):
    """By a clock that moves on by 1 whenever it is looked at."""
    ticks = count()
    monkeypatch.setattr(training, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    assert run_fit(data).seconds == [1, 1, 1]


def test_the_model_trains_in_training_mode_and_ends_in_evaluation_mode(data):
    """Whatever mode it comes in."""
    modes, model = [], small_model().eval()
    run_fit(
        data,
        model,
        validation=data,
        num_epochs=2,
        hooks={event: lambda run: modes.append(run.model[3].training) for event in EVENTS[:3]},
    )
    assert modes == [True] * 24
    assert not model.training


def test_a_schedule_sets_the_rate_of_each_step(data):
    schedule = LinearDecay(0.1, total_steps=12)
    model = small_model()
    optimizer = SGD(model.parameters(), lr=99.0)
    history = run_fit(data, model, optimizer=optimizer, schedule=schedule)
    assert history.learning_rates == [schedule(step) for step in range(12)]


def test_recorded_gradient_norms_are_those_at_each_step(data):
    norms = []
    history = run_fit(
        data,
        record=["gradient_norms"],
        hooks={
            "after_backward": lambda run: norms.append(
                np.sqrt((run.model.named_parameters()["4.weight"].grad ** 2).sum())
            )
        },
    )
    assert_allclose(history.gradient_norms["4.weight"], norms, rtol=1e-12)
    assert list(history.gradient_norms) == list(small_model().named_parameters())


def test_recorded_update_ratios_are_those_of_plain_gradient_descent(data):
    """The change is lr times the gradient."""
    sizes = []
    history = run_fit(
        data,
        record=["update_ratios", "gradient_norms"],
        hooks={
            "after_step": lambda run: sizes.append(
                np.linalg.norm(run.model.named_parameters()["0.weight"].data)
            )
        },
    )
    expected = 0.1 * np.array(history.gradient_norms["0.weight"]) / sizes
    assert_allclose(history.update_ratios["0.weight"], expected, rtol=1e-6)


def test_an_update_of_a_parameter_that_is_zero_has_the_ratio_zero(data, rng):
    """There is no division by its norm; a bias of 0 is the usual case."""

    def aim_at_zero(run):
        for p in run.model.parameters():
            p.grad = 2 * p.data

    model = Sequential(Linear(4, 3, rng))
    history = run_fit(
        data,
        model,
        optimizer=SGD(model.parameters(), lr=0.5),
        record=["update_ratios"],
        hooks={"after_backward": aim_at_zero},
        num_epochs=1,
        batch_size=50,
    )
    assert not model[0].weight.data.any()
    assert history.update_ratios == {"0.weight": [0.0], "0.bias": [0.0]}


def test_a_hook_finds_what_was_recorded_of_its_own_step(data):
    """And what it does to the parameters is no part of the update."""
    seen = []

    def look_and_spoil(run):
        seen.append(len(run.history.update_ratios["0.weight"]))
        run.model[0].weight.data *= 2

    record = ["update_ratios", "gradient_norms"]
    history = run_fit(data, record=record, num_epochs=1, hooks={"after_step": look_and_spoil})
    assert seen == [1, 2, 3, 4]
    assert max(history.update_ratios["0.weight"]) < 0.2


def test_recorded_activations_describe_each_layer_while_training(data):
    """Not while the validation data are looked at; and the run is the same as without."""
    model, outputs = small_model(), []
    model[0].forward_hooks = own_hooks = (lambda module, x, y: outputs.append(y.copy()),)
    history = run_fit(data, model, record=["activations"], validation=data)
    assert {name: len(rows) for name, rows in history.activations.items()} == dict.fromkeys(
        "01234", 12
    )
    first = {"mean": outputs[0].mean(), "std": outputs[0].std(), "zeros": 0}
    assert history.activations["0"][0] == pytest.approx(first)
    assert 0.2 < history.activations["2"][0]["zeros"] < 0.8
    assert history.losses == run_fit(data).losses
    assert model[0].forward_hooks == own_hooks
    assert all(layer.forward_hooks == () for layer in model[1:])


def test_hooks_are_called_in_order_with_the_run(data):
    events = []
    hooks = {e: [lambda run, e=e: events.append((e, run.epoch, run.batch))] for e in EVENTS}
    run_fit(data, batch_size=25, num_epochs=2, hooks=hooks)
    step = ["before_step", "after_backward", "after_step"]
    assert [e for e, _, _ in events] == (step * 2 + ["after_epoch"]) * 2
    assert events[2] == ("after_step", 0, 1)
    assert events[6] == ("after_epoch", 1, 0)


def test_a_hook_may_clip_gradients_before_the_step(data):
    """The norms that are recorded are those of the step, after the clipping."""
    model = small_model()
    before = model.state_dict()
    history = run_fit(
        data,
        model,
        record=["gradient_norms"],
        num_epochs=1,
        batch_size=50,
        hooks={"after_backward": lambda run: clip_grad_norm_(run.model.parameters(), 1e-3)},
    )
    moved = [model.state_dict()[n] - before[n] for n in model.named_parameters()]
    assert np.sqrt(sum((m**2).sum() for m in moved)) == pytest.approx(0.1 * 1e-3)
    assert np.linalg.norm(list(history.gradient_norms.values())) == pytest.approx(1e-3)


def test_a_hook_may_stop_training(data):
    history = run_fit(
        data, hooks={"after_step": lambda run: run.stop("enough") if run.batch == 2 else None}
    )
    assert len(history.losses) == 2
    assert history.train_losses == []
    assert history.stop_reason == "enough"


@pytest.mark.parametrize("moment", EVENTS)
def test_ctrl_c_gives_the_history_so_far(data, moment):
    def interrupt(run):
        if run.epoch == 1:
            raise KeyboardInterrupt

    history = run_fit(data, hooks={moment: interrupt}, num_epochs=5)
    assert history.stop_reason == "interrupted"
    assert len(history.train_losses) == 1
    assert 4 <= len(history.losses) <= 5


def test_early_stopping_gives_the_weights_of_the_best_epoch(data):
    """A copy of them: training goes on to change the model."""
    x, targets = data
    states, model = [], small_model()
    stopping = EarlyStopping(patience=2)
    history = run_fit(
        data,
        model,
        optimizer=SGD(model.parameters(), lr=0.5),
        validation=(x[::2], (targets[::2] + (np.arange(25) % 3 == 0)) % 3),
        early_stopping=stopping,
        num_epochs=50,
        hooks={"after_epoch": lambda run: states.append(run.model.state_dict())},
    )
    assert history.stop_reason == "early stopping"
    assert history.best_epoch == int(np.argmin(history.val_losses)) == len(history.val_losses) - 3
    for name, array in model.state_dict().items():
        assert_array_equal(array, states[history.best_epoch][name])
        assert name.endswith(("bias", "weight")) or not np.array_equal(array, states[-1][name])


def test_early_stopping_restores_the_best_also_when_interrupted(data):
    def worsen(run):
        if run.epoch == 1:
            run.optimizer.lr = 20.0
        if run.epoch == 2:
            raise KeyboardInterrupt

    model = small_model()
    history = run_fit(
        data, model, validation=data, early_stopping=EarlyStopping(5), hooks={"before_step": worsen}
    )
    assert history.best_epoch == 0
    assert evaluate(model, CrossEntropyLoss(), data)[0] == history.val_losses[0]


def test_evaluate_is_one_pass_over_everything(data):
    """In evaluation mode, whatever the size of its batches; the mode is put back."""
    model, loss = small_model(), CrossEntropyLoss()
    value, accuracy = evaluate(model, loss, data, batch_size=7)
    assert model.training
    assert model[3].training
    logits = model.eval()(data[0])
    assert value == pytest.approx(F.cross_entropy(logits, data[1]), rel=1e-12)
    assert accuracy == F.accuracy(logits, data[1])
    evaluate(model, loss, data)
    assert not model.training


def test_evaluation_of_nothing_is_refused():
    with pytest.raises(ValueError, match=r"expected data as .* got 0 rows and 0 targets"):
        evaluate(small_model(), CrossEntropyLoss(), (np.ones((0, 4)), np.ones(0, int)))


def test_labels_of_single_bytes_are_classes(data):
    model = small_model()
    expected = evaluate(model, CrossEntropyLoss(), data)
    assert evaluate(model, CrossEntropyLoss(), (data[0], data[1].astype(np.uint8))) == expected


def test_loss_and_gradients_start_from_zero(data):
    model, loss = small_model().eval(), CrossEntropyLoss()
    first = loss_and_gradients(model, loss, *data)
    grads = [p.grad.copy() for p in model.parameters()]
    assert loss_and_gradients(model, loss, *data) == first
    for p, grad in zip(model.parameters(), grads, strict=True):
        assert_array_equal(p.grad, grad)


@pytest.mark.parametrize("progress", [True, False])
def test_progress_is_a_line_on_standard_output(data, progress, capsys):
    history = run_fit(data, progress=progress, validation=data)
    out, err = capsys.readouterr()
    assert err == ""
    if progress:
        loss, accuracy = history.train_losses[-1], history.val_accuracies[-1]
        last = f"loss {loss:.4g} | validation accuracy {accuracy:.4g}"
        assert out.splitlines()[-1].startswith(f"epoch 3/3 [####################] 100% | {last} |")
    else:
        assert out == ""


def test_progress_counts_batches_within_epochs(data, monkeypatch):
    """The last batch of 2 rows counts; epochs are counted from 1, with the mean loss so far."""
    updates, totals = [], []
    bar = SimpleNamespace(update=lambda *update: updates.append(update))
    monkeypatch.setattr(training, "progress_bar", lambda n: totals.append(n) or nullcontext(bar))
    history = run_fit(data, progress=True, num_epochs=2)

    assert totals == [8]
    assert [done for done, _, _ in updates] == [1, 2, 3, 4, 4, 5, 6, 7, 8, 8]
    assert [label for _, label, _ in updates] == ["epoch 1/2"] * 5 + ["epoch 2/2"] * 5
    losses = [numbers["loss"] for _, _, numbers in updates]
    assert losses[1] == pytest.approx(np.mean(history.losses[:2]))
    assert losses[4:10:5] == history.train_losses


def diverging(data, **arguments):
    with pytest.raises(TrainingDiverged) as caught:
        run_fit(data, **arguments)
    return str(caught.value), caught.value.history


def test_a_learning_rate_that_is_too_large_is_named(data, rng):
    model = Sequential(Linear(4, 8, rng), ReLU(), Linear(8, 1, rng))
    targets = data[0][:, :1]
    optimizer = SGD(model.parameters(), lr=1e9)
    message, history = diverging(
        (data[0], targets), model=model, optimizer=optimizer, loss=MSELoss(), num_epochs=20
    )
    assert "expected a finite loss, got" in message
    assert "learning rate" in message
    assert "1e+09" in message
    assert len(history.losses) >= 1
    assert np.isfinite(history.losses).all()


def test_parameters_that_are_nan_are_named(data):
    """With the step, the losses of the three steps before it, and the learning rate."""

    def spoil(run):
        if run.batch == 2 and run.epoch == 1:
            run.model[4].bias.data[1] = np.nan

    message, history = diverging(data, hooks={"after_step": spoil})
    assert "Parameters are NaN or infinite already: 4.bias. " in message
    assert "at step 6 (epoch 1)" in message
    assert str([round(loss, 3) for loss in history.losses[3:6]]) in message
    assert "the learning rate, 0.1, is too large" in " ".join(message.split())
    assert len(history.losses) == 6


def test_data_that_are_nan_are_named(data):
    x, targets = data
    message, _ = diverging((np.where(x > 2, np.nan, x), targets))
    assert "The batch has entries that are NaN" in message
    message, _ = diverging(
        (x, np.full((50, 3), np.inf)),
        loss=MSELoss(),
        model=Sequential(Linear(4, 3, np.random.default_rng(0))),
    )
    assert "The targets of the batch" in message


def test_a_function_that_overflows_is_named(data, rng):
    """NumPy's own warning of the logarithm of 0 comes, too: it names the line."""
    linear = Linear(4, 3, rng)
    linear.weight.data[0, 0] = -70
    log = FunctionLayer(lambda x: np.log(x * 0), lambda grad_output, x: grad_output / x)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        message, _ = diverging(data, model=Sequential(linear, log))
    assert "All parameters are finite (the largest is 70)" in message
    assert "of your own" in message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"early_stopping": EarlyStopping(2)}, "early stopping needs a validation loss"),
        ({"batch_size": 0}, "a batch_size of 1 or more .* got 0 and 3;"),
        ({"num_epochs": -1}, "num_epochs of 0 or more, got 16 and -1;"),
        ({"record": ["gradients"]}, "expected record to name some of gradient_norms"),
        ({"hooks": {"after_batch": print}}, r"expected hooks for .*got \['after_batch'\]"),
        ({"validation": (np.ones((2, 4)), np.ones(3, int))}, "expected validation as"),
    ],
)
def test_wrong_arguments_are_refused(data, arguments, message):
    with pytest.raises(ValueError, match=message):
        run_fit(data, **arguments)


def test_data_that_do_not_belong_together_are_refused(data):
    with pytest.raises(ValueError, match="got 50 rows and 49 targets"):
        run_fit((data[0], data[1][1:]))
    with pytest.raises(ValueError, match="got 0 rows and 0 targets"):
        run_fit((data[0][:0], data[1][:0]))


def test_a_student_may_choose_the_batches(data):
    def in_order(num_examples, batch_size, rng):
        return np.arange(num_examples).reshape(-1, batch_size)

    seen = []
    run_fit(
        data,
        minibatches=in_order,
        batch_size=10,
        num_epochs=1,
        hooks={"after_step": lambda run: seen.extend(run.targets)},
    )
    assert_array_equal(seen, data[1])
