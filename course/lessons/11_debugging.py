# %% [markdown]
# # Debugging
#
# Your training program runs. No error message, no warning. But the loss of your network with ten
# classes begins at 2.30, and after a hundred steps it still is 2.30.
#
# * Are the labels mixed up?
# * Are all the units off?
# * Are all the weights equal?
# * Is the learning rate much too small, or a gradient wrong?
#
# All of these look much the same in the loss. How do you find out in five minutes which one it
# is, without reading every line ten times?
#
# By the end of this lesson you have a list of measurements that tells them apart, and you have
# used it on eight broken programs.

# %% [markdown]
# **You need** the training of networks as in lessons 04 to 09: cross-entropy, backpropagation, how
# weights are drawn, standardizing, dropout and Adam.
#
# **You build** nothing new. You **repair** eight programs, `case_a` to `case_h`, and say in
# `diagnoses` what was wrong with each.
#
# **How to work.** For each case: look at what it shows, measure, decide what is wrong, *then* look
# for the line. Copy the program into the cell below it, repair it and give it the name that is
# asked for. `check` trains your repaired program on other data and looks at how it behaves. Any
# repair that works is right. Where the text says **Predict**, decide on an answer before you run
# the next cell.

# %%
import os
from itertools import pairwise

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from course import check
from nnkit.functional import (
    accuracy,
    adam_step,
    check_gradient,
    cross_entropy,
    cross_entropy_backward,
    dropout_backward,
    dropout_forward,
    fit_standardizer,
    kaiming_normal,
    minibatches,
    mlp_forward,
    mlp_loss,
    numerical_gradient,
    relu,
    relu_backward,
    standardize,
    xavier_uniform,
)
from nnkit.plots import show_figure, show_live

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too
SHORT = "NBGRADER_EXECUTION" in os.environ  # while grading, the long runs are cut short

# %% [markdown]
# ## A healthy program
#
# To see what is ill, one must know what is healthy. So we first measure a program that works: 300
# small pictures of digits with 64 pixels each, one hidden layer or more, ReLU, and plain gradient
# descent with all 300 examples in each step. Pixels are numbers from 0 to 16; here they are divided
# by 16.

# %%
digits = load_digits()
rows = np.random.default_rng(0).permutation(1797)[:600]
pixels, labels = digits.data[rows], digits.target[rows]
x_train, x_test = pixels[:300], pixels[300:]
targets_train, targets_test = labels[:300], labels[300:]


def train(x, targets, lr, num_steps, hidden=(32,), seed=0):
    """The losses, the weights and the biases of a healthy training."""
    rng, widths = np.random.default_rng(seed), [x.shape[1], *hidden, 10]
    weights = [kaiming_normal(*pair, rng) for pair in pairwise(widths)]
    biases = [np.zeros(width) for width in widths[1:]]
    losses = []
    for _ in range(num_steps):
        loss, grads_w, grads_b = mlp_loss(x, targets, weights, biases)
        losses.append(loss)
        weights = [weight - lr * grad for weight, grad in zip(weights, grads_w, strict=True)]
        biases = [bias - lr * grad for bias, grad in zip(biases, grads_b, strict=True)]
    return losses, weights, biases


# %% [markdown]
# One function draws loss curves. You will meet it often, so here it is once: it draws, and it says
# in words what it has drawn.


# %%
def style(name):
    """What is broken is orange and dashed."""
    if name.startswith(("case", "labels change")):
        return {"color": ORANGE, "linestyle": "--", "label": name}
    colour, line = (GREEN, ":") if name.startswith("wrong") else (BLUE, "-")
    return {"color": colour, "linestyle": line, "label": name}


def in_words(name, losses):
    low = f", never below {min(losses):.3g}" if min(losses) > 0.8 * losses[0] else ""
    high = f", up to {max(losses):.3g} on the way" if max(losses) > 1.2 * losses[0] else ""
    high = high if max(losses) > 1.2 * losses[-1] else ""
    return f"{name} goes from {losses[0]:.3g} to {losses[-1]:.3g}{low}{high}"


def show_losses(curves, title, scale="linear"):
    fig, ax = plt.subplots(figsize=(7, 3.4), layout="constrained")
    for name, losses in curves.items():
        ax.plot(losses, **style(name))
    ax.set(xlabel="step", ylabel="loss", yscale=scale, title=title)
    if scale == "linear":
        ax.set_ylim(0, 1.1 * max(map(max, curves.values())))
    ax.legend()
    words = "; ".join(in_words(name, losses) for name, losses in curves.items())
    show_figure(fig, alt=f"{title}. Loss against the step: {words}.")
    print(words)


losses, weights, biases = train(x_train / 16, targets_train, 0.3, 150)
show_losses({"healthy": losses}, "A healthy training")
test_logits = mlp_forward(x_test / 16, weights, biases)[0]
print(f"accuracy on new pictures {accuracy(test_logits, targets_test):.2f}")

# %% [markdown]
# ## Five measurements
#
# ### 1. The first loss
#
# Before the first step the network knows nothing. If all $C$ classes get the same probability
# $1/C$, the cross-entropy is
#
# $$-\log \frac{1}{C} = \log C$$
#
# With ten classes that is 2.303. A healthy start lies near it, a little above. Much more means that
# the network is *sure of something wrong* before it has seen anything: its logits are far from
# equal.
#
# **Predict** the first loss if the same network gets all its logits five times as large.

# %%
_, weights, biases = train(x_train / 16, targets_train, 0.3, num_steps=0)
start_logits = mlp_forward(x_train / 16, weights, biases)[0]
print(f"log 10 = {np.log(10):.3f}")
for factor in [0, 1, 5]:
    print(f"logits times {factor}: {cross_entropy(factor * start_logits, targets_train):.3f}")

# %% [markdown]
# Logits of 0 give exactly $\log 10$. As they are: 2.32. Five times as large: 3.69. This measurement
# costs next to nothing: it needs no training.

# %% [markdown]
# ### 2. A tiny batch, by heart
#
# Take eight examples and train on nothing else. A network with thousands of weights can learn
# eight answers by heart, so the loss must go to 0. If it doesn't, don't train on more data:
# something is broken between the loss and the weights.
#
# Now three versions: the right labels; wrong labels, drawn once at random; and wrong labels that
# are drawn anew in each step. **Predict** which of the three losses goes to 0.

# %%
few = x_train[:8] / 16
rng = np.random.default_rng(0)
wrong = rng.integers(10, size=8)
labels_of = {"right labels": targets_train[:8], "wrong labels": wrong}
curves = {name: train(few, answers, 0.5, 100)[0] for name, answers in labels_of.items()}


def train_on_changing_labels(num_steps=100, lr=0.5):
    _, weights, biases = train(few, wrong, lr, num_steps=0)
    losses = []
    for _ in range(num_steps):
        loss, grads_w, grads_b = mlp_loss(few, rng.integers(10, size=8), weights, biases)
        losses.append(loss)
        weights = [weight - lr * grad for weight, grad in zip(weights, grads_w, strict=True)]
        biases = [bias - lr * grad for bias, grad in zip(biases, grads_b, strict=True)]
    return losses


curves["labels change"] = train_on_changing_labels()
show_losses(curves, "Eight examples only")

# %% [markdown]
# Wrong labels are learnt by heart, too! It only takes longer. Labels that change from step to step
# can't be learnt. So this test says that loss, gradients and steps work together. It doesn't
# say that the labels are right. For that, look at some examples with your own eyes.

# %% [markdown]
# ### 3. A gradient check
#
# Lesson 03: push one number a little, and compare the change of the loss with the gradient. Below
# about $10^{-7}$ they agree. Here for the healthy network, and for a gradient that somebody made
# 10 % too large.
#
# **Predict**: would you see those 10 % in the loss curve?

# %%
small, answers = x_train[:6, :12] / 16, targets_train[:6]
_, weights, biases = train(small, answers, 0.3, 0, hidden=(5,))


def loss_of(weight):
    return mlp_loss(small, answers, [weight, weights[1]], biases)[0]


def gradient(weight):
    return mlp_loss(small, answers, [weight, weights[1]], biases)[1][0]


print(f"healthy:         {check_gradient(loss_of, gradient, weights[0]):.0e}")
print(f"10 % too large:  {check_gradient(loss_of, lambda w: 1.1 * gradient(w), weights[0]):.0e}")

# %% [markdown]
# You wouldn't: it looks like a learning rate that is 10 % larger. The check sees it at once. **Many
# wrong gradients still train a network**, only worse or less reliably. The loss can't tell you.

# %% [markdown]
# ### 4. What the layers give
#
# Look inside: what does each layer get, and what does it give? Three numbers are worth printing.
#
# * The **typical size** of the numbers, the root of their mean square. From layer to layer it
#   should stay within a factor of a few.
# * How many units are **off for all** examples. Behind a ReLU that is off no gradient arrives, so
#   such a unit is lost (lesson 06). A few are no harm, all are the end.
# * How many units are **different** from each other. Two that are equal do the work of one.
#
# The picture shows a layer as a table: one row for each of 40 examples, one column for each unit.
# Dark is 0, and all tables share one scale. Here are three hidden layers of a healthy network.
# **Predict** about how much of it is dark.


# %%
def layer_report(outputs):
    """One line of words for each layer's outputs."""
    for number, output in enumerate(outputs, start=1):
        off = np.mean(np.all(output <= 0, axis=0))
        different = len(np.unique(output.round(9), axis=1).T)
        yield (
            f"layer {number}: typical size {np.sqrt(np.mean(output**2)):.2g}, "
            f"{off:.0%} of the units off for all, different units: {different}"
        )


def show_layers(outputs, title):
    fig, axes = plt.subplots(1, len(outputs), figsize=(9, 3.2), layout="constrained")
    top = max(1e-9, *(np.quantile(output, 0.99) for output in outputs))
    for i in range(len(outputs)):
        axes[i].imshow(outputs[i][:40], cmap="cividis", aspect="auto", vmin=0, vmax=top)
        axes[i].set(title=f"layer {i + 1}", xlabel="unit", xticks=[], yticks=[])
    axes[0].set_ylabel("example")
    fig.suptitle(title)
    words = list(layer_report(outputs))
    show_figure(fig, alt=f"{title}: outputs of units for 40 examples. {'; '.join(words)}.")
    print("\n".join(words))


_, weights, biases = train(x_train / 16, targets_train, 0.2, 0, hidden=(32, 32, 32))
_, (inputs, _) = mlp_forward(x_train / 16, weights, biases)
show_layers(inputs[1:], "Three healthy hidden layers")

# %% [markdown]
# More than half of each table is dark, but few columns are dark all the way down: at most 9 % of a
# layer, three units. The sizes stay between 0.26 and 0.33. The units are different; in the first
# two layers 30 differ, since the three that are always off are equal.
#
# The same three numbers for the **gradients** say whether the signal comes back through the layers.
# And for the **steps**: how far do the weights move, compared to the learning rate? You will need
# that in one of the cases.

# %% [markdown]
# ### 5. The range of the learning rate
#
# Train for 30 steps with many rates, and look at the loss at the end (lesson 10). A healthy program
# shows a valley: flat on the left (steps too small), a good range, and a wall on the right (steps
# too long; there the network often ends where it knows nothing). The question to ask: **is there
# any rate at which it learns?**
#
# Choose a rate with the slider (this needs a running kernel). Find: the smallest rate that gets
# below 1; a rate at which the loss jumps; a rate at which it doesn't move.

# %%
live_figure, live_ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
(live_line,) = live_ax.plot(range(30), np.zeros(30), color=BLUE)
live_ax.axhline(np.log(10), color="black", linestyle=":", label="log 10: knows nothing")
live_ax.set(xlabel="step", ylabel="loss", ylim=(0, 6))
live_ax.legend(loc="upper right")

rate_slider = widgets.SelectionSlider(
    options=[0.001, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0], value=0.3, description="rate"
)


def redraw(rate):
    losses = train(x_train / 16, targets_train, rate, 30)[0]
    live_line.set_ydata(losses)
    return f"With the rate {rate}, {in_words('the loss', losses)}."


show_live(live_figure, redraw, rate=rate_slider)

# %% [markdown]
# The same without a kernel, for a whole range of rates.

# %%
RATES = 10.0 ** np.arange(-5, 1.1, 1.0 if SHORT else 0.25)
TOP = 50  # what is above 50 times the first loss is drawn there


def show_range(ends, title, start):
    """The loss at the end against the learning rate."""
    fig, ax = plt.subplots(figsize=(7, 3.4), layout="constrained")
    for name, values in ends.items():
        ax.loglog(RATES, np.minimum(values, TOP * start), marker=".", **style(name))
    ax.axhline(start, color="black", linestyle=":", label="before the first step")
    ax.set(xlabel="learning rate", ylabel=f"loss at the end (cut at {TOP * start:.0f})")
    ax.set_title(title)
    ax.legend()
    words = "; ".join(
        f"{name}: lowest {min(values):.3g} at the rate {RATES[np.argmin(values)]:.2g}"
        for name, values in ends.items()
    )
    alt = f"{title}: loss at the end against the learning rate, from 0.00001 to 10. {words}. "
    show_figure(fig, alt=f"{alt}Before the first step it is {start:.3g}.")
    print(words)


ends = [train(x_train / 16, targets_train, rate, 30)[0][-1] for rate in RATES]
show_range({"healthy": ends}, "A healthy range test", start=ends[0])

# %% [markdown]
# Below 0.01, thirty steps hardly change anything. From 0.1 on the loss falls visibly, the best rate
# of these is 1, and from 3 on nothing is learnt: the loss is that of a network that knows nothing.

# %% [markdown]
# ### What to suspect
#
# | you see | suspect first | measure |
# |---|---|---|
# | first loss far above $\log C$ | logits too large: weights or inputs | 1 |
# | loss stays at $\log C$ | dead or equal units, labels, tiny steps | 2, 4 |
# | loss falls a little and stops early | units that are equal, a wrong gradient | 3, 4 |
# | loss grows | steps too long, or uphill | 5 |
# | eight examples can't be learnt | gradient, step, or what belongs to what | 2, 3 |
# | training fine, new data bad | how the network is *used*; overfitting | use it in several ways |
# | nothing | a mistake that the loss doesn't show | 3, and the length of the steps |
#
# Two rules go with it. **Change one thing at a time**, and measure again. And **a repair has to
# explain what you saw**: a smaller learning rate often hides a mistake.

# %% [markdown]
# ## The list of causes
#
# For each case decide on one of these numbers. You will need them in `diagnoses`, at the end. Some
# are the right answer for no case, and one number could be right for more than one.
#
# 1. The inputs are not scaled.
# 2. The weights are much too large at the start.
# 3. The weights are much too small at the start.
# 4. All hidden units start equal.
# 5. Hidden units are off for every example from the start.
# 6. Inputs and labels don't belong together.
# 7. The gradient is a sum over the examples where it should be a mean.
# 8. The steps go uphill.
# 9. The way back ignores where ReLU was off.
# 10. Gradients of earlier steps are added to the new ones.
# 11. The optimizer forgets its state in each step.
# 12. The optimizer takes each step for the first one.
# 13. Dropout stays on when the network is used.
# 14. New data are standardized by other numbers than the training data.
# 15. The learning rate is much too small.
# 16. The network is too large for its few examples.

# %% [markdown]
# ## Case a: "A strange beginning"
#
# A network with one hidden layer, for pictures whose pixels are numbers from 0 to 16. It returns
# its losses and the logits for other pictures.

# %% role="case" name="repair_a"

# %% [markdown]
# **Predict** where a healthy curve begins with ten classes. Then look at the first loss.


# %%
def run_a(program, num_steps=100):
    rng = np.random.default_rng(0)
    return program(x_train, targets_train, x_test, 32, 0.3, num_steps, rng)


losses_a, logits_a = run_a(case_a)
show_losses({"case a": losses_a}, f"Case a, log C is {np.log(10):.2f}")
print(f"accuracy on new pictures {accuracy(logits_a, targets_test):.2f}")
_, logits_a = run_a(case_a, num_steps=0)
print(f"typical size of the logits before the first step: {np.sqrt(np.mean(logits_a**2)):.2f}")

# %% [markdown]
# Some things to ask: what is multiplied by what to give the first logits? Which of the factors has
# a size that you wouldn't expect? `check` looks at the first loss, and at how well other pictures
# are recognised after the training.
#
# ### Exercise: `repair_a`

# %% role="exercise" name="repair_a"

# %%
losses, logits = run_a(repair_a)
show_losses({"case a": losses_a, "repair_a": losses}, "Case a, before and after")
print(f"accuracy on new pictures {accuracy(logits, targets_test):.2f}")

# %% [markdown]
# Judge the repair by the first loss and by the new pictures. The last training loss says little: a
# program that starts badly can still learn its 300 examples by heart.

# %% [markdown]
# ## Case b: "Nothing is learnt"
#
# One linear layer, minibatches in random order. It starts at zero, which is fine for a single
# layer: it has no hidden units that could be equal.

# %% role="case" name="repair_b"

# %% [markdown]
# **Predict** what the tiny batch will show: eight examples, all in one minibatch. Which curve of
# measurement 2 does it look like?


# %%
def run_b(program, count=300, batch_size=30, num_epochs=12):
    x, targets, rng = x_train[:count] / 16, targets_train[:count], np.random.default_rng(0)
    return program(x, targets, x_test / 16, 0.3, batch_size, num_epochs, rng)


losses_b, logits_b = run_b(case_b)
show_losses({"case b": losses_b}, f"Case b, log C is {np.log(10):.2f}")
print(f"accuracy on new pictures {accuracy(logits_b, targets_test):.2f}")
tiny_b, _ = run_b(case_b, count=8, batch_size=8, num_epochs=100)
show_losses({"case b": tiny_b}, "Case b, eight examples only")

# %% [markdown]
# ### Exercise: `repair_b`
#
# Follow one example through the program: from `x` and `targets` into a minibatch. What arrives?

# %% role="exercise" name="repair_b"

# %%
losses, logits = run_b(repair_b)
show_losses({"case b": losses_b, "repair_b": losses}, "Case b, before and after")
print(f"accuracy on new pictures {accuracy(logits, targets_test):.2f}")

# %% [markdown]
# ## Case c: "It explodes"
#
# The simplest program of all: a straight line through 60 points, by the mean squared error. The
# points lie near $y = 2x + 1$.

# %% role="case" name="repair_c"

# %% [markdown]
# The loss grows and grows. **Predict**: will a smaller learning rate help? The range test knows.
# If the loss falls for some rates, the steps are too long. If it falls for none, think about their
# direction.

# %%
rng = np.random.default_rng(1)
line_x = rng.normal(size=(60, 1))
line_y = 2 * line_x[:, 0] + 1 + 0.1 * rng.normal(size=60)
ONE_TEST = np.array([[2.0]])

losses_c, _ = case_c(line_x, line_y, ONE_TEST, 0.1, 20)
show_losses({"case c": losses_c}, "Case c", "log")
ends_c = [case_c(line_x, line_y, ONE_TEST, rate, 20)[0][-1] for rate in RATES]
show_range({"case c": ends_c}, "Case c, range test", start=losses_c[0])

# %% [markdown]
# ### Exercise: `repair_c`
#
# Write down the loss $\frac{1}{N} \sum_i (w x_i + b - y_i)^2$ and its slopes with respect to $w$
# and $b$. Compare them with the program, factor by factor and sign by sign. The learning rate that
# is given is a good one.

# %% role="exercise" name="repair_c"

# %%
losses, prediction = repair_c(line_x, line_y, ONE_TEST, 0.1, 20)
show_losses({"case c": losses_c, "repair_c": losses}, "Case c, before and after", "log")
ends = [repair_c(line_x, line_y, ONE_TEST, rate, 20)[0][-1] for rate in RATES]
show_range({"case c": ends_c, "repair_c": ends}, "Case c, both range tests", losses[0])

# %% [markdown]
# ## Case d: "Twenty units, and yet so stupid"
#
# Points on two rings, one inside the other, and a network with 20 hidden units. That is plenty.

# %% role="case" name="repair_d"

# %% [markdown]
# The picture shows which class the trained network gives to each place. **Predict** how many
# different units there are among the 20 columns of its first weights.

# %%
ring_rng = np.random.default_rng(0)
ring_targets = np.arange(200) % 2
angle = ring_rng.uniform(0, 2 * np.pi, 200)
radius = 0.4 + ring_targets + ring_rng.normal(scale=0.08, size=200)
ring_x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
grid = np.stack(np.meshgrid(*[np.linspace(-2, 2, 81)] * 2), axis=-1).reshape(-1, 2)


def run_d(program, x_test):
    return program(ring_x, ring_targets, x_test, 20, 1.0, 150, np.random.default_rng(0))


def show_map(logits, weights, title):
    fig, ax = plt.subplots(figsize=(4.4, 4), layout="constrained")
    regions = logits.argmax(axis=1).reshape(81, 81)
    ax.imshow(regions, extent=(-2, 2, -2, 2), origin="lower", cmap="cividis", alpha=0.5)
    for number, (colour, marker) in enumerate([(BLUE, "o"), (ORANGE, "^")]):
        ax.scatter(*ring_x[ring_targets == number].T, color=colour, marker=marker, s=12)
    ax.set(title=title, xlabel="first input", ylabel="second input")
    different = len(np.unique(weights[0].round(9), axis=1).T)
    words = f"{different} different units; class 1 gets {regions.mean():.0%} of the square"
    show_figure(fig, alt=f"{title}. Two rings of points and the classes of all places: {words}.")
    print(words)


losses_d, weights_d, logits_d = run_d(case_d, grid)
show_losses({"case d": losses_d}, f"Case d, log C is {np.log(2):.2f}")
show_map(logits_d, weights_d, "Case d")
print(f"accuracy {accuracy(run_d(case_d, ring_x)[2], ring_targets):.2f}")

# %% [markdown]
# ### Exercise: `repair_d`

# %% role="exercise" name="repair_d"

# %%
losses, weights, logits = run_d(repair_d, grid)
show_losses({"case d": losses_d, "repair_d": losses}, "Case d, before and after")
show_map(logits, weights, "Case d, repaired")
print(f"accuracy {accuracy(run_d(repair_d, ring_x)[2], ring_targets):.2f}")

# %% [markdown]
# ## Case e: "Deep and silent"
#
# Four hidden layers of 32 units on the digits. Besides the losses and the logits it returns what
# each layer gets for the new pictures, after the training.

# %% role="case" name="repair_e"

# %% [markdown]
# The curve looks like that of case b. **Predict**: is it the same mistake? Measurement 4 shows the
# difference.


# %%
def run_e(program, num_steps=100):
    x, x_new, rng = x_train / 16 - 0.3, x_test / 16 - 0.3, np.random.default_rng(0)
    return program(x, targets_train, x_new, [32, 32, 32, 32], 0.2, num_steps, rng)


losses_e, inputs_e, logits_e = run_e(case_e)
show_losses({"case e": losses_e}, f"Case e, log C is {np.log(10):.2f}")
show_layers(run_e(case_e, num_steps=0)[1][1:], "Case e, hidden layers before the first step")

# %% [markdown]
# ### Exercise: `repair_e`

# %% role="exercise" name="repair_e"

# %%
losses, inputs, logits = run_e(repair_e)
show_losses({"case e": losses_e, "repair_e": losses}, "Case e, before and after")
show_layers(run_e(repair_e, num_steps=0)[1][1:], "Case e, repaired, before the first step")
print(f"accuracy on new pictures {accuracy(logits, targets_test):.2f}")

# %% [markdown]
# ## Case f: "But it does learn!"
#
# Somebody has worked out all gradients by hand. The loss falls nicely. Would you have looked any
# further?

# %% role="case" name="repair_f"

# %% [markdown]
# A gradient check needs no look inside. The program makes steps of plain gradient descent, so
#
# $$\text{gradient that it used} = \frac{\text{parameter before} - \text{parameter after}}{\eta}$$
#
# We ask for 0, 1, 2 and 3 steps, compute the gradients that it must have used, and compare them
# with the measured slopes (`numerical_gradient`) at the same place. **Predict**: in which step, and
# for which of the four parameters, will the first difference show?

# %%
start_rng = np.random.default_rng(2)
digits_start = (
    [kaiming_normal(64, 32, start_rng), kaiming_normal(32, 10, start_rng)],
    [np.zeros(32), np.zeros(10)],
)
small_x, small_targets = start_rng.normal(size=(6, 4)), np.array([0, 1, 2, 0, 1, 2])
small_start = (
    [kaiming_normal(4, 5, start_rng), kaiming_normal(5, 3, start_rng)],
    [0.1 * start_rng.normal(size=5), 0.1 * start_rng.normal(size=3)],
)


def parameters_after(program, num_steps, lr):
    _, weights, biases = program(small_x, small_targets, *small_start, lr, num_steps)
    return [*weights, *biases]


def measured_gradients(params):
    """The slopes of the loss with respect to each parameter, by pushing every entry."""
    for i in range(4):

        def loss_at(values, i=i):
            moved = [*params[:i], values, *params[i + 1 :]]
            return mlp_loss(small_x, small_targets, moved[:2], moved[2:])[0]

        yield numerical_gradient(loss_at, params[i])


def check_steps(program, lr=0.1):
    print("relative errors     weights 1  weights 2   biases 1   biases 2")
    for step in range(1, 4):
        before, after = (parameters_after(program, n, lr) for n in (step - 1, step))
        used = [(old - new) / lr for old, new in zip(before, after, strict=True)]
        pairs = zip(used, measured_gradients(before), strict=True)
        errors = [np.abs(u - m).max() / (np.abs(u) + np.abs(m)).max() for u, m in pairs]
        print(f"step {step}          ", "".join(f"{error:11.0e}" for error in errors))


losses_f, _, _ = case_f(x_train / 16, targets_train, *digits_start, 0.5, 25)
show_losses({"case f": losses_f}, "Case f, 25 steps")
check_steps(case_f)

# %% [markdown]
# Errors below about $10^{-7}$ are right. Where is the first wrong one? What has the program done by
# then that it hadn't done before?
#
# ### Exercise: `repair_f`

# %% role="exercise" name="repair_f"

# %%
losses_f, _, _ = case_f(x_train / 16, targets_train, *digits_start, 0.5, 60)
losses, _, _ = repair_f(x_train / 16, targets_train, *digits_start, 0.5, 60)
show_losses({"case f": losses_f, "repair_f": losses}, "Case f, before and after, 60 steps")
check_steps(repair_f)

# %% [markdown]
# Compare the first 25 steps of the two curves: nobody would have complained. A wrong gradient may
# even make a loss fall *faster* for a while. But only the repaired program is gradient descent, so
# only what you know about gradient descent can be relied on.

# %% [markdown]
# ## Case g: "Adam, or not?"
#
# A program that trains with Adam. Again the loss falls.

# %% role="case" name="repair_g"

# %% [markdown]
# For Adam there is a trick. Let the learning rate be tiny, say $10^{-6}$. Then the parameters
# hardly move, and the gradient is *the same in every step*. What does Adam do then? Both averages,
# corrected, are just $g$ and $g^2$, so that the step is
#
# $$\eta\, \frac{g}{\sqrt{g^2}} = \pm \eta$$
#
# in **every** step: the length, divided by $\eta$, is 1. **Predict** what you will see if the
# program isn't quite Adam.


# %%
def step_lengths(program, lr=1e-6, num_steps=25):
    """The mean length of each step, divided by the learning rate."""
    places = [parameters_after(program, n, lr)[0] for n in range(num_steps + 1)]
    return [np.mean(np.abs(a - b)) / lr for a, b in zip(places[1:], places[:-1], strict=True)]


def show_steps(lengths, title):
    fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
    for name, values in lengths.items():
        ax.plot(range(1, len(values) + 1), values, **style(name))
    ax.set(xlabel="step", ylabel="length / learning rate", title=title)
    ax.set_ylim(0, 1.1 * max(map(max, lengths.values())))
    ax.legend()
    words = "; ".join(
        f"{name}: {values[0]:.2f} in step 1, {values[1]:.2f} in step 2, {values[-1]:.2f} at the end"
        for name, values in lengths.items()
    )
    show_figure(fig, alt=f"{title}. Length of each step, divided by the learning rate: {words}.")
    print(words)


losses_g, _, _ = case_g(x_train / 16, targets_train, *digits_start, 0.03, 100)
show_losses({"case g": losses_g}, "Case g", "log")
show_steps({"case g": step_lengths(case_g)}, "Case g, all gradients equal")

# %% [markdown]
# ### Exercise: `repair_g`
#
# The first step is right, the second isn't. So something that should be different in the second
# step is not.

# %% role="exercise" name="repair_g"

# %%
losses, _, _ = repair_g(x_train / 16, targets_train, *digits_start, 0.03, 100)
show_losses({"case g": losses_g, "repair_g": losses}, "Case g, before and after", "log")
lengths = {"case g": step_lengths(case_g), "repair_g": step_lengths(repair_g)}
show_steps(lengths, "Case g, before and after")

# %% [markdown]
# ## Case h: "Good in training, bad in use"
#
# Standardized inputs, one hidden layer of 64 units, dropout with $p = 0.5$. The training loss is
# fine. But users complain.

# %% role="case" name="repair_h"

# %% [markdown]
# How does one find out what users do differently? Use the network in several ways, and see when the
# answers change. We ask about all new pictures at once, about the same ones again (each picture
# stands in the list twice), and about each digit alone: all zeros, then all ones, and so on.
#
# **Predict** which of the numbers should be equal in a healthy program.

# %%
use_rng = np.random.default_rng(3)
use_start = (
    [kaiming_normal(64, 64, use_rng), kaiming_normal(64, 10, use_rng)],
    [np.zeros(64), np.zeros(10)],
)


def run_h(program, x_new):
    rng = np.random.default_rng(0)
    return program(x_train, targets_train, x_new, *use_start, 0.5, 0.3, 80, rng)


def show_uses(program):
    first, again = np.split(run_h(program, np.vstack([x_test, x_test]))[1], 2)
    alone = np.zeros_like(first)
    for digit in range(10):
        chosen = targets_test == digit
        alone[chosen] = run_h(program, x_test[chosen])[1]
    print(f"all new pictures:   accuracy {accuracy(first, targets_test):.2f}")
    print(f"asked again:        {np.mean(first.argmax(1) == again.argmax(1)):.0%} the same answers")
    print(f"each digit alone:   accuracy {accuracy(alone, targets_test):.2f}")


losses_h, _ = run_h(case_h, x_test)
show_losses({"case h": losses_h}, "Case h, training")
show_uses(case_h)

# %% [markdown]
# ### Exercise: `repair_h`
#
# Dropout stays in the *training*. What a network says about an example must depend on nothing but
# the example and the training data.

# %% role="exercise" name="repair_h"

# %%
show_uses(repair_h)

# %% [markdown]
# ## Your diagnoses
#
# ### Exercise: `diagnoses`
#
# For each letter, the number of the cause in the list above. `check` only looks at the form: eight
# letters, numbers from 1 to 16. Whether they are right is graded. A point for each case.

# %% role="exercise" name="diagnoses"

# %% [markdown]
# ## Two questions to answer in writing
#
# **Question 1.** A friend trains a deep network with ten classes. Its loss is 2.31 at the start and
# 2.30 after 500 steps. "I need more layers", he says. Name **three** measurements that you would
# make first, in their order. Say for each what it costs, and what you would conclude from one
# possible result. (2 points)

# %% [markdown] role="answer" id="three_measurements" points=2
# **Model answer.** The first loss is near $\log 10 = 2.303$, so the start is neither far too large
# nor confident. Then, for example:
#
# 1. *Eight examples, one batch.* A few seconds. If the loss goes to 0, gradients and steps work,
#    and I look at the data: labels that don't belong to their inputs, or a rate that is too small.
#    If it stays, the fault lies inside.
# 2. *What the layers give.* One forward pass. Units that are off for all examples: biases or a bad
#    start. Sizes that shrink from layer to layer: weights too small. All columns equal: equal
#    units.
# 3. *The range of the learning rate.* Some short trainings. If the loss falls for a larger rate,
#    the rate was too small. If for none, it isn't the rate.
#
# A gradient check, or looking at some examples with their labels, is as good.
#
# **Marking.** Half a point for each of three measurements *with* a conclusion that follows from a
# result; half a point for a sensible order (the cheap ones first, or such that each decides where
# to look next). "Try other settings" is no measurement.

# %% [markdown]
# **Question 2.** "The loss falls, so my gradients are right." Explain with case f or case g why
# this is wrong. Which measurement found the mistake, and why could it see what the loss didn't
# show? (2 points)

# %% [markdown] role="answer" id="a_falling_loss" points=2
# **Model answer.** A step makes the loss smaller if it goes roughly downhill; it needn't be the
# gradient. In case f the loss fell although the gradients were wrong: in some of the parameters, or
# from the second step on. (In case g the steps kept their direction, and only their lengths were
# not those of Adam.) The gradient check compares each entry with a slope that was measured without
# any formula, so it sees a difference in a single parameter and a single step. (In case g: with
# equal gradients every step must have the length $\eta$, which the second one had not.) The loss is
# one number after many steps, and many kinds of steps make it fall.
#
# **Marking.** 1 point: any direction that is roughly downhill makes the loss fall, with what was
# wrong in the case. 1 point: the measurement, and that it compares with something known *for each
# parameter or step*. Naming the measurement without the reason: half a point.

# %% [markdown]
# ## The answer to the question at the top
#
# A loss that stays at 2.30 says only that nothing is learnt. Mixed up labels, units that are off,
# equal weights, tiny steps and wrong gradients look alike in the loss, but not in all five
# measurements. Each measurement clears some of the suspects, so you need only a few.

# %% [markdown]
# ## What to remember
#
# 1. **Measure before you change.** The first loss costs nothing and should be near $\log C$.
# 2. **Learn eight examples by heart** before you train on thousands.
# 3. **A falling loss proves little.** Check gradients against measured slopes, and steps against
#    what the method promises.
# 4. **Look inside**: sizes, units that are off for all, units that are equal; and try a wide range
#    of learning rates.
# 5. **A repair explains what you saw.** Then use the network as it will be used: again, alone, on
#    other data.

# %% [markdown]
# ## References
#
# * A. Karpathy (2019). A recipe for training neural networks,
#   <https://karpathy.github.io/2019/04/25/recipe/>. "Neural net training fails silently", the first
#   loss, and one batch by heart.
# * CS231n course notes, Neural networks part 3: learning and evaluation,
#   <https://cs231n.github.io/neural-networks-3/>. Gradient checks, checks before the training, and
#   what to watch during it.
# * I. Goodfellow, Y. Bengio and A. Courville (2016). *Deep Learning*, section 11.5, Debugging
#   strategies, <https://www.deeplearningbook.org/contents/guidelines.html>. Why broken programs can
#   look as if they worked.
# * L. N. Smith (2017). Cyclical learning rates for training neural networks. *WACV*,
#   <https://arxiv.org/abs/1506.01186>. The learning-rate range test.
