"""The training loop: `fit`, and the steps it is made of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from nnkit import functional
from nnkit.checkpoint import load
from nnkit.divergence import TrainingDiverged, explain_divergence
from nnkit.early_stopping import EarlyStopping
from nnkit.history import History, recorder
from nnkit.losses import CrossEntropyLoss, Loss
from nnkit.module import Module
from nnkit.optimizer_base import Optimizer
from nnkit.parameter import Array
from nnkit.progress import progress_bar
from nnkit.run import Data, Hook, Minibatches, Run, Totals

EVENTS = ("before_step", "after_backward", "after_step", "after_epoch")


def fit(
    model: Module,
    optimizer: Optimizer,
    data: Data,
    *,
    num_epochs: int,
    rng: np.random.Generator,
    batch_size: int = 32,
    loss: Loss | None = None,
    validation: Data | None = None,
    schedule: Callable[[int], float] | None = None,
    early_stopping: EarlyStopping | None = None,
    record: Sequence[str] = (),
    hooks: Mapping[str, Hook | Sequence[Hook]] | None = None,
    minibatches: Minibatches = functional.minibatches,
    resume: str | Path | None = None,
    progress: bool = True,
) -> History:
    """Train a model.

    Parameters
    ----------
    model : Module
        Left in evaluation mode.
    optimizer : Optimizer
        Made for ``model.parameters()``.
    data : pair of ndarray (x, targets)
        Training examples, one a row.
    num_epochs : int
        How often to go through them.
    rng : numpy.random.Generator
        Decides the order of the examples.
    batch_size : int, default=32
        Examples in a step.
    loss : Loss, default=CrossEntropyLoss()
        What to make small.
    validation : pair of ndarray (x, targets), optional
        Examples to look at after each epoch, in evaluation mode.
    schedule : callable, optional
        ``schedule(step)`` gives the learning rate; steps count from 0. See `nnkit.schedules`.
    early_stopping : EarlyStopping, optional
        Stops when the validation loss no longer falls. The model ends up with the weights of
        the best epoch, also when training ends in another way.
    record : sequence of str, default=()
        What else goes into the history, for each step: "gradient_norms", "update_ratios",
        "activations". It takes time.
    hooks : dict of str to callable or list of callable, optional
        Functions that are called with the `Run` at "before_step", "after_backward" (gradients
        are there, parameters not yet changed), "after_step" or "after_epoch".
    minibatches : callable, default=nnkit.functional.minibatches
        ``minibatches(num_examples, batch_size, rng)`` gives arrays of indices.
    resume : path, optional
        A file written by ``run.save(path)`` in a hook. With the same arguments otherwise, the
        run goes on from there, and its result equals that of an uninterrupted one bit for bit.
    progress : bool, default=True
        Whether to show a line of progress.

    Returns
    -------
    history : History
        Ctrl-C (the stop button in JupyterLab) ends training and gives the history so far.

    Raises
    ------
    TrainingDiverged
        If the loss becomes NaN or infinite. The message names the likely causes, and the
        exception holds the history.
    ValueError
        If there are no examples, or the arguments don't fit together.

    Examples
    --------
    >>> from nnkit import Adam, Linear, ReLU, Sequential
    >>> rng = np.random.default_rng(0)
    >>> x = rng.uniform(-1, 1, size=(200, 2))
    >>> targets = (x[:, 0] * x[:, 1] > 0).astype(int)
    >>> model = Sequential(Linear(2, 32, rng), ReLU(), Linear(32, 2, rng))
    >>> optimizer = Adam(model.parameters(), lr=0.01)
    >>> history = fit(model, optimizer, (x, targets), num_epochs=30, rng=rng, progress=False)
    >>> history.train_accuracies[-1] > 0.95
    True
    """
    if early_stopping and validation is None:
        raise ValueError("early stopping needs a validation loss; pass validation=(x, targets)")
    run = Run(
        model=model,
        optimizer=optimizer,
        loss=loss or CrossEntropyLoss(),
        rng=rng,
        data=_checked(data, "data"),
        validation=_checked(validation, "validation") if validation else None,
        batch_size=batch_size,
        num_epochs=num_epochs,
        schedule=schedule,
        early_stopping=early_stopping,
        minibatches=minibatches,
        hooks=_lists_of_hooks(hooks or {}),
    )
    if resume is not None:
        load(resume, run=run)
    with ExitStack() as stack:
        for name in record:
            stack.enter_context(recorder(name)(run))
        if progress:
            show = stack.enter_context(_progress_hook(run))
            run.hooks["after_step"].append(show)
            run.hooks["after_epoch"].append(show)
        # Overflow ends in a loss that is NaN or infinite, which _run_step explains.
        stack.enter_context(np.errstate(over="ignore", invalid="ignore"))
        try:
            while run.epoch < num_epochs and not run.stop_reason:
                _run_epoch(run)
        except KeyboardInterrupt:
            run.stop("interrupted")
    if early_stopping:
        early_stopping.restore_best(model)
        run.history.best_epoch = early_stopping.best_epoch
    run.history.stop_reason = run.stop_reason or "finished"
    model.eval()
    return run.history


def loss_and_gradients(model: Module, loss: Loss, x: Array, targets: Array) -> float:
    """The loss of a batch; the gradients of all parameters are there afterwards.

    Parameters
    ----------
    model : Module
    loss : Loss
    x, targets : ndarray
        A batch, one example a row.

    Returns
    -------
    loss : float

    Examples
    --------
    One step of training, by hand:

    >>> from nnkit import SGD, Linear
    >>> model = Linear(1, 2, np.random.default_rng(0))
    >>> optimizer = SGD(model.parameters(), lr=0.5)
    >>> x, targets = np.array([[1.0], [-1.0]]), np.array([0, 1])
    >>> before = loss_and_gradients(model, CrossEntropyLoss(), x, targets)
    >>> optimizer.step()
    >>> loss_and_gradients(model, CrossEntropyLoss(), x, targets) < before
    True
    """
    model.zero_grad()
    value = loss(model(x), targets)
    model.backward_parameters(loss.backward())
    return value


def evaluate(
    model: Module, loss: Loss, data: Data, batch_size: int = 1024
) -> tuple[float, float | None]:
    """Mean loss and, where targets are classes, accuracy; in evaluation mode.

    Parameters
    ----------
    model : Module
        Its mode is put back afterwards.
    loss : Loss
        A mean over the rows of a batch.
    data : pair of ndarray (x, targets)
    batch_size : int, default=1024
        How many rows go through the network at a time, which keeps memory small.

    Returns
    -------
    loss : float
    accuracy : float or None

    Raises
    ------
    ValueError
        If there are no examples, or not one target for each.

    Examples
    --------
    >>> from nnkit import Linear
    >>> model = Linear(1, 2, np.random.default_rng(0))
    >>> model.weight.data = [[-5.0, 5.0]]
    >>> x, targets = np.array([[1.0], [-1.0], [2.0], [1.0]]), np.array([1, 0, 1, 0])
    >>> mean_loss, accuracy = evaluate(model, CrossEntropyLoss(), (x, targets))
    >>> round(mean_loss, 3), accuracy
    (2.5, 0.75)
    """
    was_training = model.training
    model.eval()
    x, targets = _checked(data, "data")
    totals = Totals()
    for start in range(0, len(x), batch_size):
        part = slice(start, start + batch_size)
        outputs = model(x[part])
        _add_batch(totals, loss(outputs, targets[part]), outputs, targets[part])
    model.train(was_training)
    return totals.loss / totals.rows, _accuracy(totals, targets)


def _run_epoch(run: Run) -> None:
    started = time.perf_counter()
    run.model.train()
    for indices in _batches_to_come(run):
        _run_step(run, indices)
        if run.stop_reason:
            return
    run.history.seconds.append(time.perf_counter() - started)
    _end_epoch(run)


def _batches_to_come(run: Run) -> list[Array]:
    """All batches of the epoch, or the rest of them in a run that was resumed."""
    if run.batch == 0:
        run.state_before_epoch = dict(run.rng.bit_generator.state)
        return _all_batches(run)
    state_now = run.rng.bit_generator.state
    run.rng.bit_generator.state = run.state_before_epoch
    batches = _all_batches(run)  # the same as before the interruption
    run.rng.bit_generator.state = state_now
    return batches[run.batch :]


def _all_batches(run: Run) -> list[Array]:
    return list(run.minibatches(len(run.data[0]), run.batch_size, run.rng))


def _run_step(run: Run, indices: Array) -> None:
    if run.schedule:
        run.optimizer.lr = run.schedule(run.optimizer.num_steps)
    run.call_hooks("before_step")
    x, run.targets = (array.take(indices, axis=0) for array in run.data)  # quicker than [indices]
    run.optimizer.zero_grad()
    run.outputs = run.model(x)
    run.loss_value = run.loss(run.outputs, run.targets)
    if not np.isfinite(run.loss_value):
        raise TrainingDiverged(explain_divergence(run, x), run.history)
    run.model.backward_parameters(run.loss.backward())
    run.call_hooks("after_backward")
    run.optimizer.step()
    run.batch += 1
    run.history.losses.append(run.loss_value)
    run.history.learning_rates.append(run.optimizer.lr)
    _add_batch(run.totals, run.loss_value, run.outputs, run.targets)
    run.call_hooks("after_step")


def _end_epoch(run: Run) -> None:
    history = run.history
    history.train_losses.append(run.totals.loss / run.totals.rows)
    _append_if_known(history.train_accuracies, _accuracy(run.totals, run.data[1]))
    run.epoch, run.batch, run.totals = run.epoch + 1, 0, Totals()
    if run.validation:
        loss, accuracy = evaluate(run.model, run.loss, run.validation)
        history.val_losses.append(loss)
        _append_if_known(history.val_accuracies, accuracy)
        if run.early_stopping and run.early_stopping.should_stop(loss, run.model):
            run.stop("early stopping")
    run.call_hooks("after_epoch")


def _add_batch(totals: Totals, loss: float, outputs: Array, targets: Array) -> None:
    totals.rows += len(targets)
    totals.loss += loss * len(targets)
    if _are_classes(targets):
        totals.hits += int(np.count_nonzero(outputs.argmax(axis=1) == targets))


def _accuracy(totals: Totals, targets: Array) -> float | None:
    return totals.hits / totals.rows if _are_classes(targets) else None


def _are_classes(targets: Array) -> bool:
    return targets.ndim == 1 and targets.dtype.kind in "iu"


def _append_if_known(values: list[float], value: float | None) -> None:
    if value is not None:
        values.append(value)


def _checked(data: Data, name: str) -> Data:
    x, targets = (np.asarray(array) for array in data)
    if len(x) != len(targets) or len(x) == 0:
        raise ValueError(
            f"expected {name} as (x, targets) with one target for each row of x, got "
            f"{len(x)} rows and {len(targets)} targets"
        )
    return x, targets


def _lists_of_hooks(hooks: Mapping[str, Hook | Sequence[Hook]]) -> dict[str, list[Hook]]:
    unknown = sorted(set(hooks) - set(EVENTS))
    if unknown:
        raise ValueError(f"expected hooks for {', '.join(EVENTS)}, got {unknown}")
    lists: dict[str, list[Hook]] = {event: [] for event in EVENTS}
    for event, functions in hooks.items():
        lists[event].extend([functions] if callable(functions) else functions)
    return lists


@contextmanager
def _progress_hook(run: Run) -> Iterator[Hook]:
    num_batches = -(-len(run.data[0]) // run.batch_size)

    def show(run: Run) -> None:
        totals, between_epochs = run.totals, run.totals.rows == 0
        epoch = run.epoch if between_epochs else run.epoch + 1
        loss = run.history.train_losses[-1] if between_epochs else totals.loss / totals.rows
        numbers = {"loss": loss}
        if run.history.val_accuracies:
            numbers["validation accuracy"] = run.history.val_accuracies[-1]
        done = run.epoch * num_batches + run.batch
        bar.update(done, f"epoch {epoch}/{run.num_epochs}", numbers)

    with progress_bar(run.num_epochs * num_batches) as bar:
        yield show
