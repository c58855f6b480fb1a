# %% [markdown]
# # Initialization and normalization
#
# Build one network three times: ten hidden layers of 64 units, ReLU between them. Train all three
# on the same images, in the same way. Only the size of the random numbers that the weights start
# from differs:
#
# | size of the first weights | loss after training |
# |---|---|
# | 0.088 | 2.30: nothing learnt |
# | 0.177 | close to 0: nearly all of it learnt |
# | 0.354 | not a number |
#
# Half the right size, and nothing happens. Twice the right size, and everything breaks. Where does
# 0.177 come from? And which number would be right for layers of 200 units?
#
# By the end of this lesson you can compute it in one line, and you will have trained the three
# networks.

# %% [markdown]
# **You need** the forward and backward pass of a network (lesson 04), minibatches and the learning
# rate (lesson 05), and from statistics the mean and the variance. The **variance** of a list of
# numbers is the mean of their squared distances from their mean. Its root is the **standard
# deviation**.
#
# **You build** two ways to draw weights (`xavier_uniform`, `kaiming_normal`), a test for useless
# units (`dead_unit_fraction`), a safety belt (`clip_gradients`), and what prepares the data
# (`split_indices`, `fit_standardizer`, `standardize`).
#
# **How to work.** Seven cells are yours to fill in. Run your cell, then the cell below it: `check`
# tries your function on many inputs and, where it recognises a mistake, names it. Where the text
# says **Predict**, decide on an answer before you run the next cell.

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
    minibatches,
    mlp_forward,
    mlp_loss,
    relu,
    relu_backward,
    sgd_step,
    tanh,
    tanh_backward,
)
from nnkit.plots import loss_curves, show_figure, show_live

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too
STYLES = [(GREEN, ":"), (BLUE, "-"), (ORANGE, "--")]
SHORT = "NBGRADER_EXECUTION" in os.environ  # while grading, the long runs are cut short

# %% [markdown]
# | formula | code | meaning |
# |---|---|---|
# | $n_{\text{in}}$ | `fan_in` | how many inputs feed one unit of a layer |
# | $n_{\text{out}}$ | `fan_out` | how many units the layer has |
# | $x_i$ | `x` | inputs of a layer |
# | $w_{ij}$ | `weight` | weight from input $i$ to unit $j$, shape (`fan_in`, `fan_out`) |
# | $z_j$ | `z` | what unit $j$ adds up: $z_j = \sum_i x_i\, w_{ij}$ |
# | $\mathrm{Var}(w)$ | | variance of the random weights |
#
# Biases start at 0 throughout.

# %% [markdown]
# ## Why random at all?
#
# The simplest start would be the same number for all weights. Try it on a small problem: 300 points
# in the plane, class 1 outside of a circle and class 0 inside. The network has 8 hidden units with
# ReLU. One copy starts with all weights equal to 0.5, the other with random ones.
#
# **Predict**: in which way will the 8 units of the first copy differ after 500 steps of training?


# %%
def train_on_the_circle(weights, num_steps=500, lr=0.5):
    """Return the weights from the first input to the 8 units after each step, and the accuracy."""
    biases, history = [np.zeros(8), np.zeros(2)], []
    for _ in range(num_steps):
        history.append(weights[0][0])
        _, grad_weights, grad_biases = mlp_loss(points, inside_or_out, weights, biases)
        weights = [sgd_step(w, g, lr) for w, g in zip(weights, grad_weights, strict=True)]
        biases = [sgd_step(b, g, lr) for b, g in zip(biases, grad_biases, strict=True)]
    logits, _ = mlp_forward(points, weights, biases)
    return np.array(history), accuracy(logits, inside_or_out)


rng = np.random.default_rng(0)
points = rng.normal(size=(300, 2))
inside_or_out = ((points**2).sum(axis=1) > 1.4).astype(int)
starts = {
    "all weights 0.5": [np.full((2, 8), 0.5), np.full((8, 2), 0.5)],
    "random weights": [rng.normal(0, 0.5, size=(2, 8)), rng.normal(0, 0.5, size=(8, 2))],
}
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True, layout="constrained")
for ax, (name, weights) in zip(axes, starts.items(), strict=True):
    history, right = train_on_the_circle(weights)
    print(f"{name}: {len(np.unique(history[-1]))} different units, accuracy {right:.2f}")
    ax.plot(history, color=BLUE, linewidth=2, alpha=0.7)
    ax.set(xlabel="step", title=f"{name}: accuracy {right:.2f}")
axes[0].set_ylabel("weight from the first input")
show_figure(
    fig,
    alt="The weight from the first input to each of 8 units over 500 steps. Left, all weights "
    "equal at first: a single visible line. Right, random weights: eight lines that spread out.",
)

# %% [markdown]
# Not at all: eight lines lie exactly on one another. The reason is **symmetry**. Units with equal
# weights compute the same number. If their outgoing weights are equal too, they get the same
# gradient. So they take the same step, and they are equal again. Eight such units are worth one.
#
# With zeros it is even worse. All hidden units give 0, and through outgoing weights of 0 no
# gradient comes back. Only the last bias can learn.
#
# Random weights break the symmetry, and biases of 0 do no harm then. So: **random weights, biases
# of zero**. The question is only how large the weights should be.

# %% [markdown]
# ## Twenty layers, three sizes
#
# Send 200 random examples through 20 layers of 100 units, with no activation function for now.
# We measure how large the numbers are by their **spread**: the root of the mean of their squares.
# For numbers around 0, that is the standard deviation. The inputs have spread 1. In the same way we
# send random gradients of spread 1 backwards, from the last layer to the first.
#
# **Predict**: the weights are random numbers around 0 of the standard deviation 0.05, 0.1 and 0.2.
# With which do the outputs grow? By how much in 20 layers: 2 times, 20 times, a million times?


# %%
def spread(values):
    return np.sqrt(np.mean(values**2))


def spreads(draw, activation, activation_backward):
    """The spread after each layer, forwards and backwards; `draw(rng)` makes a layer's weights."""
    rng = np.random.default_rng(0)
    weights = [draw(rng) for _ in range(20)]
    assert weights[0].shape == (100, 100), f"weights of shape {weights[0].shape}: repair them first"
    outputs, grads = [rng.normal(size=(200, 100))], [rng.normal(size=(200, 100))]
    for weight in weights:
        outputs.append(activation(outputs[-1] @ weight))
    for weight, y in zip(reversed(weights), reversed(outputs[1:]), strict=True):
        grads.insert(0, activation_backward(grads[0], y) @ weight.T)
    return [spread(y) for y in outputs], [spread(g) for g in grads]


def show_spreads(draws, activation, activation_backward):
    """Print and draw the spreads for each way to draw weights."""
    runs = {name: spreads(draw, activation, activation_backward) for name, draw in draws.items()}
    words = [
        f"{name}: outputs {outputs[-1]:.2g} in the last layer, gradients {grads[0]:.2g} in layer 0"
        for name, (outputs, grads) in runs.items()
    ]
    print(*words, sep="\n")
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    for k, title in enumerate(["forward: outputs", "backward: gradients"]):
        for (name, run), (colour, line) in zip(runs.items(), STYLES, strict=False):
            axes[k].semilogy(run[k], color=colour, linestyle=line, linewidth=2, label=name)
        axes[k].set(xlabel="layer", ylabel="spread", title=title, xticks=range(0, 21, 5))
    axes[0].legend(title="weights")
    alt = "Spread over layers 0 to 20, logarithmic axis; outputs begin with 1 in layer 0, gradients"
    show_figure(fig, alt=f"{alt} in layer 20. {'; '.join(words)}.")


def normal_weights(std):
    return lambda rng: rng.normal(0, std, size=(100, 100))


# %%
show_spreads(
    {f"std {std}": normal_weights(std) for std in [0.05, 0.1, 0.2]},
    lambda z: z,  # no activation function: what goes in comes out
    lambda grad, y: grad,  # its slope is 1
)

# %% [markdown]
# Straight lines on a logarithmic axis: each layer multiplies the spread by the same factor, here by
# 0.5, by 1 and by 2. And $2^{20}$ is a million. The two failures have names. Signals and gradients
# that shrink to nothing **vanish**; those that grow without limit **explode**.
#
# Either way the network can't learn. With a vanishing gradient the first layers get no push. With
# an exploding one, a single step throws the weights far off.
#
# Factors 0.5, 1, 2 for sizes 0.05, 0.1, 0.2: the factor seems to be ten times the size. Why ten?

# %% [markdown]
# ## What one layer does to the spread
#
# Take one unit and drop its index $j$: $z = \sum_i x_i\, w_i$, with $n_{\text{in}}$ terms. Write
# $\mathbb{E}$ for the mean over many random draws. The weights have the mean 0. They are
# **independent** of one another and of $x$: the mean of a product is the product of the means.
# Square the sum:
#
# $$\mathbb{E}[z^2] = \sum_i \mathbb{E}[x_i^2\, w_i^2]
#   + \sum_{i \ne k} \mathbb{E}[x_i x_k\, w_i w_k]$$
#
# In the second sum each term has the factor $\mathbb{E}[w_i w_k] = \mathbb{E}[w_i]\,
# \mathbb{E}[w_k] = 0$, so it is gone. In the first, $\mathbb{E}[w_i^2]$ is the variance of the
# weights, since their mean is 0. There are $n_{\text{in}}$ such terms:
#
# $$\mathbb{E}[z^2] = n_{\text{in}}\, \mathrm{Var}(w)\; \mathbb{E}[x^2]$$
#
# The spread is the root of that: **a layer multiplies it by $\sqrt{n_{\text{in}}}$ times the
# standard deviation of its weights.** With 100 inputs, $\sqrt{100} = 10$. There is the ten.
#
# A small check by hand: 4 inputs, all 1, and weights that are $+1$ or $-1$ at random, so that
# $\mathrm{Var}(w) = 1$. The sum of 4 signs is $\pm 4$ (twice in 16 cases), $\pm 2$ (8 cases), 0 (6
# cases). The mean of its square is $(2 \cdot 16 + 8 \cdot 4) / 16 = 4$, which is
# $n_{\text{in}}\, \mathrm{Var}(w)$.

# %% [markdown]
# ### Backwards
#
# The gradient goes through the same weights the other way. Input $i$ acts on every unit, so its
# gradient is a sum over the units, $\sum_j g_j\, w_{ij}$, where $g_j$ is the gradient of $z_j$.
# That sum has $n_{\text{out}}$ terms. If the $g_j$ are independent of the weights (before training
# that is nearly true), the rest of the argument is the same:
#
# $$\mathbb{E}[g_{\text{in}}^2] = n_{\text{out}}\, \mathrm{Var}(w)\; \mathbb{E}[g^2]$$
#
# So the outputs keep their spread if $\mathrm{Var}(w) = 1 / n_{\text{in}}$, and the gradients keep
# theirs if $\mathrm{Var}(w) = 1 / n_{\text{out}}$. If a layer has as many units as inputs, both
# come true. If not, one must compromise. **Xavier initialization** (after Xavier Glorot) puts the
# mean of the two numbers into the denominator:
#
# $$\mathrm{Var}(w) = \frac{1}{(n_{\text{in}} + n_{\text{out}}) / 2}
#   = \frac{2}{n_{\text{in}} + n_{\text{out}}}$$

# %% [markdown]
# ### A uniform distribution with that variance
#
# Xavier's weights are often drawn **uniformly**: all numbers from $-a$ to $a$ are equally likely.
# Which $a$ gives the right variance? The mean is 0, so the variance is the mean of $w^2$ over that
# range, which is an integral divided by the length $2a$:
#
# $$\mathrm{Var}(w) = \frac{1}{2a} \int_{-a}^{a} w^2\, dw = \frac{1}{2a} \cdot \frac{2a^3}{3}
#   = \frac{a^2}{3}$$
#
# Mind the difference: $a$ is the largest weight that can occur, and the standard deviation is
# smaller, $a / \sqrt{3}$. Set $a^2 / 3$ equal to Xavier's variance and solve for $a$.

# %% [markdown]
# ### Exercise: `xavier_uniform`
#
# Two lines: the bound, then the random numbers. To check the bound first: for 4 inputs and 2 units
# it is exactly 1. Take the numbers from `rng`, which has a method `uniform`.

# %% role="exercise" name="xavier_uniform"

# %% [markdown]
# ### Measured with tanh
#
# Xavier's rule is meant for activation functions like tanh. Near 0, $\tanh z \approx z$ and its
# slope is 1, so it hardly changes the calculation. Far from 0 it **saturates**: its value is almost
# $\pm 1$ and its slope is almost 0.
#
# **Predict**: with weights that are too large (0.5), the outputs can't explode, as tanh stays below
# 1. Will the gradients explode, vanish or stay? (Each passes through weights that are 5 times too
# large, but also through the slopes.)

# %%
draws = {
    "std 0.05": normal_weights(0.05),
    "Xavier": lambda rng: xavier_uniform(100, 100, rng),
    "std 0.5": normal_weights(0.5),
}
show_spreads(draws, tanh, tanh_backward)

# %% [markdown]
# * **Too small**: the signal is near 0, where tanh is a straight line, and it vanishes as before.
# * **Too large**: the outputs look healthy, but most are near $\pm 1$, where the slope is almost 0.
#   Yet the gradients *explode*: the few units that aren't saturated let through more than enough.
# * **Xavier**: after 20 layers both spreads are still above a tenth. They sink a little in each
#   layer, because tanh is always a bit smaller than its argument. Xavier's rule ignores that.

# %% [markdown]
# ## ReLU throws half away
#
# A ReLU gives $\max(z, 0)$. The sums $z$ are symmetric around 0: positive and negative are equally
# likely. Take four of them, $-2, -1, 1, 2$:
#
# | | values | mean of the squares |
# |---|---|---|
# | before | $-2, -1, 1, 2$ | $(4 + 1 + 1 + 4) / 4 = 2.5$ |
# | after ReLU | $0, 0, 1, 2$ | $(0 + 0 + 1 + 4) / 4 = 1.25$ |
#
# Exactly half is left. Put this ½ into the formula of a layer, where $x$ is now what the *layer
# before* gave after its ReLU:
#
# $$\mathbb{E}[x_{\text{new}}^2] = \tfrac{1}{2}\, \mathbb{E}[z^2]
#   = \tfrac{1}{2}\, n_{\text{in}}\, \mathrm{Var}(w)\; \mathbb{E}[x^2]$$
#
# The mean square stays the same if the product of the first three factors is 1:
#
# $$\mathrm{Var}(w) = \frac{2}{n_{\text{in}}}$$
#
# This is **Kaiming initialization** (after Kaiming He). Note that the formula needs the mean square
# of $x$, not its variance. After a ReLU the mean isn't 0, so the two differ.
#
# Backwards the ReLU also lets half through, where the unit was on. That would ask for
# $2 / n_{\text{out}}$. Kaiming takes the forward condition. The gradients' mean square then gets
# the factor $n_{\text{out}} / n_{\text{in}}$ in each layer. One layer's $n_{\text{out}}$ is the
# next one's $n_{\text{in}}$, so over all layers nearly everything cancels.

# %% [markdown]
# ### Exercise: `kaiming_normal`
#
# This time the numbers come from the **normal** distribution, the bell curve. `rng.normal` wants
# the standard deviation, and the formula above gives the variance. To check: 64 inputs need the
# standard deviation 0.177. You have seen that number at the top.

# %% role="exercise" name="kaiming_normal"

# %% [markdown]
# Now 20 layers with ReLU. **Predict**: with Xavier, each layer halves the mean square. By which
# factor has the *spread* shrunk after 20 layers?

# %%
draws = {
    "Xavier": lambda rng: xavier_uniform(100, 100, rng),
    "Kaiming": lambda rng: kaiming_normal(100, 100, rng),
}
show_spreads(draws, relu, relu_backward)
print(f"the root of one half, 20 times: {0.5**10:.5f}")

# %% [markdown]
# The half counts for the *square*, so the spread is multiplied by $\sqrt{1/2} = 0.71$ in each
# layer. In 20 layers that makes $0.5^{10}$, about a thousandth. The measured numbers are of that
# size. With Kaiming the spread stays near 1 all the way. It isn't exact: the weights are random, so
# each layer is off by some per cent, to either side.

# %% [markdown]
# ### Try it: how exact must the size be?
#
# Multiply the right weights by a factor and look at the spread over 20 layers (this needs a running
# kernel). Three things to look for:
#
# 1. ReLU with the factors 0.5 and 2. Which number do you get in the last layer?
# 2. For which factors do the outputs of the last ReLU layer stay between 0.1 and 10?
# 3. Is tanh more patient than ReLU? Forwards? Backwards?


# %%
def scaled_spreads(kind, factor):
    if kind == "ReLU":
        return spreads(lambda rng: factor * kaiming_normal(100, 100, rng), relu, relu_backward)
    return spreads(lambda rng: factor * xavier_uniform(100, 100, rng), tanh, tanh_backward)


live_figure, live_ax = plt.subplots(figsize=(7, 3.4))
(forward_line,) = live_ax.semilogy(np.ones(21), color=BLUE, label="outputs")
(backward_line,) = live_ax.semilogy(np.ones(21), color=ORANGE, linestyle="--", label="gradients")
live_ax.set(xlabel="layer", ylabel="spread", ylim=(1e-8, 1e8), xticks=range(0, 21, 5))
live_ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1))

kind_buttons = widgets.ToggleButtons(options=["ReLU", "tanh"], description="activation")
factor_slider = widgets.FloatLogSlider(
    value=1, base=2, min=-1, max=1, step=0.05, description="factor", readout_format=".2f"
)


def redraw(kind, factor):
    forward, backward = scaled_spreads(kind, factor)
    forward_line.set_ydata(forward)
    backward_line.set_ydata(backward)
    return (
        f"{kind}, weights {factor:.2f} times the right size: outputs {forward[-1]:.2g} in the last "
        f"layer, gradients {backward[0]:.2g} in layer 0."
    )


scaled_spreads("tanh", 1)  # if xavier_uniform fails, it shows here and not only behind the button
show_live(live_figure, redraw, kind=kind_buttons, factor=factor_slider)

# %% [markdown]
# The same as one picture, for readers without a running kernel: the spread at the far end for
# factors from 0.5 to 2. The grey band is the range from 0.1 to 10.

# %%
factors, words = np.geomspace(0.5, 2, 21), []
runs = {kind: [scaled_spreads(kind, factor) for factor in factors] for kind in ["ReLU", "tanh"]}
fig, axes = plt.subplots(1, 2, figsize=(10, 3.8), sharey=True, layout="constrained")
for ax, (kind, run) in zip(axes, runs.items(), strict=True):
    outputs = np.array([forward[-1] for forward, _ in run])
    grads = [backward[0] for _, backward in run]
    ax.loglog(factors, outputs, color=BLUE, label="outputs, last layer")
    ax.loglog(factors, grads, color=ORANGE, linestyle="--", label="gradients, at the input")
    ax.axhspan(0.1, 10, color="0.9")
    ax.set(xlabel="weights, as a multiple of the right size", title=kind)
    ax.set_xticks([0.5, 0.7, 1, 1.4, 2], [0.5, 0.7, 1, 1.4, 2])
    ax.minorticks_off()
    usable = factors[(outputs > 0.1) & (outputs < 10)].round(2)
    words.append(f"{kind}: outputs from 0.1 to 10 for {usable}; at 2, gradients {grads[-1]:.2g}")
    print(words[-1])
axes[0].set_ylabel("spread after 20 layers")
axes[0].legend()
show_figure(fig, alt=f"Spread after 20 layers against the factor. {'; '.join(words)}.")

# %% [markdown]
# 1. About a millionth and a million: $0.5^{20}$ and $2^{20}$.
# 2. Only 0.93, 1 and 1.07 of the 21 factors. Seven per cent per layer, twenty times, is a factor of
#    four; 15 per cent would be sixteen.
# 3. If the weights are too *small*, tanh is no more patient. If they are too *large*, it is by far:
#    the outputs can't leave the range from $-1$ to $1$, and the gradients grow slowly.

# %% [markdown]
# ## The first layer's inputs
#
# All this assumed that the *inputs* have a spread near 1. Do they? Here are the digits: 1797
# images of 8 by 8 pixels, each pixel a number from 0 to 16. A first glance, before we get strict:

# %%
digits = load_digits()
images, labels = digits.data, digits.target
print(f"spread of all pixels: {spread(images):.1f}")
print("mean of the pixels in the first row of the image:", images[:, :8].mean(axis=0).round(1))
print("standard deviation of the same:                  ", images[:, :8].std(axis=0).round(1))

# %% [markdown]
# The spread is 7.7, the means are far from 0, and some pixels vary much while others hardly
# vary or never do. The remedy is to **standardize** each feature (here: each pixel) on its own,
# with its mean and its standard deviation `std`:
#
# $$x_{\text{new}} = \frac{x - \mathrm{mean}}{\mathrm{std}}$$
#
# Take the three numbers 2, 4, 9. Their mean is 5. Their squared distances are 9, 1, 16, with the
# mean $26 / 3 = 8.67$, so std is 2.94. The new values are $-1.02$, $-0.34$ and $1.36$: mean 0,
# standard deviation 1.
#
# But the mean and the standard deviation *of which images*?

# %% [markdown]
# ### First split, then look
#
# The **test set** plays the part of images that don't exist yet. It is used once, at the end, to
# tell how well the network will do out there. A third part, the **validation set**, is for choosing
# between variants on the way. If training uses anything of the test set, the measurement is no
# longer one of *new* images. That is called **leakage**, and a mean counts too: it is a number that
# was learnt from data.
#
# So the order is fixed: **split first, compute mean and std on the training part, then use the same
# two for all parts.**
#
# The split itself must be random: data are often sorted in some way. And it has to be exact.
# Suppose $N = 7$ examples in shares of ½, ¼, ¼. Rounding each size on its own gives 4 (from 3.5),
# 2 and 2 (both from 1.75), together 8: one too many. Round where each part *ends* instead. The ends
# are at 3.5, 5.25 and 7, rounded 4, 5 and 7, so the sizes are 4, 1 and 2.

# %% [markdown]
# ### Exercise: `split_indices`
#
# As with `minibatches`, hand out indices, not images. Think about:
#
# * How often do you shuffle, and when?
# * Where does part $k$ begin, if you know where part $k - 1$ ends?
# * What can you do so that the last part surely ends at $N$?

# %% role="exercise" name="split_indices"

# %% [markdown]
# ### Exercise: `fit_standardizer`
#
# One mean and one standard deviation per column, so the average runs over axis 0. Divide by $N$,
# not by $N - 1$.
#
# There is one trap. A pixel that is always 0.1 has the standard deviation 0. But the computer's
# mean of ten numbers 0.1 may be off in the last digit, and then the distances aren't quite 0. The
# result would be a tiny number in place of 0, and somebody will divide by it. What could you
# subtract from the column *before* you take its mean, so that a constant column becomes exactly 0?
# And what must you then add to the mean?

# %% role="exercise" name="fit_standardizer"

# %% [markdown]
# ### Exercise: `standardize`
#
# The formula above, with the given mean and std. A column with std 0 carried no information in
# training. It becomes 0, even if a new image differs there. Decide by the column's std, and don't
# let a division by 0 happen.
#
# Never compute a mean of `x` here: it may be the test set.

# %% role="exercise" name="standardize"

# %% [markdown]
# Now prepare the digits with your three functions: 70 % for training, 15 % for validation, 15 % for
# the test. **Predict**: which of the parts has exactly the mean 0 and the standard deviation 1?

# %%
parts = split_indices(len(images), (0.7, 0.15, 0.15), np.random.default_rng(0))
mean, std = fit_standardizer(images[parts[0]])
x_train, x_val, x_test = (standardize(images[part], mean, std) for part in parts)
targets_train, targets_val, targets_test = (labels[part] for part in parts)
assert x_train.shape == (1258, 64), "expected 1258 training images: repair split_indices first"
moving = std > 0
assert np.allclose(x_train.std(axis=0), moving), "std isn't 1: repair fit_standardizer/standardize"
print(f"{(~moving).sum()} of 64 pixels are constant in the training part")
for name, x in {"training": x_train, "validation": x_val, "test": x_test}.items():
    means, stds = x[:, moving].mean(axis=0), x[:, moving].std(axis=0)
    print(f"{name:10}: {len(x):4} images, means {means.min():+.2f} to {means.max():+.2f},", end="")
    print(f" standard deviations {stds.min():.2f} to {stds.max():.2f}")

# %% [markdown]
# Only the training part. The others are near it, as far as chance allows: they were measured with a
# ruler that was made without them, as new images will be. (A standard deviation of 0 belongs to a
# pixel that has the same value in all images of that part, though not in training.)

# %% [markdown]
# ### What goes wrong otherwise
#
# A friend finds it fairer to give each part its *own* mean and standard deviation. **Predict** what
# happens when a single image comes in, as it does in use.

# %%
one_image = images[parts[2][:1]]
own = standardize(one_image, *fit_standardizer(one_image))
print("with its own statistics, values:      ", np.unique(own))
print("with the training statistics, values: ", len(np.unique(x_test[:1])), "different ones")

# %% [markdown]
# The image is its own mean. All 64 pixels become 0, and so would those of any other image: nothing
# is left to recognise. A result for one image must not depend on which others come with it.
#
# The other mistake, one mean over *all* images before the split, is harder to see. The parts are
# random samples of the same kind, so here the two means hardly differ. With few examples, rare
# large values, or data that change over time it can flatter the test result, and nothing warns you.

# %% [markdown]
# ## Train the three networks
#
# Back to the question at the top: ten hidden layers of 64 units, batches of 32, the learning rate
# 0.05. Here is the loop. (`step_hook` may change the gradients before a step. It stays empty until
# the last section.)


# %%
def train(draw, x, sizes, lr, num_epochs, seed=0, step_hook=None):
    """The training losses (at first, then after each epoch), the weights and the biases."""
    rng = np.random.default_rng(seed)
    weights = [draw(n_in, n_out, rng) for n_in, n_out in pairwise(sizes)]
    biases = [np.zeros(n_out) for n_out in sizes[1:]]
    losses = [mlp_loss(x, targets_train, weights, biases)[0]]
    for _ in range(num_epochs):
        for batch in minibatches(len(x), 32, rng):
            loss, *grads = mlp_loss(x[batch], targets_train[batch], weights, biases)
            if not loss < 1e6:  # we give up, also if the loss is not a number
                return [*losses, np.nan], weights, biases
            grad_weights, grad_biases = grads if step_hook is None else step_hook(*grads)
            weights = [sgd_step(w, g, lr) for w, g in zip(weights, grad_weights, strict=True)]
            biases = [sgd_step(b, g, lr) for b, g in zip(biases, grad_biases, strict=True)]
        losses.append(mlp_loss(x, targets_train, weights, biases)[0])
    return losses, weights, biases


# %% [markdown]
# **Predict** the first loss of each: below, at or far above $\log 10 = 2.30$? By which factor are
# the logits of the third network too large? (It has 11 layers of weights.)

# %%
deep = [64] + 10 * [64] + [10]
num_epochs = 2 if SHORT else 8


def scaled(factor):
    """A way to draw weights of a multiple of the right size."""
    return lambda fan_in, fan_out, rng: factor * kaiming_normal(fan_in, fan_out, rng)


first = kaiming_normal(64, 64, np.random.default_rng(0))
assert 0.15 < first.std() < 0.2, "the weights have the wrong size: repair kaiming_normal first"
trained = {f: train(scaled(f), x_train, deep, 0.05, num_epochs) for f in [0.5, 1, 2]}
curves = {f"size {f * np.sqrt(2 / 64):.3f}": losses for f, (losses, _, _) in trained.items()}
for name, losses in curves.items():
    print(f"{name}: first loss {losses[0]:.3g}, last {losses[-1]:.3g}")
loss_curves(curves, y_label="training loss", y_scale="log").show()

# %% [markdown]
# * **0.088**, half the right size: the logits are about $2^{-11}$ of what they should be, nearly 0
#   for all classes. So the loss is $\log 10$, and with gradients just as small it stays there.
# * **0.354**, twice the right size: the logits are $2^{11} = 2048$ times too large. The network is
#   sure and wrong, at a loss near 2770. The first steps are enormous, the loss passes a million,
#   and our loop gives up: `nan`, not a number.
# * **0.177**: a first loss of 2.6, near $\log 10$, and 0.06 at the end.
#
# How good is the one that learnt, on images that it has never seen? Now the test set comes in,
# once.

# %%
for name, x, targets in [("validation", x_val, targets_val), ("test", x_test, targets_test)]:
    print(f"{name} accuracy: {accuracy(mlp_forward(x, *trained[1][1:])[0], targets):.3f}")

# %% [markdown]
# ## Dead units
#
# A ReLU unit that gives 0 for *every* example is **dead**. Its slope is 0 for every example too, so
# no gradient reaches its weights. Unless the layers before it change, nothing brings it back. But a
# unit that is off for most examples may be a specialist that does good work.
#
# Three units (columns) on three examples (rows):
#
# | | unit 0 | unit 1 | unit 2 |
# |---|---|---|---|
# | example 0 | 0 | 0 | 3 |
# | example 1 | 0 | 2 | 1 |
# | example 2 | 0 | 0 | 0 |
#
# Six of the nine entries are 0. But only unit 0 is dead, so the fraction is ⅓.

# %% [markdown]
# ### Exercise: `dead_unit_fraction`
#
# Ask each unit one question, "are you 0 everywhere?", then take the share of those who say yes.
# Return a Python `float`.

# %% role="exercise" name="dead_unit_fraction"

# %% [markdown]
# How do units die? Typically a step that is too long pushes their weights so far that their sums
# are below 0 for every image. Train a network with a single hidden layer of 64 units, on the pixels
# as they come (0 to 16) and on the standardized ones.
#
# **Predict**: which of the two loses more units? Which can take the larger learning rate?

# %%
shallow = [64, 64, 10]
for name, x in {"pixels from 0 to 16": images[parts[0]], "standardized": x_train}.items():
    print(name)
    for lr in [0.003, 0.03, 0.3]:
        line = f"  lr {lr:5}"
        for epochs in (0, num_epochs):
            losses, weights, biases = train(kaiming_normal, x, shallow, lr, epochs)
            _, (layer_inputs, _) = mlp_forward(x, weights, biases)
            dead = dead_unit_fraction(layer_inputs[1])
            line += f" | after {epochs} epochs: loss {losses[-1]:.3g}, dead units {dead:.2f}"
        print(line)

# %% [markdown]
# On the raw pixels a few units are dead from the start: the pixels are never negative, and if most
# weights of a unit are, its sum is below 0 for every image. With the rate 0.3 *all* units die. Now
# the images no longer reach the logits, only the last biases do, and the loss stays at $\log 10$.
# On the standardized pixels no unit dies, and 0.3 gives the lowest loss of all.
#
# Be fair, though: at the two *small* rates the raw pixels are ahead. Larger inputs make larger
# gradients, so the same rate makes longer steps. Standardizing doesn't make every run better. It
# makes the first loss sensible (2.8 instead of 15.6) and larger rates possible.

# %% [markdown]
# ## A safety belt: clipping the gradient
#
# Even with a good start a single batch can give a huge gradient, and one such step may undo many
# good ones. **Gradient clipping** limits the *length* of the step. Collect all entries of all
# gradients in one long list; its length (the **norm**) is the root of the sum of all squares, as in
# Pythagoras' theorem:
#
# $$\|g\| = \sqrt{\textstyle\sum g^2}$$
#
# If it is above a limit $c$ (`max_norm`), multiply *all* gradients by the same number, $c / \|g\|$.
# Then the norm is exactly $c$. If it isn't above the limit, leave everything as it is.
#
# By hand: two parameters with the gradients 3 and 4 have the norm $\sqrt{9 + 16} = 5$. With $c = 1$
# they become 0.6 and 0.8. Their ratio, the *direction* of the step, stays. If you clipped each
# number on its own to 1, you would get 1 and 1: another direction.

# %% [markdown]
# ### Exercise: `clip_gradients`
#
# The list may hold arrays of different shapes, so they can't be stacked. Take care of three things:
#
# * One norm for all arrays together, not one for each.
# * Gradients are only ever made smaller, never larger.
# * Return the norm from *before* clipping, as a Python `float`. It is a useful thing to watch.

# %% role="exercise" name="clip_gradients"

# %% [markdown]
# Now drive the deep network too fast: the learning rate 0.2, four times the one from before. Three
# runs without clipping, three with the limit 1. **Predict**: does clipping just make everything
# slower?

# %%
norms = []


def clip_to_1(grad_weights, grad_biases):
    grads, total_norm = clip_gradients(grad_weights + grad_biases, 1.0)
    norms.append(total_norm)
    return grads[: len(grad_weights)], grads[len(grad_weights) :]


def three_losses(step_hook):
    seeds = range(1 if SHORT else 3)
    return [train(kaiming_normal, x_train, deep, 0.2, num_epochs, s, step_hook)[0] for s in seeds]


runs = {"clipped to norm 1": three_losses(clip_to_1), "not clipped": three_losses(None)}
assert norms, "training broke off at once: repair what the checks above found"
words = [
    f"{name}: up to {np.nanmax(np.concatenate(losses)):.2g}, in the end "
    + ", ".join(f"{run[-1]:.2g}" for run in losses)
    for name, losses in runs.items()
]
print(*words, sep="\n")
print(f"norm before clipping: median {np.median(norms):.2g}, largest {np.max(norms):.3g};", end="")
print(f" clipped in {np.mean(np.array(norms) > 1):.0%} of the steps")
fig, ax = plt.subplots(figsize=(7, 4))
for (name, losses), (colour, line) in zip(runs.items(), STYLES[1:], strict=True):
    for run in losses:
        ax.semilogy(run, color=colour, linestyle=line, marker=".")
    ax.plot([], [], color=colour, linestyle=line, label=name)
ax.set(xlabel="epoch", ylabel="training loss", title="Ten hidden layers, learning rate 0.2")
ax.legend()
show_figure(fig, alt=f"Training loss, logarithmic axis. {'; '.join(words)}.")

# %% [markdown]
# The opposite: without the limit the loss jumps about, as long steps undo what was learnt; with
# it, all three runs get below 0.1.
#
# But the limit was exceeded in nearly every step, so here it doesn't catch rare accidents: it sets
# the length of *all* steps. And the learning rate 0.05 without clipping came to 0.06 as well.
# Clipping does not replace a good learning rate. It forgives a rate that is too large, and it
# protects where single gradients are huge, as in networks that read long texts (Pascanu et al.,
# 2013).

# %% [markdown]
# ## Two questions to answer in writing
#
# **Question 1.** A friend builds a ReLU network with 40 hidden layers of equal width and uses
# Xavier initialization, "because it keeps the variance". By which factor does the spread of the
# signals change from the first hidden layer to the last? Give the calculation. What will she see
# when she trains it, and what should she change? (2 points)

# %% [markdown] role="answer" id="xavier_with_relu" points=2
# **Model answer.** For layers of equal width, Xavier's variance is $1/n$, which keeps the mean
# square through the weights. But each ReLU halves it. So the spread is multiplied by
# $\sqrt{1/2} = 0.707$ per layer, and by about $0.707^{40} = 2^{-20} \approx 10^{-6}$ over 40 layers
# (39 steps from the first to the last: $1.4 \cdot 10^{-6}$). The logits are almost 0, so the first
# loss is $\log C$, and since the gradients shrink in the same way, it stays there for a long time.
# She should use Kaiming's variance, $2/n$ (its 2 makes up for the half).
#
# **Marking.** 1 point for the factor with its calculation (½ of the mean square per layer, the root
# of it for the spread; $10^{-6}$ within a factor of 2). Half of that point if the root is forgotten
# and $2^{-40}$ comes out. 1 point for what she sees (the loss stays at or near $\log C$, or:
# vanishing gradients, hardly any learning) *and* the remedy. "It trains worse" without a reason
# earns nothing.

# %% [markdown]
# **Question 2.** Another friend standardizes all images first and splits them afterwards. "I never
# looked at a label of the test set, so nothing can have leaked." Is she right? Explain, and
# describe one situation in which her test result would be better than what the network does in use.
# (2 points)

# %% [markdown] role="answer" id="leak_without_labels" points=2
# **Model answer.** No. The mean and the standard deviation are learnt from the data, and hers were
# learnt from the test images too. So the test images have shaped the very network that they
# measure. In use, new images can't do that. It shows, for example, when the images in use differ
# from those so far (another scanner, brighter paper): her mean has been adapted to the test images
# but not to the new ones. Or with few examples, where one extreme value in the test set changes the
# scale, and in training everything has already been fitted to it.
#
# **Marking.** 1 point: no, because the statistics are computed (learnt) from the test inputs, so
# they are not new; labels aren't needed for that. 1 point for a plausible situation in which it
# matters (few examples, extreme values, data that drift, a single image in use) with a
# reason. Only "it is forbidden" earns nothing; that the effect is often small may be said but isn't
# required.

# %% [markdown]
# ## The answer to the question at the top
#
# 0.177 is $\sqrt{2 / 64}$, the root of Kaiming's variance for layers of 64 units. For layers of 200
# units it is $\sqrt{2 / 200} = 0.1$. A factor of 2 is fatal because it comes once per layer.

# %% [markdown]
# ## What to remember
#
# 1. **Random weights, zero biases.** Equal units stay equal for ever.
# 2. **Each layer multiplies the spread**; over depth a factor of 2 becomes thousands. Gradients
#    vanish or explode by the same law.
# 3. **Xavier** for tanh: variance $2 / (n_{\text{in}} + n_{\text{out}})$. **Kaiming** for ReLU:
#    $2 / n_{\text{in}}$, because a ReLU keeps half of the mean square.
# 4. **Split first**, fit mean and standard deviation on the training part, use them everywhere.
# 5. **Watch** the first loss, the share of dead units and the norm of the gradient; clip all
#    gradients together if it jumps.

# %% [markdown]
# ## References
#
# * Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller (1998). Efficient BackProp. In *Neural Networks:
#   Tricks of the Trade*, Springer, 9-50, <https://doi.org/10.1007/3-540-49430-8_2>. Section 4.3:
#   normalising the inputs; 4.6: the size of the first weights.
# * X. Glorot and Y. Bengio (2010). Understanding the difficulty of training deep feedforward neural
#   networks. *AISTATS*, <https://proceedings.mlr.press/v9/glorot10a.html>. Equations 12 and 16.
# * K. He, X. Zhang, S. Ren and J. Sun (2015). Delving deep into rectifiers: surpassing human-level
#   performance on ImageNet classification. *ICCV*, <https://arxiv.org/abs/1502.01852>. Section 2.2.
# * R. Pascanu, T. Mikolov and Y. Bengio (2013). On the difficulty of training recurrent neural
#   networks. *ICML*, <https://arxiv.org/abs/1211.5063>. Clipping is algorithm 1.
# * L. Lu, Y. Shin, Y. Su and G. E. Karniadakis (2019). Dying ReLU and initialization: theory and
#   numerical examples, <https://arxiv.org/abs/1903.06733>. Networks that are born dead.
