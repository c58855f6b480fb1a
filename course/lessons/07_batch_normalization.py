# %% [markdown]
# # Batch normalization
#
# Take a deep network: ten hidden layers, one behind the other. Start it with random weights and
# train it on digits for five epochs. Then do the same again and change one number only, the
# **weight scale**: the standard deviation of the random weights at the start.
#
# * With 0.18, it recognises about 70 % of the test images.
# * With 0.1 or 0.3, it is hardly better than guessing, which would be right in 10 % of the cases.
#
# Why does a deep network with a badly scaled start stop learning? And how can three lines of
# arithmetic make that number almost meaningless?

# %% [markdown]
# **You need** the mean, the variance and the standard deviation of a list of numbers, the chain
# rule on a computational graph (lesson 04), and stochastic gradient descent (lesson 05).
#
# **You build** `batchnorm_forward` and `batchnorm_backward`, and their relatives
# `layernorm_forward` and `layernorm_backward`.
#
# **How to work.** Four cells are yours to fill in. Run your cell, then the cell below it: `check`
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
    check_gradient,
    cross_entropy,
    cross_entropy_backward,
    linear,
    linear_backward,
    minibatches,
    relu,
    relu_backward,
)
from nnkit.plots import show_figure, show_live

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too
SHORT = "NBGRADER_EXECUTION" in os.environ  # while grading, the long runs are cut short

# %% [markdown]
# ## A deep network, given
#
# Every hidden layer has 64 units. It multiplies by its weights and adds its biases. Then comes an
# empty place: what stands there is looked up in the table `NORMS`. For now it holds only "none",
# which lets everything pass. At the end of the layer comes ReLU. `gamma`, `beta` and the two
# `running` arrays will be used soon.

# %%
digits = load_digits()
order = np.random.default_rng(0).permutation(1797)
train_rows, test_rows = order[:1536], order[1536:]
x_train, targets_train = digits.data[train_rows] / 16, digits.target[train_rows]
x_test, targets_test = digits.data[test_rows] / 16, digits.target[test_rows]


def new_network(weight_scale, rng, depth=10):
    """The hidden layers, and the weights of the output layer (its scale is always the same)."""
    layers = []
    for _ in range(depth):
        layer = {"weight": weight_scale * rng.standard_normal((64, 64))}
        layer |= {name: np.zeros(64) for name in ("bias", "beta", "running_mean")}
        layer |= {name: np.ones(64) for name in ("gamma", "running_var")}
        layers.append(layer)
    return layers, rng.standard_normal((64, 10)) / 8


# %%
NORMS = {}  # for each name, what to do on the way forward and on the way back
NORMS["none"] = (
    lambda z, layer, training: (z, None),
    lambda grad_output, cache: (grad_output, 0.0, 0.0),
)


def forward(network, norm, x, training):
    """The logits, the last hidden layer, and what each layer needs on the way back."""
    layers, output_weight = network
    caches = []
    for layer in layers:
        z = linear(x, layer["weight"], layer["bias"])
        y, cache = NORMS[norm][0](z, layer, training)
        caches.append((x, y, cache))
        x = relu(y)
    return x @ output_weight, x, caches


def gradients(network, norm, x, targets):
    """The loss, the gradients of each hidden layer, and that of the output weights."""
    layers, output_weight = network
    logits, hidden, caches = forward(network, norm, x, training=True)
    grad_logits = cross_entropy_backward(logits, targets)
    grad_x, grads = grad_logits @ output_weight.T, []
    for layer, (x_in, y, cache) in zip(reversed(layers), reversed(caches), strict=True):
        grad_z, grad_gamma, grad_beta = NORMS[norm][1](relu_backward(grad_x, y), cache)
        grad_x, grad_weight, grad_bias = linear_backward(grad_z, x_in, layer["weight"])
        named = {"weight": grad_weight, "bias": grad_bias, "gamma": grad_gamma, "beta": grad_beta}
        grads.insert(0, named)
    return cross_entropy(logits, targets), grads, hidden.T @ grad_logits


# %% [markdown]
# ### What ten layers do to the numbers
#
# Each hidden layer multiplies the typical size of its numbers by some factor. With 64 inputs,
# weights of scale $a$, and ReLU (which throws away half of the sum of squares), the factor is about
# $a \sqrt{64 / 2} = 5.7\, a$. (Lesson 06 derives this.) One layer can hide a bad factor. Ten layers
# raise it to a power.
#
# **Predict** for $a = 0.06$, $0.18$ and $0.6$: how large are the numbers of the last layer,
# compared with those of the first? And the gradients?

# %%
SCALES = [(0.06, ORANGE, "--", "o"), (0.18, BLUE, "-", "s"), (0.6, GREEN, ":", "^")]


def rms(array):
    """The typical size of the entries: the root of their mean square."""
    return np.sqrt(np.mean(array**2))


fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
for scale, colour, line, marker in SCALES:
    network = new_network(scale, np.random.default_rng(0))
    caches = forward(network, "none", x_train, training=True)[2]
    loss, grads, _ = gradients(network, "none", x_train, targets_train)
    sizes, slopes = [rms(y) for _, y, _ in caches], [rms(grad["weight"]) for grad in grads]
    print(f"scale {scale:4}: numbers {sizes[0]:.2f} to {sizes[-1]:.2g}, first loss {loss:.2f}")
    style = {"color": colour, "linestyle": line, "marker": marker, "label": f"scale {scale}"}
    left.semilogy(range(1, 11), sizes, **style)
    right.semilogy(range(1, 11), slopes, **style)
left.set(xlabel="hidden layer", ylabel="typical size", title="Numbers before ReLU")
right.set(xlabel="hidden layer", ylabel="typical size", title="Gradient of the weights")
left.legend()
show_figure(
    fig,
    alt="Two panels against the hidden layer, 1 to 10; logarithmic axes. Left, the numbers: for "
    "scale 0.18 they stay between 0.3 and 1; for 0.06 they fall in a straight line from 0.24 to "
    "below 0.00001; for 0.6 they rise from 2 to 65,000. Right, the gradients: three nearly flat "
    "lines, at about 0.0000002 for 0.06, 0.005 for 0.18 and 1000 for 0.6.",
)

# %% [markdown]
# Nine factors lie between the first layer and the last.
#
# * **Scale 0.06**: the factor is about 0.34, so the numbers shrink from 0.24 to 0.0000065. The
#   logits are almost 0 for every image, and the loss is $\log 10 = 2.30$. The gradients, about
#   $2 \cdot 10^{-7}$, **vanish**: with a learning rate of 0.1, a step changes nothing.
# * **Scale 0.6**: the factor is about 3.4, and the first loss is 78,969. The gradients, about 1000,
#   **explode**: a first step would throw the weights far away.
# * **Scale 0.18**: the factor is about 1. Nothing vanishes, nothing explodes.
#
# The gradients of all ten layers are equally bad. On its way from the loss to a layer, a gradient
# meets the factors of the layers *behind* it; and it is multiplied by that layer's inputs, which
# have met the factors of those *before* it. Together it is always nine of them.

# %% [markdown]
# ## The idea
#
# A careful choice of the scale helps at the start only. After some steps the weights are others,
# and a layer's numbers may drift away again. The idea of **batch normalization**: don't hope that
# the numbers keep a good size. *Make* them have it, in every layer and in every step.
#
# A **feature** is what one unit computes: one column of the batch. Take each column on its own,
# subtract its mean, and divide by its standard deviation. Then it has the mean 0 and the standard
# deviation 1, whatever the weights are.
#
# | formula | code | shape | meaning |
# |---|---|---|---|
# | $N$, $C$ | `N`, `C` | | number of rows (examples), number of columns (features) |
# | $x_i$ | `x` | (N, C) | input of the layer; row $i$ is example $i$ |
# | $m$, $v$ | `mean`, `var` | (C,) | mean and variance of each column |
# | $s$ | `std` | (C,) | what the column is divided by |
# | $\hat{x}_i$ ("x-hat") | `x_hat` | (N, C) | the normalised input |
# | $\gamma$, $\beta$ ("gamma", "beta") | `gamma`, `beta` | (C,) | learned scale and shift |
# | $\varepsilon$ ("epsilon") | `eps` | | a tiny number |
#
# The formulas below show one column and drop its index.

# %% [markdown]
# ### The formulas
#
# $$m = \frac{1}{N} \sum_i x_i \qquad
#   v = \frac{1}{N} \sum_i (x_i - m)^2 \qquad
#   s = \sqrt{v + \varepsilon}$$
#
# $$\hat{x}_i = \frac{x_i - m}{s} \qquad\qquad y_i = \gamma\, \hat{x}_i + \beta$$
#
# * **Why $\varepsilon$?** A column may be constant. Then $v = 0$, and $0/0$ is `nan`. With
#   $\varepsilon = 10^{-5}$ *under the root*, $s$ is never 0.
# * **Why $\gamma$ and $\beta$?** Mean 0 and standard deviation 1 may not be what the next layer
#   needs. With $\gamma = s$ and $\beta = m$ the layer would even undo itself. So nothing that the
#   network could compute is lost. $\gamma$ and $\beta$ are parameters, learned by gradient descent
#   like the weights. They start at 1 and 0.
# * **What is gained, then?** The size of the numbers is now set by two parameters of the layer
#   itself, and no longer by the product of all the layers before it.

# %% [markdown]
# ### Three numbers
#
# One feature, a batch of three: $x = (1, 2, 6)$. The mean is $9 / 3 = 3$. The distances from it are
# $-2, -1, 3$, their squares $4, 1, 9$. So $v = 14 / 3 = 4.667$ and $s = 2.160$ ($\varepsilon$ is
# too small to see).
#
# | row | $x$ | $x - m$ | $\hat{x}$ | $y$ with $\gamma = 2$, $\beta = 1$ |
# |---|---|---|---|---|
# | 0 | 1 | $-2$ | $-0.926$ | $-0.852$ |
# | 1 | 2 | $-1$ | $-0.463$ | $0.074$ |
# | 2 | 6 | $3$ | $1.389$ | $3.777$ |
#
# Check that $\hat{x}$ has the mean 0, and that its squares (0.857, 0.214, 1.929) have the mean 1.
#
# Now multiply $x$ by 1000, or add 50. The distances grow with $s$, or stay as they are. $\hat{x}$
# is the same each time. **Batch normalization forgets the place and the size of a column, and keeps
# its shape.**

# %% [markdown]
# ## One image alone
#
# After training, somebody sends a single image. What is the mean of a batch of one? It is the
# image's own number. So $x - m = 0$, $\hat{x} = 0$, and $y = \beta$. Every image gets the same
# answer.
#
# Even in a larger batch, the answer for one image would depend on its neighbours. During training
# we accept that. In use, the same image must get the same answer. So there are two modes:
#
# * **Training mode**: normalise by the mean and the variance of the batch. Keep an average of both
#   over the past batches.
# * **Evaluation mode**: normalise by these averages. They are constants, so each row is treated on
#   its own, and a batch of one is no problem.

# %% [markdown]
# ### Running averages
#
# To average over past batches, one needn't store them. Start with 0 for the mean and 1 for the
# variance. After each batch, move a small part $\mu$ of the way towards its values (in code
# `momentum`, usually 0.1):
#
# $$\begin{aligned}
#   \text{running mean} &\leftarrow (1 - \mu) \cdot \text{running mean} + \mu\, m \\
#   \text{running var} &\leftarrow (1 - \mu) \cdot \text{running var} + \mu\, v\, \frac{N}{N - 1}
#   \end{aligned}$$
#
# In our example the running mean becomes $0.9 \cdot 0 + 0.1 \cdot 3 = 0.3$. The variance goes into
# the average as $\frac{14}{3} \cdot \frac{3}{2} = 7$, so the running variance becomes
# $0.9 \cdot 1 + 0.1 \cdot 7 = 1.6$.
#
# The start fades: after $n$ batches it has the weight $0.9^n$. That is 0.35 after 10 batches, and
# 0.002 after 60.

# %% [markdown]
# ### Two conventions, as in PyTorch
#
# * **Momentum is the weight of the new batch.** Elsewhere it may be the weight of the old average:
#   their 0.9 is our 0.1. (It has nothing to do with the momentum of lesson 05.)
# * **Two variances.** Distances from the batch's own mean are a little too small, since that mean
#   lies in the middle of just these numbers. On average $v$ is only $(N-1)/N$ of the variance in
#   all the data: it is **biased**. Dividing by $N - 1$ instead of $N$ gives the **unbiased**
#   variance. The batch is normalised by the biased one (so that its $\hat{x}$ has the variance 1).
#   The running average collects the unbiased one (since it shall describe all the data).

# %% [markdown]
# ### Exercise: `batchnorm_forward`
#
# Both modes in one function. Before you start, think about:
#
# * Which axis runs over the examples? There is one mean for each *column*.
# * Which lines differ between the modes, and which are the same?
# * Where does the biased variance go, where the unbiased one?
# * The caller's arrays stay as they were, the running averages too. `*=` and `+=` write into them.
#
# The `cache` is for the way back: what `batchnorm_backward` will need and can't compute again.

# %% role="exercise" name="batchnorm_forward"

# %% [markdown]
# Three numbers, as computed by hand. **Predict** what evaluation mode makes of them, when the
# running averages are 0 and 1 still.

# %%
column = np.array([[1.0], [2.0], [6.0]])
gamma, beta, zero, one = np.array([2.0]), np.array([1.0]), np.zeros(1), np.ones(1)
y, running_mean, running_var, _ = batchnorm_forward(column, gamma, beta, zero, one, True)
print("training:  ", y.ravel().round(3), "averages", running_mean.round(3), running_var.round(3))
y, running_mean, running_var, _ = batchnorm_forward(column, gamma, beta, zero, one, False)
print("evaluation:", y.ravel().round(3), "averages", running_mean, running_var)

# %% [markdown]
# With the averages 0 and 1, evaluation does not normalise at all. It returns $2x + 1$, and the
# averages stay. **Evaluation mode is only as good as the averages that training has stored.**
#
# Now put your function into the empty place of the deep network. The averages are stored in the
# layer each time. **Predict** the sizes of the numbers, again for the scales 0.06, 0.18 and 0.6.


# %%
def batch_norm(z, layer, training):
    y, layer["running_mean"], layer["running_var"], cache = batchnorm_forward(
        z, layer["gamma"], layer["beta"], layer["running_mean"], layer["running_var"], training
    )
    return y, cache


NORMS["batch"] = (batch_norm, lambda *args: batchnorm_backward(*args))  # you write it later

for scale, *_ in SCALES:
    network = new_network(scale, np.random.default_rng(0))
    logits, _, caches = forward(network, "batch", x_train, training=True)
    sizes = [f"{rms(y):.2f}" for _, y, _ in caches]
    print(f"scale {scale:4}: layers 1, 4, 7, 10:", *sizes[::3], end=",  ")
    print(f"first loss {cross_entropy(logits, targets_train):.2f}")

# %% [markdown]
# Three scales, ten layers, and always 1.00. The losses agree as well: the scale of the weights has
# no influence any more. (2.44 is above $\log 10 = 2.30$, since the logits aren't tiny.)

# %% [markdown]
# ### The price: noise
#
# The mean of a batch is an estimate. Take a unit whose values have the standard deviation $\sigma$
# over all images. The mean over $B$ random images misses by about $\sigma / \sqrt{B}$ (lesson 05
# derives it). So the normalised number of one and the same image changes from batch to batch.
#
# Here is a picture of that: one image, one unit of the first layer, 400 random batches which all
# contain this image. The dashed line is where evaluation mode would put it, with averages over all
# images.
#
# **Predict**: what values can $\hat{x}$ have in a batch of *two*? Move the slider to find out (this
# needs a running kernel).

# %%
unit_weight = new_network(0.18, np.random.default_rng(0))[0][0]["weight"][:, :1]
unit_values = x_train @ unit_weight  # one number for each image, shape (1536, 1)
ALL_IMAGES = float((unit_values[0, 0] - unit_values.mean()) / unit_values.std())


def first_image(batch_size, num_batches=400):
    """The normalised number of image 0 in many batches, each with other random neighbours."""
    rng, results = np.random.default_rng(1), []
    for _ in range(num_batches):
        rows = np.append(0, rng.integers(1, len(unit_values), batch_size - 1))
        y = batchnorm_forward(unit_values[rows], np.ones(1), zero, zero, one, True)[0]
        results.append(y[0, 0])
    return np.array(results)


# %%
edges = np.linspace(-2.5, 2.5, 26)
live_figure, live_ax = plt.subplots(figsize=(7, 3))
live_bars = live_ax.stairs(np.zeros(25), edges, fill=True, color=BLUE)
live_ax.axvline(ALL_IMAGES, color=ORANGE, linestyle="--", label="evaluation mode")
live_ax.set(xlabel=r"normalised value $\hat{x}$ of image 0", ylabel="share of batches")
live_ax.set(xlim=(-2.5, 2.5), ylim=(0, 1))
live_ax.legend(loc="upper right")

size_slider = widgets.SelectionSlider(
    options=[2, 4, 8, 16, 32, 64, 128, 256], value=8, description="batch size"
)


def redraw(batch_size):
    values = first_image(batch_size)
    live_bars.set_data(np.histogram(values, edges)[0] / len(values))
    return (
        f"Batches of {batch_size}: image 0 gets {values.mean():.2f} on average, "
        f"with a standard deviation of {values.std():.2f}. Evaluation mode: {ALL_IMAGES:.2f}."
    )


show_live(live_figure, redraw, batch_size=size_slider)

# %% [markdown]
# The same without a kernel: the standard deviation of the cloud for each batch size.

# %%
for size in size_slider.options:
    print(f"batch size {size:3}: standard deviation {first_image(size).std():.3f}")

# %% [markdown]
# * In a batch of **two**, $\hat{x}$ is 1 for the larger number and $-1$ for the smaller one,
#   whatever they are (unless they are so close that $\varepsilon$ counts). Nothing else of the
#   image is left.
# * With more neighbours the cloud closes in on the value of evaluation mode. From 32 images on it
#   follows $1/\sqrt{B}$: four times the batch, half the noise (0.131 with 64, 0.065 with 256).
#
# So don't use batch normalization with tiny batches. With 32 or more images the noise does little
# harm. It even acts a bit like dropout (lesson 08): the network can't rely on exact numbers.

# %% [markdown]
# ## The way back
#
# To train through the layer, we need to know how the loss reacts to each $x_i$. Before any algebra,
# measure it. Take $x = (1, 2, 6)$ again, with $\gamma = 1$ and $\beta = 0$, and let the "loss" be
# $\hat{x}_0$ alone: the output of the first row. Push one input by a tiny $h$ and divide the change
# of the loss by $h$.
#
# **Predict**: does the loss react to $x_1$ and $x_2$ at all? With which sign? And is its reaction
# to $x_0$ equal to $1/s = 0.463$?

# %%
h = 1e-6
before = batchnorm_forward(column, one, zero, zero, one, True)[0][0, 0]
for i in range(3):
    pushed = column.copy()
    pushed[i, 0] += h
    after = batchnorm_forward(pushed, one, zero, zero, one, True)[0][0, 0]
    print(f"x_{i}: {(after - before) / h:+.3f}")

# %% [markdown]
# Row 0 reacts to all three inputs. And its reaction to its own input is 0.176, far less than 0.463.
# The reason: every $x_i$ takes part in the mean and in the variance, and these act on *every* row.
#
# Here is the graph of the computation. There are three ways from $x_i$, on the left, to the loss.

# %%
X, MEAN, STD, X_HAT = "$x_i$", "mean $m$", "variance $v$, then $s$", r"all $\hat{x}_j$"
PLACES = {X: (0, 0), MEAN: (1.5, -1), STD: (1.5, 1), X_HAT: (3, 0), "loss": (4.5, 0)}
WAYS = [
    ("1: directly", [X, X_HAT], BLUE, "-"),
    ("2: through the variance", [X, STD, X_HAT], ORANGE, "--"),
    ("3: through the mean", [X, MEAN, X_HAT], GREEN, "-."),
    ("slope 0", [MEAN, STD], "0.5", ":"),
    (None, [X_HAT, "loss"], "black", "-"),
]
fig, ax = plt.subplots(figsize=(9, 3.6))
for label, stops, colour, line in WAYS:
    x_places, y_places = zip(*(PLACES[stop] for stop in stops), strict=True)
    ax.plot(x_places, y_places, color=colour, linestyle=line, linewidth=2, label=label)
for name, place in PLACES.items():
    box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": "0.3"}
    ax.text(*place, name, ha="center", va="center", fontsize=12, bbox=box)
ax.axis("off")
ax.margins(y=0.15)
ax.legend(loc="lower right", frameon=False)
show_figure(
    fig,
    alt="Computational graph. From x_i three ways lead to all the normalised values: directly; "
    "through the variance and the standard deviation; and through the mean. A line from the mean "
    "to the variance is marked: slope 0. From the normalised values one way goes on to the loss.",
)

# %% [markdown]
# ### The easy part: gamma, beta, and the gradient behind x-hat
#
# What comes from the loss is $\partial L / \partial y_i$, in code `grad_output`. The output is
# $y_i = \gamma\, \hat{x}_i + \beta$. Its slope with respect to $\gamma$ is $\hat{x}_i$, and with
# respect to $\beta$ it is 1. One $\gamma$ and one $\beta$ serve all rows of their column, so what
# the rows contribute adds up:
#
# $$\frac{\partial L}{\partial \gamma} = \sum_i \frac{\partial L}{\partial y_i}\, \hat{x}_i
#   \qquad
#   \frac{\partial L}{\partial \beta} = \sum_i \frac{\partial L}{\partial y_i}$$
#
# With respect to $\hat{x}_i$, the slope of $y_i$ is $\gamma$. Give that gradient a short name:
#
# $$g_i = \frac{\partial L}{\partial \hat{x}_i} = \gamma\, \frac{\partial L}{\partial y_i}$$
#
# All three paths start from this $g$. Write $\overline{g}$ for its mean over the rows, and
# $\overline{g \hat{x}}$ for the mean of the products $g_j\, \hat{x}_j$.

# %% [markdown]
# ### Path 1: directly
#
# Hold $m$ and $s$ still. Then $\hat{x}_i = (x_i - m) / s$ has the slope $1/s$ with respect to
# $x_i$, and the other rows don't move:
#
# $$\text{path 1} = \frac{g_i}{s}$$
#
# ### Path 2: through the variance
#
# Multiply the slopes along the way.
#
# * Row $j$ reacts to $s$: the slope of $(x_j - m)/s$ is $-(x_j - m)/s^2 = -\hat{x}_j / s$. All rows
#   react, so the gradient that arrives at $s$ is
#   $-\frac{1}{s} \sum_j g_j\, \hat{x}_j = -\frac{N}{s}\, \overline{g \hat{x}}$.
# * $s = \sqrt{v + \varepsilon}$ has the slope $\frac{1}{2s}$.
# * $v = \frac{1}{N} \sum_j (x_j - m)^2$, with $m$ held still, has the slope
#   $\frac{2}{N} (x_i - m) = \frac{2}{N}\, s\, \hat{x}_i$ with respect to $x_i$.
#
# In their product the 2, the $N$ and one $s$ cancel:
#
# $$\text{path 2} = -\frac{N}{s}\, \overline{g \hat{x}} \cdot \frac{1}{2s}
#   \cdot \frac{2}{N}\, s\, \hat{x}_i = -\frac{\hat{x}_i\; \overline{g \hat{x}}}{s}$$

# %% [markdown]
# ### Path 3: through the mean
#
# * Row $j$ reacts to $m$: the slope of $(x_j - m)/s$ is $-1/s$. All rows together:
#   $-\frac{1}{s} \sum_j g_j = -\frac{N}{s}\, \overline{g}$.
# * $m = \frac{1}{N} \sum_j x_j$ has the slope $\frac{1}{N}$ with respect to $x_i$.
#
# $$\text{path 3} = -\frac{N}{s}\, \overline{g} \cdot \frac{1}{N} = -\frac{\overline{g}}{s}$$
#
# What about the line from $m$ to $v$? The slope of $v$ with respect to $m$ is
# $-\frac{2}{N} \sum_j (x_j - m)$. Distances from the mean add up to 0, so nothing flows there.
#
# ### All together
#
# $$\frac{\partial L}{\partial x_i} = \frac{1}{s} \Big( g_i - \overline{g}
#   - \hat{x}_i\; \overline{g \hat{x}} \Big)$$
#
# In evaluation mode mean and variance are constants. Paths 2 and 3 don't exist, and $g_i / s$ is
# all.

# %% [markdown]
# ### The three numbers again
#
# The loss was $\hat{x}_0$, so $g = (1, 0, 0)$. Then $\overline{g} = \frac{1}{3}$ and
# $\overline{g \hat{x}} = \frac{1}{3} \cdot (-0.926) = -0.309$. The paths, all still to be divided
# by $s$:
#
# | | row 0 | row 1 | row 2 | sum |
# |---|---|---|---|---|
# | path 1: $g_i$ | 1 | 0 | 0 | 1 |
# | path 2: $-\hat{x}_i\, \overline{g \hat{x}}$ | $-0.286$ | $-0.143$ | $0.429$ | 0 |
# | path 3: $-\overline{g}$ | $-0.333$ | $-0.333$ | $-0.333$ | $-1$ |
# | together | 0.381 | $-0.476$ | 0.095 | 0 |
# | divided by $s = 2.160$ | 0.176 | $-0.220$ | 0.044 | 0 |
#
# The last line is what you measured. The gradients of a column add up to 0, since adding the same
# number to all rows changes nothing. And they are orthogonal to $\hat{x}$ (multiply row by row and
# add up, and you get 0, up to $\varepsilon$), since stretching the column changes nothing either.
# **The layer takes out of the gradient what it took out of the input.**

# %% [markdown]
# ### Exercise: `batchnorm_backward`
#
# Unpack the cache, then follow the paths. Think about:
#
# * For which of the three gradients do you need $g$, and for which $\partial L / \partial y$
#   itself?
# * A mean or a sum: what do the formulas say, for each of the averages?
# * The cache holds $s$, with $\varepsilon$ and the root in it already.
# * Which mode was it?

# %% role="exercise" name="batchnorm_backward"

# %% [markdown]
# Test it on more than three numbers. `check_gradient` compares $\partial L / \partial x$ with what
# pushing each entry says; below about $10^{-7}$ they agree. (Lesson 03 tells more.)
#
# The test needs one number as the loss. **Predict**: why would the sum of all outputs be a bad
# choice for it?

# %%
rng = np.random.default_rng(3)
x, loss_weight = rng.normal(2.0, 3.0, (6, 4)), rng.standard_normal((6, 4))
gamma, beta = rng.uniform(0.5, 2, 4), rng.normal(size=4)


def error_of_grad_x(training):
    def normalised(x):
        return batchnorm_forward(x, gamma, beta, np.zeros(4), np.ones(4), training)

    grad_x, _, _ = batchnorm_backward(loss_weight, normalised(x)[3])
    return check_gradient(lambda x: (loss_weight * normalised(x)[0]).sum(), lambda x: grad_x, x)


print(f"training {error_of_grad_x(True):.0e}, evaluation {error_of_grad_x(False):.0e}")

# %% [markdown]
# In training mode, the outputs of a column always add up to $N \beta$. That doesn't depend on $x$,
# so the true gradient is 0, and a function without path 2 would pass. A sum with random weights
# (`loss_weight`) avoids that.

# %% [markdown]
# ## Train with your own functions
#
# Everything below runs through your pair. Training stops early when the loss leaves all bounds; the
# network is tested as it is then.

# %%
EXPLODED = 1000  # a loss from which nothing comes back


def step(network, norm, x, targets, lr):
    """One step of gradient descent: the loss before it, and the network after it."""
    layers, output_weight = network
    loss, grads, grad_output_weight = gradients(network, norm, x, targets)
    if loss > EXPLODED:
        return loss, network
    for layer, layer_grads in zip(layers, grads, strict=True):
        for name, grad in layer_grads.items():
            layer[name] -= lr * grad
    return loss, (layers, output_weight - lr * grad_output_weight)


def train(norm, weight_scale, lr, seed=0, num_epochs=1 if SHORT else 5):
    rng = np.random.default_rng(seed)
    network, losses = new_network(weight_scale, rng), []
    for _ in range(num_epochs):
        for batch in minibatches(len(x_train), 64, rng):
            loss, network = step(network, norm, x_train[batch], targets_train[batch], lr)
            losses.append(loss)
            if loss > EXPLODED:
                return network, losses
    return network, losses


def test_accuracy(network, norm):
    return accuracy(forward(network, norm, x_test, training=False)[0], targets_test)


# %% [markdown]
# First one network of each kind, from a start that is much too small: weight scale 0.03, learning
# rate 0.1. **Predict** both losses after five epochs. (A network that knows nothing has 2.30.)

# %%
for norm in ("none", "batch"):
    network, losses = train(norm, 0.03, 0.1)
    print(f"{norm:5}: loss in every 20th step:", *(f"{loss:.2f}" for loss in losses[::20]), end="")
    print(f", test accuracy {test_accuracy(network, norm):.2f}")

# %% [markdown]
# Without normalization the loss stays at 2.30 for all 120 steps: the gradients are too small to
# change anything. With your functions it falls to a fraction of that, through the same ten layers,
# from the same weights. (It goes up and down, since each number is the loss of another batch.)

# %% [markdown]
# ### A sweep of weight scales
#
# Now the question at the top: seven scales, with and without, learning rate 0.1. Two seeds each, so
# that you see how much is luck. **Predict** the two curves.

# %%
SEEDS = range(1 if SHORT else 2)


def sweep(norm, pairs):
    """Test accuracy for each pair of weight scale and learning rate (rows), each seed (columns)."""
    runs = [[train(norm, scale, lr, seed)[0] for seed in SEEDS] for scale, lr in pairs]
    return np.array([[test_accuracy(network, norm) for network in row] for row in runs])


def draw_sweep(values, results, xlabel, title):
    fig, ax = plt.subplots(figsize=(7, 4))
    styles = {"none": (ORANGE, "--", "o"), "batch": (BLUE, "-", "s"), "layer": (GREEN, ":", "^")}
    for norm, rows in results.items():
        colour, line, marker = styles[norm]
        means = rows.mean(axis=1)
        print(f"{norm:5}", *(f"{v}: {mean:.2f}" for v, mean in zip(values, means, strict=True)))
        ax.semilogx(values, rows, color=colour, marker=marker, linestyle="none", alpha=0.5)
        ax.semilogx(values, means, color=colour, linestyle=line, label=norm)
    ax.axhline(0.1, color="black", linestyle=(0, (1, 3)), label="guessing")
    ax.set_xticks(values, values)
    ax.minorticks_off()
    ax.set(xlabel=xlabel, ylabel="test accuracy", ylim=(0, 1.02), title=title)
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return fig


# %%
scales = [0.01, 0.03, 0.1, 0.18, 0.3, 0.6, 1.0]
by_scale = {}
for norm in ("none", "batch"):
    by_scale[norm] = sweep(norm, [(scale, 0.1) for scale in scales])
show_figure(
    draw_sweep(scales, by_scale, "weight scale at the start", "Ten layers, five epochs, lr 0.1"),
    alt="Test accuracy against the weight scale, 0.01 to 1. Without normalization it is 0.1 to "
    "0.16 at every scale but 0.18, where a peak reaches 0.71. With batch normalization it is "
    "between 0.9 and 1 from 0.01 to 0.18, then falls to 0.65 at scale 1.",
)

# %% [markdown]
# Without normalization there is one good value among the seven, 0.18, and even there the accuracy
# is only 0.71. With it, every scale from 0.01 to 0.18 gives more than 0.9. From 0.3 on the accuracy
# falls, down to 0.65 for the scale 1. You will see why in a moment.

# %% [markdown]
# ### A sweep of learning rates
#
# Now the best start for both, weight scale 0.18, and seven learning rates. **Predict**: at which
# rate does each of them fail?

# %%
lrs = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]
by_lr = {norm: sweep(norm, [(0.18, lr) for lr in lrs]) for norm in ("none", "batch")}
show_figure(
    draw_sweep(lrs, by_lr, "learning rate", "Ten layers, five epochs, weight scale 0.18"),
    alt="Test accuracy against the learning rate, 0.01 to 10. Up to 0.03 both curves rise together "
    "to about 0.8. Without normalization it is 0.71 at 0.1, and guessing from 0.3 on. With batch "
    "normalization it is 0.96 to 0.98 from 0.1 to 1, 0.87 at 3 with the seeds far apart, and 0.19 "
    "at 10.",
)

# %% [markdown]
# * Up to 0.03 there is hardly a difference. Batch normalization doesn't make a small step better.
# * Without it, 0.1 is already a little too much, and 0.3 destroys the network.
# * With it, the accuracy is 0.96 or more from 0.1 to 1. The best rate is ten times as large as the
#   best one without. At 3 the two seeds are far apart, and at 10 it fails as well.
#
# **This is the main gain: larger steps.** Five epochs lead to 0.98 instead of 0.79.

# %% [markdown]
# ## Why does it forgive long steps?
#
# Multiply a layer's weights by $c$. Its numbers grow by $c$, their mean and their standard
# deviation too, and $\hat{x}$ stays as it was. So the loss does not depend on the length of the
# weights. Two things follow:
#
# * To turn weights that are $c$ times as long by the same angle, one must go $c$ times as far. So
#   the slope, the change of the loss per distance, is divided by $c$. **Long weights get small
#   gradients.**
# * Along the weights themselves the loss is flat. So the gradient is orthogonal to them, and by
#   Pythagoras, $|w - \eta g|^2 = |w|^2 + \eta^2 |g|^2$: each step makes the weights *longer*. A
#   step that is much too long makes them much longer, and the next steps turn them less.
#
# **Predict**, in the fifth layer and for the weight scales 0.01, 0.1 and 1: the size of the
# gradient, and that of the weights after a single step with learning rate 0.1.

# %%
batch = np.arange(64)
for scale in [0.01, 0.1, 1.0]:
    network = new_network(scale, np.random.default_rng(0))
    grads = gradients(network, "batch", x_train[batch], targets_train[batch])[1]
    fifth, slope = network[0][4], rms(grads[4]["weight"])
    print(f"scale {scale:4}: gradient {slope:.3g}, weights {rms(fifth['weight']):.4f}", end="")
    step(network, "batch", x_train[batch], targets_train[batch], 0.1)
    print(f", after one step {rms(fifth['weight']):.4f}")

# %% [markdown]
# * **Scale 0.01**: the step is four times as long as the weights. But it stands at a right angle to
#   them, so they grow to $\sqrt{0.0099^2 + 0.0389^2} = 0.0401$. With longer weights the next
#   gradients are smaller. The network has corrected its own scale.
# * **Scale 0.1**: a tenth of the gradient. **Scale 1**: a hundredth. A change of
#   $0.1 \cdot 0.0038$ hardly turns weights of size 1. That is why the sweep of scales falls on the
#   right.
#
# In short: a step that is too long repairs itself. One that is too short doesn't.

# %% [markdown]
# ## Training mode and evaluation mode, measured
#
# Train from the scale 0.03 again. Let the network answer for all test images in three ways: in
# evaluation mode; in training mode, all images as one batch; in training mode, but each batch holds
# only images of *one* digit: first all zeros, then all ones, and so on.
#
# **Predict** the three accuracies. The weights are the same, the images are the same.


# %%
trained, _ = train("batch", 0.03, 0.1)


def answers(rows, training):
    logits = forward(trained, "batch", x_test[rows], training)[0]
    return logits.argmax(axis=1) == targets_test[rows]


everything = np.arange(len(x_test))
by_digit = [np.flatnonzero(targets_test == digit) for digit in range(10)]
print(f"evaluation mode               {answers(everything, False).mean():.2f}")
print(f"training mode, one batch      {answers(everything, True).mean():.2f}")
sorted_answers = np.concatenate([answers(rows, True) for rows in by_digit])
print(f"training mode, digit by digit {sorted_answers.mean():.2f}")

# %% [markdown]
# * **Evaluation mode**: 0.92. That is a little less than in the next line, mostly because the
#   running averages lag behind: they still contain batches from when the weights were others.
# * **Training mode, all images together**: 0.95. Here the batch is a fair sample.
# * **Digit by digit**: 0.10, no better than guessing, with the same weights! What do the zeros of
#   one batch have in common? That they are zeros. It moves the *mean*, and the mean is subtracted.
#   The layer removes just what the network should recognise.
#
# So switch to evaluation mode. A test with shuffled batches need not show that you forgot it.

# %% [markdown]
# ## Layer normalization: the other axis
#
# All this trouble comes from one fact: the statistics run over the batch. **Layer normalization**
# uses the same formulas, with one change. Mean and variance are those of a *row*: one example, over
# all its features.

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for ax, name, part in zip(axes, ("batch", "layer"), (np.s_[:, 1], np.s_[1, :]), strict=True):
    cells = np.zeros((4, 6))
    cells[part] = 1
    ax.pcolormesh(cells, cmap="Blues", vmax=1.6, edgecolors="0.4", linewidth=1)
    ax.invert_yaxis()
    ax.set(title=f"{name} normalization", xlabel="features", ylabel="examples")
    ax.set(xticks=[], yticks=[], aspect="equal")
show_figure(
    fig,
    alt="Two grids of 4 examples (rows) by 6 features (columns). Marked are the cells that share "
    "one mean and one variance. Batch normalization: one column. Layer normalization: one row.",
)

# %% [markdown]
# | | batch normalization | layer normalization |
# |---|---|---|
# | one mean for each | feature, over the batch | example, over its features |
# | $\gamma$, $\beta$ | one for each feature | one for each feature |
# | running averages | needed | none |
# | training and evaluation | differ | the same |
# | a batch of one | impossible in training | no problem |
# | typical place | networks for images, large batches | networks for texts, whose lengths differ |
#
# By hand, on the *row* $(1, 2, 6)$ with $\gamma = (2, 1, 1)$ and $\beta = (1, 0, 0)$: the same mean
# 3, the same $s = 2.160$, the same $\hat{x} = (-0.926, -0.463, 1.389)$. The output is
# $y = (-0.852, -0.463, 1.389)$: each *feature* has its own $\gamma$ and $\beta$.

# %% [markdown]
# ### Exercise: `layernorm_forward`
#
# The statistics now have one entry for each row. Which shape must they have, so that they line up
# with the rows of a (N, D) array, and not with its columns? Try it with as many rows as columns:
# there the wrong shape makes no error, only wrong numbers.

# %% role="exercise" name="layernorm_forward"

# %% [markdown]
# ### The way back
#
# Nothing new has to be derived. The three paths are the same, with the averages over the $D$
# entries of a row:
#
# $$\frac{\partial L}{\partial x_k} = \frac{1}{s} \Big( g_k - \overline{g}
#   - \hat{x}_k\; \overline{g \hat{x}} \Big)$$
#
# * $g_k = \gamma_k\, \partial L / \partial y_k$, and now each entry of the average has another
#   $\gamma$. So multiply before you average.
# * $\gamma$ and $\beta$ still belong to the columns. Which axis do *their* sums run over?
#
# ### Exercise: `layernorm_backward`

# %% role="exercise" name="layernorm_backward"

# %% [markdown]
# Repeat the sweep of weight scales. **Predict**: will the curve lie on that of batch normalization?


# %%
def layer_norm(z, layer, training):
    return layernorm_forward(z, layer["gamma"], layer["beta"])


NORMS["layer"] = (layer_norm, layernorm_backward)
by_scale["layer"] = sweep("layer", [(scale, 0.1) for scale in scales])
show_figure(
    draw_sweep(scales, by_scale, "weight scale at the start", "Ten layers, five epochs, lr 0.1"),
    alt="Test accuracy against the weight scale, three curves. Those without and with batch "
    "normalization are as before. Layer normalization only guesses at 0.01 and 0.03, rises to 0.56 "
    "at 0.1, with the seeds far apart, and to about 0.83 from 0.18 to 0.6, then 0.73 at 1. From "
    "0.6 on it is above batch normalization.",
)

# %% [markdown]
# From 0.1 on it is better than no normalization, and from 0.6 on better than batch normalization.
# But with 0.01 and 0.03 it only guesses. There the first steps are much too long, and this network
# doesn't recover from them: afterwards all images have *almost the same numbers* in the last hidden
# layer. Each row is normalised on its own, so layer normalization can't notice that all rows have
# become alike. Batch normalization can't let it happen: it stretches each column until its standard
# deviation over the images is 1. So layer normalization needs a sensible start more.

# %% [markdown]
# ## Why does it help? What is known
#
# Its inventors (Ioffe and Szegedy, 2015) explained it so: when the early layers learn, the inputs
# of the later layers shift, and they must follow. Normalising reduces this *internal covariate
# shift*. Santurkar and others (2018) tested the explanation. They added noise *behind* the batch
# normalization, so that the inputs shifted again, and the networks still trained about as well.
# Their own explanation: the loss becomes smoother. Its slope changes less from one step to the
# next, so longer steps are safe.
#
# What you have measured is true in any case, for this network: the size of the numbers no longer
# depends on the scale of the weights, and steps that are too long correct themselves.

# %% [markdown]
# ## Two questions to answer in writing
#
# **Question 1.** A friend has written her own training loop with batch normalization. The loss
# falls nicely, and in training mode nearly all training images are recognised. She switches to
# evaluation mode, and the *same training images* are recognised no better than by guessing. Name
# **two** different mistakes or circumstances that explain this, and say for each how she can find
# out whether it is the one. (2 points)

# %% [markdown] role="answer" id="good_in_training_bad_in_evaluation" points=2
# **Model answer.** The images are the same, so it isn't overfitting. Evaluation mode uses the
# running averages; something must be wrong with them. Two of these:
#
# * *They were never stored.* `batchnorm_forward` returns new arrays, and the loop dropped them.
#   Then they are still 0 and 1. Print them.
# * *They had no time.* After $n$ batches the start has the weight $0.9^n$ (0.59 after 5), or less
#   momentum was used. Or the weights have moved so fast that the averages lag behind. Let many
#   batches pass in training mode without a step of the weights and evaluate again: if that was it,
#   the accuracy is good now.
# * *Evaluation itself is wrong*: `running_var` used without the root, or gamma and beta left out.
#   Put one batch's mean and variance in place of the averages: both modes must then agree on it.
#
# **Marking.** 1 point for each cause *with* a way to find out; half a point for a cause without
# one. "Overfitting" or "the learning rate" earns nothing.

# %% [markdown]
# **Question 2.** Our network keeps a bias in front of the normalization: $z = x W + b$, and then
# batch normalization (training mode) of $z$. What does $b$ change in the output? What is its
# gradient? Prove the second answer with the formula of $\partial L / \partial x_i$ above. Which
# parameter does the work of the bias instead? (2 points)

# %% [markdown] role="answer" id="the_useless_bias" points=2
# **Model answer.** Nothing: $b$ is added to all rows of a column, so it moves the mean by $b$, and
# the mean is subtracted. Its gradient is the sum of the gradients of $z$ over the rows:
#
# $$\sum_i \frac{1}{s} \Big( g_i - \overline{g} - \hat{x}_i\, \overline{g \hat{x}} \Big)
#   = \frac{1}{s} \Big( N \overline{g} - N \overline{g}
#   - \overline{g \hat{x}} \sum_i \hat{x}_i \Big) = 0$$
#
# since the $\hat{x}_i$ add up to 0. So $b$ never learns (a computer shows rounding errors around
# $10^{-16}$). $\beta$ does its work, after the normalization.
#
# **Marking.** 1 point: no influence, gradient 0, and $\beta$ takes its place (half a point if one
# of the three is missing). 1 point: the proof, with both cancellations ($\sum g_i = N \overline{g}$
# and $\sum \hat{x}_i = 0$). "The output doesn't depend on $b$, so the slope is 0" is a proof too,
# but not the one that was asked for: half a point.

# %% [markdown]
# ## The answer to the question at the top
#
# * **Why it stops learning.** Each layer multiplies the size of its numbers by a factor, and depth
#   raises the factor to a power. Below 1, numbers and gradients shrink until the steps change
#   nothing. Above 1, they grow until the first step throws everything off.
# * **How three lines help.** Subtract the mean, divide by the standard deviation, scale and shift:
#   every layer's numbers start with size 1, whatever the weights are. And steps that are too long
#   correct themselves. Not without limits: a scale of 1 learns slowly, and the rate 10 fails.

# %% [markdown]
# ## What to remember
#
# 1. **Normalise each feature over the batch**, biased variance, $\varepsilon$ under the root; then
#    $\gamma\, \hat{x} + \beta$.
# 2. **Two modes.** Training uses the batch and moves the running averages; evaluation uses the
#    averages, and an example doesn't see its neighbours. Don't forget the switch.
# 3. **Backwards: three paths** (direct, variance, mean). Together
#    $(g - \overline{g} - \hat{x}\, \overline{g \hat{x}}) / s$, with means over what was normalised.
# 4. **What it buys**: deep networks train from many scales and with larger learning rates, since
#    long weights get small gradients.
# 5. **Layer normalization** is the same over each example: no batch, no modes, no running averages.

# %% [markdown]
# ## References
#
# * S. Ioffe and C. Szegedy (2015). Batch normalization: accelerating deep network training by
#   reducing internal covariate shift. *ICML*, <https://arxiv.org/abs/1502.03167>. Algorithm 1 is
#   the forward pass; the gradients follow in section 3.
# * J. L. Ba, J. R. Kiros and G. E. Hinton (2016). Layer normalization,
#   <https://arxiv.org/abs/1607.06450>. The other axis, with recurrent networks in mind.
# * S. Santurkar, D. Tsipras, A. Ilyas and A. Madry (2018). How does batch normalization help
#   optimization? *NeurIPS*, <https://arxiv.org/abs/1805.11604>. The test of the first explanation,
#   and the smoother loss.
