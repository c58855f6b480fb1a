# %% [markdown]
# # Overfitting and dropout
#
# A network has trained on 200 images of digits for 100 epochs. By now it gives the answer on the
# label for every single one of them: 100 %. On new images it is right in 7 cases out of 10. And
# here is the strange part: after 19 epochs, when it still disagreed with many labels, it was right
# in 8 cases out of 10.
#
# * What did it learn in the other 81 epochs?
# * What can you do about it: stop earlier, keep the weights small, or even switch off most of the
#   network at random?
#
# By the end of this lesson you will have tried all three, with your own functions.

# %% [markdown]
# **You need** the loss of a network and its gradients (lesson 04), gradient descent with
# minibatches (lesson 05), and the expected value of a random number.
#
# **You build** `early_stopping_epoch`, the L2 penalty (`l2_penalty`, `l2_penalty_backward`) and
# dropout (`dropout_forward`, `dropout_backward`).
#
# **How to work.** Five cells are yours to fill in. Run your cell, then the cell below it: `check`
# tries your function on many inputs and, where it recognises a mistake, names it. Where the text
# says **Predict**, decide on an answer before you run the next cell.

# %%
import os

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from course import check
from nnkit.functional import (
    accuracy,
    cross_entropy,
    cross_entropy_backward,
    kaiming_normal,
    linear,
    linear_backward,
    minibatches,
    mlp_forward,
    mlp_loss,
    relu,
    relu_backward,
    sgd_step,
    softmax,
)
from nnkit.plots import show_figure, show_live, weight_distributions

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too
SHORT = "NBGRADER_EXECUTION" in os.environ  # while grading, the long runs are cut short
NUM_EPOCHS = 5 if SHORT else 100
SEEDS = [1] if SHORT else [1, 2, 3]

# %% [markdown]
# ## Little data, with mistakes in it
#
# We divide the digits into three parts:
#
# * **training set**, 200 images: the gradient is computed from these, and only from these;
# * **validation set**, 500 images: never used for a gradient. We look at them to make decisions,
#   such as when to stop;
# * **test set**, 500 images: opened once, at the very end, to report how good the result is.
#
# People who label data make mistakes. We plant many, so that we know where they are and the effect
# is plain to see: 60 of the 200 training images get a wrong label. Validation and test labels stay
# right. The test set is the same for every seed, so no test image is ever trained on.


# %%
def split(seed, num_wrong=60):
    """Training, validation and test set, and the true labels of the training set."""
    digits, rng = load_digits(), np.random.default_rng(seed)
    x, labels = digits.data / 16, digits.target.copy()
    order = np.random.default_rng(0).permutation(1797)
    test, others = order[:500], rng.permutation(order[500:])  # the same test set for every seed
    train, wrong = others[:200], others[:num_wrong]
    labels[wrong] = (labels[wrong] + rng.integers(1, 10, size=num_wrong)) % 10  # never the true one
    sets = [(x[part], labels[part]) for part in (train, others[200:700], test)]
    return *sets, digits.target[train]


# %% [markdown]
# The network is much too large for 200 images, on purpose: 64 inputs, 256 hidden units with ReLU,
# 10 outputs. That makes 19 210 weights and biases, almost a hundred for each image.
#
# | formula | code | meaning |
# |---|---|---|
# | $L$ | | loss on the training set: the mean cross-entropy |
# | $w$ | `weight` | any single weight, or an array of them |
# | $\eta$ | `lr` | learning rate |
# | $\lambda$ ("lambda") | `strength` | how much the L2 penalty counts |
# | $p$ | `p` | probability that dropout sets an entry to zero |
# | $m$ | `mask` | what dropout multiplies an entry by |


# %%
def new_params(rng):
    """Two weight matrices and two biases, in one list."""
    weights = [kaiming_normal(64, 256, rng), kaiming_normal(256, 10, rng)]
    return [*weights, np.zeros(256), np.zeros(10)]


def evaluate(params, x, targets):
    logits, _ = mlp_forward(x, params[:2], params[2:])
    return cross_entropy(logits, targets), accuracy(logits, targets)


def plain_grads(params, x, targets, rng):
    _, grad_weights, grad_biases = mlp_loss(x, targets, params[:2], params[2:])
    return grad_weights + grad_biases


def train(grads_of, seed, num_epochs=NUM_EPOCHS, num_wrong=60):
    """Train a new network; return its parameters and a table with one row for each epoch."""
    (x_train, targets_train), validation, _, _ = split(seed, num_wrong)
    rng = np.random.default_rng(seed)
    params, rows = new_params(rng), []
    for _ in range(num_epochs):
        for batch in minibatches(200, 20, rng):
            grads = grads_of(params, x_train[batch], targets_train[batch], rng)
            params = [sgd_step(p, g, lr=0.2) for p, g in zip(params, grads, strict=True)]
        rows.append([*evaluate(params, x_train, targets_train), *evaluate(params, *validation)])
    return params, np.array(rows)  # columns: training loss, accuracy, validation loss, accuracy


# %% [markdown]
# ## The gap
#
# **Predict**: which of the two losses is higher at the start, on the training set or on the
# validation set? Which at the end?


# %%
def draw_curves(ax, rows, what):
    """Training and validation: what stands in column `what` of the table, 0 loss or 1 accuracy."""
    ax.plot(rows[:, what], color=BLUE, linestyle="-", label="training set")
    ax.plot(rows[:, what + 2], color=ORANGE, linestyle="--", label="validation set")
    ax.set(xlabel="epoch", ylabel=["cross-entropy", "accuracy"][what], ylim=(0, [2.6, 1.02][what]))
    ax.legend()


params, rows = train(plain_grads, seed=1)
_, _, val_loss, val_accuracy = rows.T
best = val_loss.argmin()
for epoch in [0, best, NUM_EPOCHS - 1]:
    training, validation = rows[epoch].reshape(2, 2).round(2)
    print(f"epoch {epoch:2}: loss and accuracy in training {training}, in validation {validation}")
fig, axes = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
for what in (0, 1):
    draw_curves(axes[what], rows, what)
show_figure(
    fig,
    alt="Left: the training loss falls almost to 0. The validation loss falls to 0.7 at epoch 18, "
    "then rises slowly, with many wobbles, to 0.9. Right: the training accuracy rises to 1; the "
    "validation accuracy jumps to about 0.8 and then sinks to 0.7.",
)

# %% [markdown]
# The training loss falls almost to 0. The validation loss falls too, at first: what the network
# learns about the training images also holds for new ones. After epoch 18 it turns round.
# (Epochs count from 0: 19 of them have been run by then. At the start the training loss is the
# *higher* one, since 60 of its labels are wrong and the validation labels are right.)
#
# The distance between the two curves is the **generalisation gap**. A network whose gap grows while
# its validation loss gets worse is **overfitting**: it learns what is special about *these* images,
# at the cost of what all images have in common.
#
# The opposite, **underfitting**, is a high loss on both sets. Then the network is too small, or its
# training too short.

# %% [markdown]
# ### What did it learn?
#
# We know which labels are wrong. So we can ask what the network says to those 60 images: the digit
# that is *really* on the picture, or the wrong label that it was given? At the end it gives the
# wrong label each time, since its accuracy on the training set is 1.
#
# **Predict** the answer for the best epoch.


# %%
def answers_to_wrong_labels(params):
    (x_train, labels), _, _, true_targets = split(1)
    answers = mlp_forward(x_train[:60], params[:2], params[2:])[0].argmax(axis=1)
    return (answers == true_targets[:60]).sum(), (answers == labels[:60]).sum()


early_params, _ = train(plain_grads, seed=1, num_epochs=best + 1)
for num_epochs, network in [(best + 1, early_params), (NUM_EPOCHS, params)]:
    right, wrong = answers_to_wrong_labels(network)
    print(f"after {num_epochs} epochs: {right} times the true digit, {wrong} times the wrong label")

# %% [markdown]
# After 19 epochs it overrules most of the wrong labels: the other images have taught it what a 3
# looks like. At the end it has learnt all 60 mistakes by heart. It bent its function so far that it
# agrees with each of them, and every bend makes it worse for the new images nearby.
#
# Are the wrong labels to blame for everything? **Predict** what happens if all labels are right.

# %%
_, clean_rows = train(plain_grads, seed=1, num_wrong=0)
last_train, _, last_val, last_accuracy = clean_rows[-1]
print(f"correct labels, last epoch: training loss {last_train:.3f}, validation loss {last_val:.2f}")
print(f"lowest validation loss {clean_rows[:, 2].min():.2f}, last accuracy {last_accuracy:.2f}")

# %% [markdown]
# Now the validation loss ends where it was lowest: the *rise* has gone. The *gap* is still there,
# 0.01 against 0.22. So the wrong labels make long training harmful here. But the gap itself comes
# from having few images, and a network that can learn them all by heart.

# %% [markdown]
# ## Remedy 1: early stopping
#
# The simplest idea: stop where the validation loss is lowest, and take the weights of that epoch.
# But while you train, you don't know the future. The loss wobbles, so the first bad epoch means
# little. The rule in use has two numbers:
#
# * An epoch is an **improvement** if its loss is below the best one so far by *more than*
#   `min_delta`. (With `min_delta=0`: simply below it.)
# * Training stops when `patience` epochs in a row brought no improvement.
#
# By hand, with `patience=2` and `min_delta=0`:
#
# | epoch | 0 | 1 | 2 | 3 | 4 | 5 | 6 |
# |---|---|---|---|---|---|---|---|
# | validation loss | 0.9 | 0.7 | 0.8 | 0.6 | 0.6 | 0.65 | 0.5 |
# | improvement? | yes | yes | no | yes | no | no | never run |
# | epochs since the best | 0 | 0 | 1 | 0 | 1 | 2 | |
#
# Training stops at epoch 5; the best epoch is 3. Epoch 4 only *equals* the best, which is no
# improvement. Epoch 6 would have been better, but nobody will ever know.

# %% [markdown]
# ### Exercise: `early_stopping_epoch`
#
# Given the losses, return the epoch at which training stops and the best epoch until then. Before
# you start:
#
# * Which two things do you have to remember from epoch to epoch?
# * What do you compare a loss with: the epoch before, or the best so far?
# * What is the answer if the losses end before patience does?

# %% role="exercise" name="early_stopping_epoch"

# %% [markdown]
# Now on the real curve. **Predict**: will a patience of 1 stop too early here? What does more
# patience cost?

# %%
by_hand = early_stopping_epoch([0.9, 0.7, 0.8, 0.6, 0.6, 0.65, 0.5], patience=2)
assert by_hand == (5, 3), f"the table above says (5, 3), early_stopping_epoch {by_hand}: repair it"
for patience in [1, 3, 10, 30]:
    stop_epoch, best_epoch = early_stopping_epoch(val_loss, patience)
    print(
        f"patience {patience:2}: stop at epoch {stop_epoch:2}, best epoch {best_epoch:2}, "
        f"validation loss {val_loss[best_epoch]:.2f}, accuracy {val_accuracy[best_epoch]:.2f}"
    )

stop_epoch, best_epoch = early_stopping_epoch(val_loss, 10)
fig, ax = plt.subplots(figsize=(7, 4))
ax.axvline(best_epoch, color=GREEN, linestyle="-.", label=f"best epoch: {best_epoch}")
ax.axvline(stop_epoch, color="black", linestyle=":", label=f"stop: {stop_epoch}")
draw_curves(ax, rows, 0)
ax.set_title("Early stopping, patience 10")
words = f"best epoch, {best_epoch}, and the stop, {stop_epoch}"
show_figure(fig, alt=f"The loss curves again. Vertical lines mark the {words}.")

# %% [markdown]
# A patience of 1 falls for the first wobble: it stops at epoch 4 and misses the best epoch by far.
# With 3 or more, all find epoch 18. But patience has a price: the epochs between the best one and
# the stop are thrown away, 10 of them with a patience of 10.
#
# In a real program you must **copy** the weights whenever there is an improvement. If you only
# write `best_params = params` and then update the arrays in place, your "best" weights will change
# with every later step. (Here we simply train again, with the same seed, up to the best epoch.)

# %% [markdown]
# ## Remedy 2: small weights
#
# To send two similar images to different answers, a network needs large weights: only they turn a
# small difference of the input into a large difference of the output. So let large weights cost
# something. The **L2 penalty** adds the squares of all weights to the loss:
#
# $$L_{\text{total}} = L + \frac{\lambda}{2} \sum_w w^2$$
#
# The sum runs over all entries of all weight matrices. $\lambda$, the strength, says how much it
# counts. (The name: the root of a sum of squares is called the L2 norm.)
#
# By hand, with the weights $(1, 2)$ and $(-3)$ of two tiny layers and $\lambda = 0.1$: the squares
# are 1, 4 and 9, their sum is 14, and the penalty is $0.05 \cdot 14 = 0.7$.
#
# * **Why the half?** The derivative of $w^2$ is $2w$; the half cancels the 2. PyTorch's
#   `weight_decay` with plain SGD does the same.
# * **Why not the biases?** A bias shifts a unit's input by the same amount for every image. It
#   can't make the function steeper, which is what we want to prevent. And there are few of them.
# * **Why squares?** One weight of 3 costs 9, three weights of 1 cost 3 together. So the penalty
#   prefers many small weights to one large weight: the network must look at many pixels.

# %% [markdown]
# ### Exercise: `l2_penalty`
#
# The layers have different shapes, so the list can't become one array. Add up layer by layer. The
# result is one Python number. Nothing is divided by the batch size or by the number of weights.

# %% role="exercise" name="l2_penalty"

# %% [markdown]
# ### What the penalty does to a weight
#
# Only one term of the sum contains a given $w$. Its derivative is
#
# $$\frac{\partial}{\partial w} \Big( \frac{\lambda}{2} w^2 \Big) = \lambda w$$
#
# Put it into a step of gradient descent, with $g$ the gradient of $L$ alone:
#
# $$w \leftarrow w - \eta\, (g + \lambda w) = (1 - \eta \lambda)\, w - \eta\, g$$
#
# So in each step the weight first shrinks by the small factor $1 - \eta \lambda$, then takes its
# usual step. This is why the penalty is also called **weight decay**. With $\eta = 0.2$ and
# $\lambda = 0.01$ the factor is 0.998. A weight that the data don't care about ($g = 0$) is halved
# after 346 steps, since $0.998^{346} = 0.50$. A weight that matters is held up by its gradient, and
# comes to rest where the two cancel: $g = -\lambda w$.

# %% [markdown]
# ### Exercise: `l2_penalty_backward`
#
# One gradient for each weight matrix, with the same shape, in a list of the same order. Make new
# arrays, also when the strength is 1.

# %% role="exercise" name="l2_penalty_backward"

# %% [markdown]
# Are your two functions a pair? Push one weight by a tiny $h$ and compare: the change of the
# penalty divided by $h$ must be the entry of the gradient, as in lesson 03.

# %%
weights = [np.array([[1.0, 2.0]]), np.array([[-3.0]])]
pushed = [np.array([[1.0, 2.0]]), np.array([[-3.0 + 1e-6]])]
slope = (l2_penalty(pushed, 0.1) - l2_penalty(weights, 0.1)) / 1e-6
print(f"penalty {l2_penalty(weights, 0.1):.2f}")
print(f"measured slope {slope:.4f}, your gradient {l2_penalty_backward(weights, 0.1)[1][0, 0]:.4f}")

# %% [markdown]
# ### Train with it
#
# The gradients of the network come from the library. Yours are added to those of the two weight
# matrices; the biases are left alone. A step needs only the gradient of the penalty, not its value,
# and all losses below are measured *without* the penalty, so that you can compare them.


# %%
def l2_grads(strength):
    def grads_of(params, x, targets, rng):
        grads = plain_grads(params, x, targets, rng)
        for k, grad in enumerate(l2_penalty_backward(params[:2], strength)):
            grads[k] = grads[k] + grad
        return grads

    return grads_of


# %% [markdown]
# Five strengths, with three seeds each: one run alone could be luck. A seed decides on everything:
# which images are where, which labels are wrong, the first weights, the batches.
#
# **Predict**: what will the training loss do as the strength grows? What the validation loss?


# %%
def sweep(make_grads, values):
    """Train with each value and each seed; return the networks, and all their tables."""
    runs = {(v, seed): train(make_grads(v), seed) for v in values for seed in SEEDS}
    rows = np.array([[runs[v, seed][1] for seed in SEEDS] for v in values])
    return {key: params for key, (params, _) in runs.items()}, rows


def show_sweep(name, values, all_rows):
    """The last epoch: a table, and the losses as a figure (dots for seeds, lines for means)."""
    last = all_rows[:, :, -1]
    means = last[:, :, [0, 2]].mean(axis=1)
    print(f"{name:>8}  training  validation   gap   validation accuracy of each seed")
    for value, (training, validation), shares in zip(values, means, last[:, :, 3], strict=True):
        losses = f"{training:8.2f}  {validation:10.2f} {validation - training:5.2f}  "
        print(f"{value:8}  {losses}{''.join(f'{share:7.2f}' for share in shares)}")
    fig, ax = plt.subplots(figsize=(7, 4))
    for k, colour, line, label in [(0, BLUE, "-", "training"), (1, ORANGE, "--", "validation")]:
        ax.plot(last[:, :, 2 * k], "o", color=colour, alpha=0.5)
        ax.plot(means[:, k], color=colour, linestyle=line, label=f"{label} set (mean)")
    ax.set_xticks(range(len(values)), values)
    ax.set(xlabel=name, ylabel="cross-entropy in the last epoch", ylim=(0, None))
    ax.legend()
    words = "training {}, validation {}".format(*means.T.round(2))
    show_figure(fig, alt=f"Mean losses in the last epoch for {name} {values}: {words}.")


strengths = [0, 0.003, 0.01, 0.03, 0.1]
gradient = l2_penalty_backward([np.array([-3.0])], 0.1)[0]
assert np.allclose(gradient, -0.3), f"-0.3 expected, got {gradient}: repair l2_penalty_backward"
l2_networks, l2_rows = sweep(l2_grads, strengths)
show_sweep("strength", strengths, l2_rows)
right, wrong = answers_to_wrong_labels(l2_networks[0.03, 1])
print(f"strength 0.03, seed 1: {right} times the true digit, {wrong} times the wrong label")

# %% [markdown]
# The training loss rises with the strength: the penalty keeps the network from learning everything
# by heart. The validation loss falls, and then rises again, when the penalty is so strong that even
# the true pattern can't be learnt.
#
# With 0.01 the gap has shrunk from 0.92 to 0.15. But look where that comes from: the training loss
# rose by 0.59, the validation loss fell by only 0.18. And with 0.1 there is no gap at all, and both
# losses are bad. **A small gap isn't the aim. A low validation loss is.** (The gap can be below 0
# here: the training set has wrong labels, the validation set has none.)
#
# With 0.03 the accuracy is the best of all, yet the loss is no better than without a penalty. For
# 45 of the 60 wrong labels the network says the true digit (last line printed). But a loss of 1.04
# means a probability of about $e^{-1.04} = 0.35$ for the right digit: it is seldom sure.

# %% [markdown]
# ### Try it: the whole curves
#
# Move the slider (this needs a running kernel; the figure above says the same at the last epoch).
# Watch when the two curves part, and where the lowest point of the validation loss lies.

# %%
curves = dict(zip(strengths, l2_rows[:, 0], strict=True))  # of the first seed
slider = widgets.SelectionSlider(options=strengths, value=0, description="strength")
live_figure, live_ax = plt.subplots(figsize=(7, 3.6))
draw_curves(live_ax, curves[0], 0)


def redraw(strength):
    run = curves[strength]
    live_ax.lines[0].set_ydata(run[:, 0])
    live_ax.lines[1].set_ydata(run[:, 2])
    return (
        f"Strength {strength}: the last training loss is {run[-1, 0]:.2f}, the last validation "
        f"loss {run[-1, 2]:.2f}; the lowest was {run[:, 2].min():.2f}, epoch {run[:, 2].argmin()}."
    )


show_live(live_figure, redraw, strength=slider)

# %% [markdown]
# And the weights themselves? **Predict**: with strength 0.01, are a few weights of the first layer
# smaller, or nearly all? Are any exactly 0?

# %%
some_params = {"no penalty": params, "strength 0.01": l2_networks[0.01, 1]}
for name, some in some_params.items():
    print(f"{name}: sum of all squares {2 * l2_penalty(some[:2], 1.0):.3g},", end="")
    print(f" {np.sum(some[0] == 0)} weights of the first layer are 0")
weight_distributions({name: some[0] for name, some in some_params.items()}).show()

# %% [markdown]
# Nearly all have shrunk towards 0, as most of the random weights of the start were never needed.
# None of them is exactly 0: the smaller a weight, the smaller its decay.

# %% [markdown]
# ## Remedy 3: dropout
#
# Now the strangest remedy. In every training step, switch off a random part of the hidden units:
# set each activation to 0 with probability $p$, each by its own throw of a coin. The next step
# throws all coins anew.
#
# Why should that help? Think of a unit that learnt: "this one pixel means image number 17". It is
# of use only together with the other units that know number 17. When half of them are missing in
# each step, such conspiracies fall apart. Each unit has to be useful in whatever company it finds
# itself. This is **dropout as noise**: a network that gives the right answer in spite of so much
# noise can't rest on accidental details.

# %% [markdown]
# ### The expected value must not change
#
# The next layer adds up its inputs. If a share $p$ of them is missing, the sum shrinks to $1 - p$
# of its size, on average. After training nothing is switched off, and the sums would suddenly be
# too large. So we make up for it during training: whoever survives is multiplied by $1/(1-p)$. For
# one activation $x$, the result $y = m x$ has two possible values:
#
# $$y = \begin{cases} 0 & \text{with probability } p \\
#   \dfrac{x}{1-p} & \text{with probability } 1 - p \end{cases}
# \qquad
# \mathbb{E}[y] = p \cdot 0 + (1 - p) \cdot \frac{x}{1 - p} = x$$
#
# Check: $x = 6$ and $p = 1/4$. A quarter of the time $y = 0$, otherwise $y = 6 / 0.75 = 8$. The
# mean is $0.75 \cdot 8 = 6$.
#
# The division during training is called **inverted dropout**. (The first papers multiplied at test
# time instead, by $1-p$.) Its advantage: evaluation needs no dropout code at all.
#
# The mean stays, but noise is added: the variance of $y$ is $x^2\, p / (1 - p)$. In the example
# $36 / 3 = 12$, or directly: $0.75 \cdot 8^2 - 6^2 = 12$. A larger $p$ means more noise.

# %% [markdown]
# ### Exercise: `dropout_forward`
#
# Two modes. In training, make the mask $m$ and return $y$ and $m$. In evaluation, let everything
# pass: a copy of $x$, and a mask of ones. Think about:
#
# * `rng.random(shape)` gives numbers spread evenly from 0 to 1. Which part of them is below $p$?
# * $p$ is the probability of *zeroing*, not of keeping.
# * Every entry has its own coin: what must the shape be?

# %% role="exercise" name="dropout_forward"

# %% [markdown]
# Try it on a long array of sixes, now with $p = 3/4$. **Predict** the values that occur, the mean,
# and the variance.

# %%
y, mask = dropout_forward(np.full(100_000, 6.0), 0.75, True, np.random.default_rng(0))
print("values:", np.unique(y.round(6)), " share of zeros:", round((y == 0).mean(), 3))
print(f"mean {y.mean():.2f}, variance {y.var():.2f}; by the formulas 6 and {36 * 0.75 / 0.25:.0f}")

# %% [markdown]
# ### Backwards: the same mask
#
# In this step, the layer has computed $y = m x$ with one particular mask. The mask doesn't depend
# on $x$; for the derivative it is a constant. So
#
# $$\frac{\partial L}{\partial x} = m \, \frac{\partial L}{\partial y}$$
#
# entry by entry. What was switched off gets no gradient: it had no part in the answer. What
# survived was scaled by $1/(1-p)$, and so is its gradient. Throwing new coins here would give the
# gradient of another network than the one that answered.

# %% [markdown]
# ### Exercise: `dropout_backward`

# %% role="exercise" name="dropout_backward"

# %% [markdown]
# ### Train with it
#
# Here is the whole network with your dropout after the hidden layer's ReLU, written out so that you
# see the way there and back. The output layer has no dropout: every logit is needed.


# %%
def dropout_grads(p):
    def grads_of(params, x, targets, rng):
        weight1, weight2, bias1, bias2 = params
        hidden = relu(linear(x, weight1, bias1))
        dropped, mask = dropout_forward(hidden, p, True, rng)
        logits = linear(dropped, weight2, bias2)

        grad_logits = cross_entropy_backward(logits, targets)
        grad_dropped, grad_weight2, grad_bias2 = linear_backward(grad_logits, dropped, weight2)
        grad_hidden = dropout_backward(grad_dropped, mask)
        grad_sum = relu_backward(grad_hidden, hidden)  # hidden > 0 where the ReLU was open
        _, grad_weight1, grad_bias1 = linear_backward(grad_sum, x, weight1)
        return [grad_weight1, grad_weight2, grad_bias1, grad_bias2]

    return grads_of


# %% [markdown]
# `train` evaluates with `mlp_forward`, which knows no dropout. That is evaluation mode, as it
# should be: both losses below are measured with all units on.
#
# **Predict**: which $p$ is best, and will the training loss still reach 0?

# %%
y, mask = dropout_forward(np.full((200, 500), 6.0), 0.75, True, np.random.default_rng(0))
assert abs(y.mean() - 6) < 0.1, f"the mean of sixes is {y.mean():.2f}: repair dropout_forward first"
assert np.allclose(dropout_backward(y, mask), y * mask), "repair dropout_backward first"
ps = [0, 0.3, 0.5, 0.7, 0.85]
dropout_networks, p_rows = sweep(dropout_grads, ps[1:])
p_rows = np.concatenate([l2_rows[:1], p_rows])  # p = 0 is strength 0: no remedy at all
show_sweep("p", ps, p_rows)

# %% [markdown]
# The mean validation loss falls up to 0.7 and then stays, while the accuracy still improves. With
# 0.85 the training loss no longer comes near 0, and the gap has shrunk from 0.92 to 0.14. The
# validation loss did a larger part of the way than with L2: it fell by 0.30.
#
# Such a large $p$ is possible because the network is so much too large: with 0.85, about 38 of its
# 256 units are on in each step. In a smaller network that would be far too few. For hidden layers,
# 0.5 is the usual first try.

# %% [markdown]
# ## Dropout as an ensemble
#
# An **ensemble** is a group of networks whose answers are averaged. It is nearly always better than
# a single member, because members make different mistakes, and the mean keeps what they agree on.
#
# A mask picks a smaller network out of the large one. With 256 units there are $2^{256}$ masks:
# that many networks, which all share their weights. We would like the mean answer of all of them,
# which nobody can compute. Inverted dropout takes a shortcut: **one** pass with all units on, where
# every unit has its expected value.
#
# The expected value of a sum is the sum of the expected values, so for the logits the shortcut is
# exact. For the probabilities it isn't, since softmax isn't linear. How good is it? We can average
# over many masks and compare.
#
# **Predict**: the loss of one random mask, and of 300 averaged: above or below the shortcut?


# %%
def probs_of_masks(seed, num_masks):
    """What `num_masks` random parts of a network say about its validation images."""
    weight1, weight2, bias1, bias2 = dropout_networks[0.5, seed]
    hidden, rng = relu(linear(split(seed)[1][0], weight1, bias1)), np.random.default_rng(1)
    masked = [dropout_forward(hidden, 0.5, True, rng)[0] for _ in range(num_masks)]
    return np.array([softmax(linear(y, weight2, bias2)) for y in masked])


for seed in SEEDS:
    _, (x_val, targets_val), _, _ = split(seed)
    all_probs = probs_of_masks(seed, 300)
    print(f"seed {seed}")
    for count in [1, 10, 300]:
        probs = all_probs[:count].mean(axis=0)
        loss = -np.log(probs[np.arange(500), targets_val]).mean()
        share = accuracy(probs, targets_val)
        print(f"  mean of {count:3} masks: loss {loss:.3f}, accuracy {share:.3f}")
    loss, share = evaluate(dropout_networks[0.5, seed], x_val, targets_val)
    print(f"  all units on:      loss {loss:.3f}, accuracy {share:.3f}")

# %% [markdown]
# A single mask is clearly worse. The more masks, the lower the loss, but each further one helps
# less. The one pass with all units on is as good as the mean of 300 masks: the accuracy is the same
# to within 0.002, and the loss is a little lower with one seed, equal with another and a little
# higher with the third. For a 300th of the work, that is a good deal.
#
# The line of one mask also shows what happens to those who **forget to switch to evaluation mode**:
# they report the result of a random part of their network, and a different one in each attempt.

# %% [markdown]
# ## All together, on the test set
#
# We have made our choices with the validation set: the best epoch for each seed (patience 10),
# strength 0.01, $p = 0.85$ (as good as 0.7 in loss, better in accuracy). Since we picked what
# looked best there, the validation numbers may be a little too good. Now, once, the test set.
#
# **Predict** the order of the four.


# %%
def stopped(seed):
    """Plain training up to the best epoch that early stopping finds."""
    losses = l2_rows[0, SEEDS.index(seed), :, 2]  # strength 0: no remedy
    return train(plain_grads, seed, early_stopping_epoch(losses, 10)[1] + 1)[0]


networks = {
    "no remedy": [l2_networks[0, seed] for seed in SEEDS],
    "early stopping": [stopped(seed) for seed in SEEDS],
    "L2, 0.01": [l2_networks[0.01, seed] for seed in SEEDS],
    "dropout, 0.85": [dropout_networks[0.85, seed] for seed in SEEDS],
}
x_test, targets_test = split(1)[2]  # the same for every seed
for name, some in networks.items():
    results = np.array([evaluate(params, x_test, targets_test) for params in some])
    losses, shares = results.T.round(2)
    print(f"{name:14} test loss {losses} accuracy {shares} means", results.mean(axis=0).round(2))

# %% [markdown]
# Each remedy beats no remedy, with every seed, in loss and in accuracy. Dropout has the lowest mean
# loss, and with two of the three seeds it is clearly ahead. Early stopping comes second, ahead of
# L2 with every seed. It is also the only remedy that makes training *shorter*.
#
# Don't read a general ranking into this. It is one network, one kind of data, three seeds, and we
# tried only five settings of two remedies. What you can take with you is the method: choose on the
# validation set, report on the test set, several seeds. Remedies can also be combined. And better
# labels help most: with correct ones, the validation accuracy was 0.93.

# %% [markdown]
# ## Two questions to answer in writing
#
# **Question 1.** A friend trains with dropout $p = 0.5$. In his plot the training loss lies *above*
# the validation loss from the first epoch to the last. "Impossible", he says, "nobody does better
# on new data. There must be a bug." His training loss is the mean of the losses that the training
# steps computed during the epoch. Give **two** reasons why his plot may be fine. (2 points)

# %% [markdown] role="answer" id="training_above_validation" points=2
# **Model answer.**
#
# * The training loss was computed in training mode: half of the units were off, which is the loss
#   of a damaged network (compare the single mask above). The validation loss is measured with all
#   units on.
# * The training loss is a mean over the whole epoch, so it contains the worse weights of the
#   beginning. The validation loss is measured at the end of the epoch, with the newest weights.
#
# To compare the two fairly, evaluate both at the end of the epoch, in evaluation mode.
#
# **Marking.** 1 point for each reason, at most 2. A penalty (such as L2) that is included in one
# loss only, or wrong or harder examples in the training set only, are valid reasons too. No point
# for "dropout prevents overfitting" without saying why that would put the training loss *above*.

# %% [markdown]
# **Question 2.** Early stopping answers `(34, 24)`. A friend takes the weights of epoch 34 and
# reports the validation loss of epoch 24 as the quality of his network. Name his **two** mistakes,
# and say what he should do instead. (2 points)

# %% [markdown] role="answer" id="stop_and_best" points=2
# **Model answer.** First, the weights and the number don't belong together: 34 is where training
# ended, after ten epochs without improvement. He has to take the weights of epoch 24, which he must
# have copied then. Second, the validation loss of epoch 24 is the lowest of 35 numbers and was
# chosen *because* it is low. Part of that is luck, so it is too optimistic as a report. He should
# measure those weights once on a test set that took no part in any decision.
#
# **Marking.** 1 point: weights of the best epoch instead of the stop epoch. 1 point: the validation
# loss is biased by the choice, and a test set is needed. "He should use the test set to choose the
# epoch" loses the second point.

# %% [markdown]
# ## The answer to the question at the top
#
# In those 81 epochs the network learnt the wrong labels by heart, all 60 of them by the end.
# Stopping early, small weights and dropout hinder that, each in its own way. All three make the
# training loss worse, and the network better.

# %% [markdown]
# ## What to remember
#
# 1. **Watch two curves.** Training loss down and validation loss up means overfitting; both high
#    means underfitting. Low validation loss is the aim, not a small gap.
# 2. **Early stopping**: the best epoch so far, and `patience` epochs to beat it. Copy the weights.
# 3. **L2**: $\frac{\lambda}{2} \sum w^2$, weights only; its gradient $\lambda w$ makes weights
#    decay.
# 4. **Dropout**: zero with probability $p$, survivors times $1/(1-p)$, so that the mean stays; the
#    same mask backwards; nothing at all in evaluation.
# 5. **Decide with the validation set, report with the test set**, and try several seeds.

# %% [markdown]
# ## References
#
# * A. Krogh and J. A. Hertz (1992). A simple weight decay can improve generalization. *Advances in
#   Neural Information Processing Systems* 4. Why small weights help.
# * L. Prechelt (1998). Early stopping - but when? In *Neural Networks: Tricks of the Trade*,
#   Springer, <https://doi.org/10.1007/3-540-49430-8_3>. Stopping rules compared, on many tasks.
# * G. E. Hinton, N. Srivastava, A. Krizhevsky, I. Sutskever and R. R. Salakhutdinov (2012).
#   Improving neural networks by preventing co-adaptation of feature detectors,
#   <https://arxiv.org/abs/1207.0580>.
# * N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov (2014). Dropout: a
#   simple way to prevent neural networks from overfitting. *Journal of Machine Learning Research*
#   15, 1929-1958, <https://jmlr.org/papers/v15/srivastava14a.html>. Many experiments.
# * I. Goodfellow, Y. Bengio and A. Courville (2016). *Deep Learning*, MIT Press, chapter 7,
#   <https://www.deeplearningbook.org>. All of these remedies, and more, in one chapter.
