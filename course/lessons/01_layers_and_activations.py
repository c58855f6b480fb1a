# %% [markdown]
# # Layers and activations
#
# Points of one kind lie in a disc. Points of another kind lie in a ring around it. Two networks
# shall learn to tell them apart:
#
# * **Network A** has three layers and 1218 numbers that training can change.
# * **Network B** has two layers and 42 such numbers.
#
# A gets 54 % of the points right, hardly more than a coin. However long you train it, it gets no
# better. B gets 100 %.
#
# * What does B have that A lacks?
# * There are many ways to give it to a network. Why is the oldest one, the *sigmoid*, so rare in
#   deep networks today?
#
# By the end of this lesson you can answer both, and both networks will have run on your functions.

# %% [markdown]
# **You need** NumPy arrays (shapes, broadcasting, `@`), the exponential function, derivatives and
# the chain rule.
#
# **You build** a layer (`linear`), four activations (`sigmoid`, `tanh`, `relu`, `leaky_relu`) with
# their backward functions, and a whole network (`mlp_forward`).
#
# **How to work.** Ten cells are yours to fill in; most of them need one line. Run your cell, then
# the cell below it: `check` tries your function on many inputs and, where it recognises a mistake,
# names it. Where the text says **Predict**, decide on an answer before you run the next cell.

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
    cross_entropy,
    cross_entropy_backward,
    kaiming_normal,
    linear_backward,
)
from nnkit.plots import show_figure, show_live

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too
SHORT = "NBGRADER_EXECUTION" in os.environ  # while grading, the long runs are cut short

# %% [markdown]
# ## One unit
#
# The smallest part of a network is a **unit** (also called neuron). It gets some numbers, its
# **inputs**, and does two things:
#
# 1. It multiplies each input by a **weight**, adds up the products, and adds one more number, the
#    **bias**. The result is called $z$.
# 2. It sends $z$ through a fixed function $f$, the **activation function**, and gives out
#    $y = f(z)$. That output is called the unit's **activation**.
#
# For two inputs, step 1 is
#
# $$z = x_1 w_1 + x_2 w_2 + b$$
#
# Do it by hand once. The inputs are $x = (1, 2)$, the weights $w = (3, -1)$, the bias $b = 0.5$:
#
# $$z = 1 \cdot 3 + 2 \cdot (-1) + 0.5 = 1.5$$
#
# A large positive weight says "this input speaks for it", a negative one "this input speaks against
# it", and a weight of 0 ignores the input. The bias says how much the unit is inclined to react
# before it has seen anything. Weights and biases are the **parameters**: the numbers that training
# changes. The inputs are data; training leaves them alone.

# %% [markdown]
# ## A layer
#
# A **layer** is a group of units that all look at the same inputs. Each unit has weights and a bias
# of its own. Write the weights of each unit into a column. Here are three units with two inputs;
# the first column is the unit from above:
#
# | | unit 1 | unit 2 | unit 3 |
# |---|---|---|---|
# | weight for $x_1$ | 3 | 0 | 1 |
# | weight for $x_2$ | $-1$ | 2 | 1 |
# | bias | 0.5 | 1 | $-5$ |
# | $z$ for $x = (1, 2)$ | 1.5 | 5 | $-2$ |
#
# Check the last two: $1 \cdot 0 + 2 \cdot 2 + 1 = 5$ and $1 \cdot 1 + 2 \cdot 1 - 5 = -2$.
#
# To multiply the inputs with each column and add up the products is what the **matrix product**
# does. So the whole row of $z$ is $x\,W + b$, where $W$ is the table of weights.

# %% [markdown]
# ### A batch
#
# One more step: give the layer many examples at once. Such a group is a **batch**. Each example is
# a row of a matrix $X$. The matrix product handles each row by itself, and the bias is added to
# each row:
#
# $$Z = X\,W + b \qquad z_{ij} = \sum_{d} x_{id}\, w_{dj} + b_j$$
#
# | formula | code | shape | meaning |
# |---|---|---|---|
# | $N$, $D$, $H$ | | | number of examples, of inputs (features), of units |
# | $X$ | `x` | (N, D) | entry $(i, d)$ is input $d$ of example $i$ |
# | $W$ | `weight` | (D, H) | entry $(d, j)$: how unit $j$ weighs input $d$ |
# | $b$ | `bias` | (H,) | one number for each unit |
# | $Z$ | `z` | (N, H) | entry $(i, j)$: what unit $j$ makes of example $i$ |
#
# A way to remember it: **(N, D) times (D, H) is (N, H)**. The inner D's must agree, and disappear.

# %% [markdown]
# ### Exercise: `linear`
#
# Write $Z = X\,W + b$. (The name *linear* is customary, though with the bias it should be called
# *affine*.) Think about:
#
# * In NumPy `*` multiplies entry by entry. Which sign is the matrix product?
# * `bias` has the shape (H,). How does broadcasting line it up with an array of shape (N, H)?

# %% role="exercise" name="linear"

# %% [markdown]
# Try it on the table above, with a second example $(0, 0)$. **Predict** the second row.

# %%
weight = np.array([[3.0, 0.0, 1.0], [-1.0, 2.0, 1.0]])
bias = np.array([0.5, 1.0, -5.0])
print(linear(np.array([[1.0, 2.0], [0.0, 0.0]]), weight, bias))

# %% [markdown]
# Inputs of 0 leave only the biases.
#
# ## A network
#
# A **network** is a chain of layers: the outputs of one layer are the inputs of the next. The first
# column in the picture, the **input layer**, does not compute anything. It is only the place where
# the numbers come in. The last layer is the **output layer**. What lies between is hidden from
# outside, so these are the **hidden layers** and **hidden units**. Such a network is called a
# **multilayer perceptron**, MLP.

# %%
sizes = [3, 4, 2]
fig, ax = plt.subplots(figsize=(7, 3.6))
heights = [np.arange(n) - (n - 1) / 2 for n in sizes]
for column in (0, 1):
    for start in heights[column]:
        for end in heights[column + 1]:
            ax.plot([column, column + 1], [start, end], color="0.7", linewidth=1, zorder=1)
for column, (ys, colour) in enumerate(zip(heights, ["0.85", BLUE, ORANGE], strict=True)):
    ax.scatter(np.full(len(ys), column), ys, s=500, color=colour, edgecolor="black", zorder=2)
names = ["input layer\n3 features", "hidden layer\n4 units", "output layer\n2 units"]
for column, text in enumerate(names):
    ax.text(column, 2.0, text, ha="center", va="bottom")
ax.text(0.5, -2.2, "weight (3, 4)\nbias (4,)", ha="center", va="center")
ax.text(1.5, -2.2, "weight (4, 2)\nbias (2,)", ha="center", va="center")
ax.set(xlim=(-0.5, 2.5), ylim=(-2.6, 2.8))
ax.axis("off")
show_figure(
    fig,
    alt="A network drawn as three columns of circles: 3 inputs, 4 hidden units, 2 output units. "
    "Every circle is joined by a line to every circle of the next column. Below the gaps stand the "
    "shapes of the parameters: weight (3, 4) and bias (4,), then weight (4, 2) and bias (2,).",
)

# %% [markdown]
# Each line is one weight. Between 3 inputs and 4 units there are $3 \cdot 4 = 12$, and every unit
# has a bias: $12 + 4 = 16$ parameters. The output layer has $4 \cdot 2 + 2 = 10$.
#
# We count the layers that compute, so this is a network of *two* layers. We write its widths as
# 3-4-2.
#
# **Predict**: how many parameters has a 64-32-10 network (digits of 64 pixels, 10 classes)? And
# network A at the top, which is 2-32-32-2?


# %%
def num_parameters(widths):
    return sum((d + 1) * h for d, h in pairwise(widths))


for widths in [(3, 4, 2), (64, 32, 10), (2, 32, 32, 2), (2, 8, 2)]:
    print(widths, num_parameters(widths))

# %% [markdown]
# ## Two linear layers are one
#
# So far there is no activation function: a layer gives out $z$ as it is. Chain two such layers, the
# first with $W_1$ and $b_1$, the second with $W_2$ and $b_2$. Multiply out:
#
# $$(X W_1 + b_1)\, W_2 + b_2
#   = X \underbrace{W_1 W_2}_{W} + \underbrace{b_1 W_2 + b_2}_{b}$$
#
# That is $X W + b$: **one** linear layer. The same holds for three or a hundred, since each pair
# can be merged in this way. The hidden units have added parameters and computing time, and no
# ability at all.
#
# Try it with numbers: a 2-3-1 network against a single layer.

# %%
rng = np.random.default_rng(0)
x = rng.standard_normal((4, 2))
weight1, bias1 = rng.standard_normal((2, 3)), rng.standard_normal(3)
weight2, bias2 = rng.standard_normal((3, 1)), rng.standard_normal(1)

two_layers = linear(linear(x, weight1, bias1), weight2, bias2)
one_layer = linear(x, weight1 @ weight2, bias1 @ weight2 + bias2)
print("two layers:", two_layers.ravel())
print("one layer: ", one_layer.ravel())

# %% [markdown]
# ### What a linear network can't learn
#
# Now the disc and the ring, 200 points each. The network has two outputs, one for each class. They
# are called **logits**, and the class with the larger logit is the answer.
#
# Training is given in this lesson. Lessons 02, 04 and 05 explain it, and you need not read the code
# now. Only this much matters: `loss_and_grads` sends a batch through the layers, measures how wrong
# the answers are (the **loss**), and finds out how the loss reacts to each parameter (the
# **gradient**). `train` then changes every parameter a little, against its gradient, again and
# again.

# %%
rng = np.random.default_rng(0)
radius = np.concatenate([rng.uniform(0, 1, 200), rng.uniform(1.5, 2.5, 200)])
angle = rng.uniform(0, 2 * np.pi, 400)
ring_x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
ring_targets = np.repeat([0, 1], 200)  # 0: disc, 1: ring


# %%
def new_layers(widths, seed=0):
    """A pair of random weights and biases of zero for each layer; lesson 06 explains the sizes."""
    rng = np.random.default_rng(seed)
    return [(kaiming_normal(d, h, rng), np.zeros(h)) for d, h in pairwise(widths)]


def logits_of(x, layers, forward):
    """Pass through the first layer, then through the rest of the network."""
    (weight, bias), *rest = layers
    z = linear(x, weight, bias)
    return logits_of(forward(z), rest, forward) if rest else z


# %%
def loss_and_grads(x, targets, layers, activation):
    """The loss, its gradient at `x`, and the gradients of each layer's weight and bias."""
    forward, backward, needs = activation
    (weight, bias), *rest = layers
    z = linear(x, weight, bias)
    if rest:
        y = forward(z)
        loss, grad_output, grads = loss_and_grads(y, targets, rest, activation)
        grad_z = backward(grad_output, y if needs == "y" else z)
    else:
        loss, grad_z, grads = cross_entropy(z, targets), cross_entropy_backward(z, targets), []
    grad_x, grad_weight, grad_bias = linear_backward(grad_z, x, weight)
    return loss, grad_x, [(grad_weight, grad_bias), *grads]


def train(x, targets, layers, activation, lr, num_steps):
    """Take many small steps against the gradient; return the new layers and all losses."""
    losses = []
    for _ in range(20 if SHORT else num_steps):
        loss, _, grads = loss_and_grads(x, targets, layers, activation)
        pairs = zip(layers, grads, strict=True)
        layers = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in pairs]
        losses.append(loss)
    return layers, losses


# %% [markdown]
# An *activation* is given to `train` as three things: the function, its backward function (we come
# to that) and what the latter needs. "No activation" is the function that changes nothing; its
# slope is 1 everywhere, so its backward function changes nothing either.
#
# **Predict**: how much worse than network A (three layers without activation, 1218 parameters) is a
# single layer (6 parameters)? What shape has the border between the two answers?


# %%
def identity(z):
    return z.copy()


def identity_backward(grad_output, z):
    return grad_output.copy()


def draw_answers(ax, network, title):
    """Colour the plane by the network's answer and put the points on it."""
    side = np.linspace(-3, 3, 201)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    answers = network(grid).argmax(axis=1).reshape(201, 201)
    ax.contourf(side, side, answers, levels=[-0.5, 0.5, 1.5], colors=["#BFD9EA", "#F6D3BD"])
    for k, colour, marker in [(0, BLUE, "o"), (1, ORANGE, "^")]:
        ax.scatter(*ring_x[ring_targets == k].T, s=9, color=colour, marker=marker)
    ax.set(xlabel="$x_1$", title=title, aspect="equal")


NOTHING = (identity, identity_backward, "z")
fig, axes = plt.subplots(1, 2, figsize=(8.5, 4.2), layout="constrained")
for ax, widths in zip(axes, [(2, 2), (2, 32, 32, 2)], strict=True):
    layers, losses = train(ring_x, ring_targets, new_layers(widths), NOTHING, 0.5, 500)
    right = accuracy(logits_of(ring_x, layers, identity), ring_targets)
    print(f"{widths}: loss {losses[-1]:.4f}, right answers {right:.2%}")
    draw_answers(ax, lambda x, layers=layers: logits_of(x, layers, identity), f"widths {widths}")
axes[0].set_ylabel("$x_2$")
show_figure(
    fig,
    alt="Two panels with the same points: a disc of blue dots, around it a ring of orange "
    "triangles. The answers of the network colour the background. In both panels a single "
    "straight line, the same one, separates the two colours and cuts through disc and ring alike.",
)

# %% [markdown]
# Both end with the same loss and the same straight border. The layers of network A do not help, as
# the algebra said. (Chance alone has the loss $\log 2 = 0.6931$. Both are hardly below it.)
#
# Why straight? The border is where both logits are equal. The difference of the two logits is again
# of the form $x_1 w_1 + x_2 w_2 + b$, and where that is 0 lies a line.
#
# **So the function between the layers must not be linear.** That is the whole point of an
# activation function. It may be very simple, as you will see.

# %% [markdown]
# ## Sigmoid
#
# The oldest of the smooth activations squeezes any $z$ into the range from 0 to 1:
#
# $$y = \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# | $z$ | $-4$ | $-2$ | 0 | 2 | 4 |
# |---|---|---|---|---|---|
# | $e^{-z}$ | 54.598 | 7.389 | 1 | 0.135 | 0.018 |
# | $y$ | 0.018 | 0.119 | 0.5 | 0.881 | 0.982 |
#
# It is a soft switch: off on the left, on on the right. Read the table from both ends and you see
# $\sigma(-z) = 1 - \sigma(z)$.

# %% [markdown]
# ### Two forms of one fraction
#
# For $z = -1000$ the formula asks for $e^{1000}$. That is more than a float64 can hold (the limit
# is about $e^{709}$): the computer gets `inf` and warns of an **overflow**. Multiply numerator and
# denominator by $e^z$. The value stays the same:
#
# $$\frac{1}{1 + e^{-z}} = \frac{e^z}{e^z + 1}$$
#
# The left form is safe for $z \ge 0$, where $e^{-z}$ is at most 1. The right form is safe for
# $z < 0$, where $e^{z}$ is below 1. A result that comes close to 0, such as
# $\sigma(-40) = 4.2 \cdot 10^{-18}$, keeps all its digits, too.

# %% [markdown]
# ### Exercise: `sigmoid`
#
# Choose the form by the sign of each entry. Mind a trap: `np.where(condition, a, b)` computes
# *both* `a` and `b` for all entries before it chooses, so an overflow in one of them happens
# anyway. Decide on what goes *into* the exponential.

# %% role="exercise" name="sigmoid"

# %% [markdown]
# ### Try it: one unit with a sigmoid
#
# A unit with one input gives $y = \sigma(w x + b)$. Move the sliders (this needs a running kernel).
# First **predict**:
#
# 1. What does a larger weight do to the curve? What does a negative one do?
# 2. The bias moves the curve. For $w = 1$ and $b = 2$: to the left or to the right? How far?

# %%
live_x = np.linspace(-6, 6, 241)
live_figure, live_ax = plt.subplots(figsize=(7, 3.4))
(live_line,) = live_ax.plot([], [], color=BLUE, linewidth=2)
(live_middle,) = live_ax.plot([], [], color=ORANGE, marker="o", linestyle="none")
live_ax.set(xlim=(-6, 6), ylim=(-0.05, 1.05), xlabel="input $x$", ylabel="output $y$")
live_ax.grid(alpha=0.3)

weight_slider = widgets.FloatSlider(value=1, min=-5, max=5, step=0.25, description="weight w")
bias_slider = widgets.FloatSlider(value=0, min=-5, max=5, step=0.25, description="bias b")


def redraw(w, b):
    live_line.set_data(live_x, sigmoid(w * live_x + b))
    if w:
        middle = 0.0 - b / w
        live_middle.set_data([middle], [0.5])
        words = f"The output is 0.5 at x = {middle:.2f}. There the slope is {w / 4:.2f}."
    else:
        live_middle.set_data([], [])
        constant = sigmoid(np.array([b]))[0]
        words = f"With weight 0 the input is ignored: the output is {constant:.2f}."
    return words


show_live(live_figure, redraw, w=weight_slider, b=bias_slider)

# %% [markdown]
# The same as a picture, for readers without a running kernel.

# %%
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True, layout="constrained")
for w, colour, line in [(1, BLUE, "-"), (4, ORANGE, "--"), (-1, GREEN, ":")]:
    axes[0].plot(live_x, sigmoid(w * live_x), color=colour, linestyle=line, label=f"w = {w}")
for b, colour, line in [(0, BLUE, "-"), (2, ORANGE, "--"), (-2, GREEN, ":")]:
    axes[1].plot(live_x, sigmoid(live_x + b), color=colour, linestyle=line, label=f"b = {b}")
axes[0].set(xlabel="input $x$", ylabel="output $y$", title="The weight (bias 0)")
axes[1].set(xlabel="input $x$", title="The bias (weight 1)")
for ax in axes:
    ax.legend()
show_figure(
    fig,
    alt="Two panels of S-shaped curves from 0 to 1. Left, bias 0: with weight 1 the curve rises "
    "gently through 0.5 at x = 0, with weight 4 it rises steeply, with weight -1 it falls. Right, "
    "weight 1: bias 2 moves the curve by 2 to the left, bias -2 by 2 to the right.",
)

# %% [markdown]
# 1. The weight sets the steepness; a negative one turns the curve round.
# 2. The middle lies where $w x + b = 0$, at $x = -b / w$. So $b = 2$ moves it by 2 to the *left*: a
#    unit that is more inclined to react needs less input.

# %% [markdown]
# ## Slopes
#
# To train, we must know how a unit's output reacts when its $z$ changes a little. That is the
# derivative, the **slope** of the activation. For the sigmoid, the chain rule gives
#
# $$\frac{dy}{dz} = \frac{e^{-z}}{(1 + e^{-z})^2}
#   = \underbrace{\frac{1}{1 + e^{-z}}}_{y} \cdot \underbrace{\frac{e^{-z}}{1 + e^{-z}}}_{1 - y}
#   = y\,(1 - y)$$
#
# (The second factor is $1 - y$, because $\frac{1}{1 + e^{-z}} + \frac{e^{-z}}{1 + e^{-z}} = 1$.)
#
# Handy: if you have kept the output $y$, you don't need the exponential again.
#
# | $z$ | $-4$ | $-2$ | 0 | 2 | 4 |
# |---|---|---|---|---|---|
# | $y$ | 0.018 | 0.119 | 0.5 | 0.881 | 0.982 |
# | slope $y\,(1 - y)$ | 0.018 | 0.105 | 0.25 | 0.105 | 0.018 |
#
# The slope is never more than a quarter, and on both sides it dies away. A unit that is far out
# there is called **saturated**: its output hardly moves, whatever its inputs do.

# %% [markdown]
# ### Why a backward function multiplies
#
# Training asks: how does the *loss* react to $z$? The unit itself can't know. The loss is computed
# much later, from the outputs of this and many other units. But the loss depends on $z$ only
# through $y$. So the answer has two factors:
#
# $$\underbrace{\frac{\partial L}{\partial z}}_{\text{grad\_z}}
#   = \underbrace{\frac{\partial L}{\partial y}}_{\text{grad\_output}}
#   \cdot \underbrace{\frac{dy}{dz}}_{\text{slope}}$$
#
# The first factor comes from the layers that follow. It is called the **upstream gradient**,
# `grad_output` in the code. Think of two gear wheels: if $z$ moves by a tiny $h$, then $y$ moves by
# slope times $h$, and the loss moves by `grad_output` times *that*.
#
# An example with numbers: $z = \log 3$, so $y = 0.75$. Suppose that the rest of the network says
# $\partial L / \partial y = -2$ (a larger $y$ would lower the loss, twice as fast). The slope is
# $0.75 \cdot 0.25 = 0.1875$. So $\partial L / \partial z = -2 \cdot 0.1875 = -0.375$.
#
# Measure it: push $z$ by a tiny $h$. Any loss with the slope $-2$ will do, such as $L = -2 y$.

# %%
z, h = np.array([np.log(3.0)]), 1e-6
loss_before, loss_after = -2 * sigmoid(z), -2 * sigmoid(z + h)
print("measured:", (loss_after - loss_before) / h)

# %% [markdown]
# Measured and computed agree.
#
# ### Exercise: `sigmoid_backward`
#
# For a whole array, each entry of $y$ comes from the entry of $z$ at the same place and from no
# other. So the two factors are multiplied entry by entry; there is no matrix product and no sum.
# The function gets `grad_output` and $y$.

# %% role="exercise" name="sigmoid_backward"

# %% [markdown]
# ### The ring again
#
# Your sigmoid goes between the two layers of a small 2-8-2 network. **Predict**: will 8 hidden
# units do? How might eight soft straight edges enclose a disc?

# %%
SIGMOID = (sigmoid, sigmoid_backward, "y")
layers, losses = train(ring_x, ring_targets, new_layers((2, 8, 2)), SIGMOID, 0.5, 500)
right = accuracy(logits_of(ring_x, layers, sigmoid), ring_targets)
print(f"loss {losses[0]:.3f} to {losses[-1]:.3f}, right answers {right:.2%}")

fig, axes = plt.subplots(1, 2, figsize=(9.5, 4), layout="constrained")
axes[0].plot(losses, color=BLUE)
axes[0].set(xlabel="step", ylabel="loss", ylim=(0, 1), title="Training with your sigmoid")
draw_answers(axes[1], lambda x: logits_of(x, layers, sigmoid), "2-8-2 with sigmoid")
axes[1].set_ylabel("$x_2$")
show_figure(
    fig,
    alt="Left: the loss over 500 steps falls from 0.81 to below 0.1. Right: the answers of the "
    "trained network. A closed rounded border lies in the gap between disc and ring; all dots are "
    "inside and all triangles outside.",
)

# %% [markdown]
# A closed border, and every point is right. Network A had more layers and far more parameters. What
# it lacked is the function between them.

# %% [markdown]
# ## Tanh
#
# The outputs of a sigmoid are all positive. For the next layer, inputs around 0 are better. The
# reason: for one example, the gradient of a weight is its input times the unit's `grad_z`. If all
# inputs are positive, all these gradients have the same sign, so the weights of the unit can only
# rise together or fall together.
#
# The **hyperbolic tangent** is a sigmoid that is centred at 0 and goes from $-1$ to 1:
#
# $$y = \tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}$$
#
# How close are the two? Multiply numerator and denominator by $e^{-z}$:
#
# $$\tanh(z) = \frac{1 - e^{-2z}}{1 + e^{-2z}} = \frac{2 - (1 + e^{-2z})}{1 + e^{-2z}}
#   = \frac{2}{1 + e^{-2z}} - 1 = 2\,\sigma(2z) - 1$$
#
# So it is the sigmoid, twice as steep in $z$, twice as tall, moved down by 1. For example,
# $\sigma(2) = 0.881$, so $\tanh(1) = 2 \cdot 0.881 - 1 = 0.762$.

# %% [markdown]
# ### Exercise: `tanh`
#
# The fraction above fails for $z = 1000$: infinity divided by infinity. There are safe ways; the
# last formula is one, if your `sigmoid` is safe. And before you write a mathematical function
# yourself, it is always worth a look whether NumPy has it.

# %% role="exercise" name="tanh"

# %% [markdown]
# ### Its slope
#
# Let $s = \sigma(2z)$, so that $y = 2s - 1$ and $s = (1 + y)/2$. The chain rule gives a factor 2
# for the height and a factor 2 for the $2z$ inside:
#
# $$\frac{dy}{dz} = 2 \cdot 2 \cdot s\,(1 - s)
#   = 4 \cdot \frac{1 + y}{2} \cdot \frac{1 - y}{2} = 1 - y^2$$
#
# The largest slope, at $y = 0$, is 1: four times that of the sigmoid. At $z = 2$ we have
# $y = 0.964$, and the slope is $1 - 0.929 = 0.071$. So tanh saturates as well, and even sooner.
#
# ### Exercise: `tanh_backward`
#
# As with the sigmoid, it gets the upstream gradient and the output $y$ (not $z$).

# %% role="exercise" name="tanh_backward"

# %% [markdown]
# With an upstream gradient of 1 a backward function returns the bare slope. That lets us draw it.
# **Predict** where the slopes of sigmoid and tanh cross: near $z = 0$, or further out?


# %%
def function_and_slope(entries, alt):
    """Two panels: some activations, and beside them their slopes."""
    z = np.linspace(-5, 5, 401)
    ones = np.ones_like(z)  # an upstream gradient of 1 leaves the bare slope
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    for (label, (forward, backward, needs)), colour, line in entries:
        y = forward(z)
        axes[0].plot(z, y, color=colour, linestyle=line, linewidth=2, label=label)
        slope = backward(ones, y if needs == "y" else z)
        axes[1].plot(z, slope, color=colour, linestyle=line, linewidth=2, label=label)
    axes[0].set(xlabel="$z$", ylabel="output $y$", title="The functions")
    axes[1].set(xlabel="$z$", ylabel="slope", title="Their slopes")
    for ax in axes:
        ax.grid(alpha=0.3)
        ax.legend()
    show_figure(fig, alt)


TANH = (tanh, tanh_backward, "y")
function_and_slope(
    [(("sigmoid", SIGMOID), BLUE, "-"), (("tanh", TANH), ORANGE, "--")],
    alt="Left: sigmoid rises from 0 to 1, tanh from -1 to 1 and more steeply. Right: their slopes "
    "are bells around z = 0. The bell of tanh is 1 high and narrow, that of the sigmoid only 0.25 "
    "high and wider. They cross at about z = -1.7 and z = 1.7. At z = 5 both are almost 0.",
)

# %% [markdown]
# They cross at about $\pm 1.7$. Inside, tanh passes more; outside, it is the flatter one.

# %% [markdown]
# ## ReLU
#
# An activation that is used a great deal today is simpler than both. It keeps what is positive and
# replaces the rest by 0:
#
# $$y = \max(0, z)$$
#
# It is called **ReLU**, rectified linear unit. On each side of 0 it is a straight line; the one
# bend at 0 makes it nonlinear, and that is enough.
#
# * **On** ($z > 0$): the output is $z$ and the slope is exactly 1. It never saturates on this side.
# * **Off** ($z < 0$): the output is 0 and so is the slope.
#
# At exactly 0 there is a corner and no slope. We take 0, by convention. With numbers from a
# computer, $z$ is rarely exactly 0, except where a layer's inputs are all 0.

# %% [markdown]
# ### Exercise: `relu`
#
# Compare entry by entry. NumPy has two functions with similar names: `np.max` takes one array and
# looks for its largest entry, `np.maximum` compares two things entry by entry.

# %% role="exercise" name="relu"

# %% [markdown]
# ### Exercise: `relu_backward`
#
# The slope is 1 or 0. So the upstream gradient either passes as it is or is stopped: the unit is a
# **gate**. Two questions decide whether you get it right:
#
# * Who sets the gate, the sign of $z$ or the sign of `grad_output`?
# * What happens to a *negative* upstream gradient at a unit that is on?

# %% role="exercise" name="relu_backward"

# %% [markdown]
# ## A whole network
#
# Now put linear layers and ReLUs together. For a network with $L$ layers, call the input of the
# first layer $h_0 = X$. Each hidden layer makes the next one, and the last layer makes the logits:
#
# $$h_k = \mathrm{ReLU}(h_{k-1} W_k + b_k) \quad (k = 1, \dots, L - 1)
#   \qquad \text{logits} = h_{L-1} W_L + b_L$$
#
# There is **no activation after the last layer**. A logit must be able to say "certainly not" with
# a negative number.

# %% [markdown]
# ### A small network by hand
#
# Take XOR, "one or the other, but not both": the answer for the inputs $(0, 0)$ and $(1, 1)$ is 0,
# for $(0, 1)$ and $(1, 0)$ it is 1.
#
# No linear unit can do this. For $z = x_1 w_1 + x_2 w_2 + b$ we have
# $z(0, 0) + z(1, 1) = w_1 + w_2 + 2b = z(0, 1) + z(1, 0)$, but it should be $0 + 0$ on the left and
# $1 + 1$ on the right.
#
# Two hidden units with ReLU are enough. Both add up the two inputs; the second one starts later:
# $h_1 = \mathrm{ReLU}(x_1 + x_2)$ and $h_2 = \mathrm{ReLU}(x_1 + x_2 - 1)$. The output is
# $h_1 - 2 h_2$.
#
# | $x_1, x_2$ | sum | $h_1$ | $h_2$ | $h_1 - 2 h_2$ |
# |---|---|---|---|---|
# | 0, 0 | 0 | 0 | 0 | 0 |
# | 0, 1 or 1, 0 | 1 | 1 | 0 | 1 |
# | 1, 1 | 2 | 2 | 1 | 0 |

# %% [markdown]
# ### Exercise: `mlp_forward`
#
# It returns two things. The logits are the first. The second, called **cache**, is what the way
# back will need (lesson 04): the input of each layer and the weights. Think about:
#
# * With $L$ layers, how many ReLUs are there?
# * `inputs` holds $L$ arrays. The first is `x`. Is the last one the logits?
# * The cache must not change when somebody later changes `x` or a weight in place. What does
#   `.copy()` do about it?
#
# (The cache keeps the hidden values *after* their ReLU. That is enough for the gate: $y > 0$
# exactly where $z > 0$.)

# %% role="exercise" name="mlp_forward"

# %% [markdown]
# The XOR network is a matter of four small arrays. **Predict** the logits and the two columns of
# hidden values.

# %%
xor_x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
xor_weights = [np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([[1.0], [-2.0]])]
xor_biases = [np.array([0.0, -1.0]), np.array([0.0])]
logits, (inputs, _) = mlp_forward(xor_x, xor_weights, xor_biases)
print("hidden:", inputs[1].tolist())
print("logits:", logits.ravel())

# %% [markdown]
# ### How ReLU encloses a disc
#
# This is network B. It is trained with your `relu` and `relu_backward`, and drawn with your
# `mlp_forward`. Beside its answers we draw, for each hidden unit, the line where its $z$ is 0: on
# one side of the line the unit is on, on the other off.
#
# **Predict**: is the border between the two answers smooth or made of straight pieces?

# %%
RELU = (relu, relu_backward, "z")
layers, losses = train(ring_x, ring_targets, new_layers((2, 8, 2)), RELU, 0.5, 500)
weights, biases = [w for w, _ in layers], [b for _, b in layers]
right = accuracy(mlp_forward(ring_x, weights, biases)[0], ring_targets)
print(f"loss {losses[0]:.3f} to {losses[-1]:.3f}, right answers {right:.2%}")

fig, axes = plt.subplots(1, 2, figsize=(8.5, 4.2), layout="constrained")
draw_answers(axes[0], lambda x: mlp_forward(x, weights, biases)[0], "The answers")
draw_answers(axes[1], lambda x: mlp_forward(x, weights, biases)[0], "Where the units switch")
side = np.linspace(-3, 3, 201)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
for z in linear(grid, weights[0], biases[0]).T:
    axes[1].contour(side, side, z.reshape(201, 201), levels=[0], colors="black", linewidths=1)
axes[0].set_ylabel("$x_2$")
show_figure(
    fig,
    alt="Left: the answers of the trained network. The border between disc and ring is a closed "
    "polygon. Right: the same with black straight lines, one for each hidden unit that "
    "switches inside the picture. All the lines cross the disc, and the border "
    "bends exactly where it meets a line.",
)

# %% [markdown]
# Straight pieces. Between two black lines no unit switches, so there the whole network is linear.
# Where the border crosses a line, one unit goes on or off, and the border bends. The more units,
# the more pieces, and the better they can follow any curve. (That one hidden layer with enough
# units can come as close as you like to any continuous function on a bounded region was proved for
# sigmoids by Cybenko in 1989 and holds for ReLU as well.)

# %% [markdown]
# ## Sparse units and dead units
#
# A ReLU gives out exact zeros. If many of a layer's outputs are 0, we call them **sparse**. Every
# image then uses only some of the units, its own selection. Let us see that on real data: images
# of digits, 8 by 8 pixels each, and a 64-32-10 network with your ReLU. It is trained on 1500 images
# and tested on the 297 others.
#
# **Predict** the share of zeros among the hidden values after training.

# %%
digits = load_digits()
order = np.random.default_rng(0).permutation(1797)
train_rows, test_rows = order[:1500], order[1500:]
x_train, targets_train = digits.data[train_rows] / 16, digits.target[train_rows]
x_test, targets_test = digits.data[test_rows] / 16, digits.target[test_rows]

layers, losses = train(x_train, targets_train, new_layers((64, 32, 10)), RELU, 0.3, 200)
weights, biases = [w for w, _ in layers], [b for _, b in layers]
right = accuracy(mlp_forward(x_test, weights, biases)[0], targets_test)
print(f"loss {losses[0]:.2f} to {losses[-1]:.2f}, right answers on new images {right:.1%}")

hidden = mlp_forward(x_train, weights, biases)[1][0][1]  # cache, inputs, of the second layer
print(f"zeros among the hidden values: {(hidden == 0).mean():.2f}")
print("units that are 0 for all 1500 images:", np.flatnonzero((hidden == 0).all(axis=0)))

# %%
rows = np.concatenate([np.flatnonzero(targets_train == digit)[:6] for digit in range(10)])
fig, ax = plt.subplots(figsize=(9, 3.8))
ax.imshow(hidden[rows].T > 0, cmap="Greys", vmin=-0.2, vmax=1.2, aspect="auto")
for edge in range(6, 60, 6):
    ax.axvline(edge - 0.5, color=ORANGE, linewidth=1)
ax.set_xticks(np.arange(10) * 6 + 2.5, range(10))
ax.set(xlabel="six images of each digit", ylabel="hidden unit", title="Dark: unit is on")
show_figure(
    fig,
    alt="A grid of 32 hidden units (rows) and 60 images (columns), six of each digit. Dark cells "
    "mark units that are on. Many rows are dark almost throughout, others light almost or quite "
    "throughout. The rest change from digit to digit, mostly alike for the six images of a digit.",
)

# %% [markdown]
# Your functions have trained a network that reads handwriting. About a third of its hidden values
# are 0, and which ones depends on the digit. But a few rows of the picture are light throughout.
# Three of them are light for all 1500 images. A unit that is 0 for **every** example is called
# **dead**.
#
# Think through what that means with the backward function. The slope is 0 for every example, so
# whatever the upstream gradient says, `grad_z` is 0. The gradients of the unit's weights and bias
# are made of `grad_z`, so they are 0 too, and they stay as they are. Here the unit's inputs are the
# images themselves, which stay the same as well: it is off for good. (In a deeper layer the inputs
# change while earlier layers learn, so there a unit may come back by luck.)
#
# Some dead units are born that way. Others are thrown off by one step that was too large.

# %% [markdown]
# ## Leaky ReLU
#
# The remedy is a small slope on the negative side instead of none at all:
#
# $$y = \begin{cases} z & \text{if } z > 0 \\ a\,z & \text{otherwise} \end{cases}
#   \qquad
#   \text{slope} = \begin{cases} 1 & \text{if } z > 0 \\ a & \text{otherwise} \end{cases}$$
#
# In the code $a$ is called `negative_slope`; 0.01 is common. For $z = -2$ and $a = 0.1$ the output
# is $-0.2$, and an upstream gradient of 5 becomes 0.5. With $a = 0$ it is ReLU, with $a = 1$ it is
# no activation at all.
#
# ### Exercise: `leaky_relu`
#
# Only entries that are not positive get the factor. Use the argument, not a fixed 0.01.

# %% role="exercise" name="leaky_relu"

# %% [markdown]
# ### Exercise: `leaky_relu_backward`
#
# The gate of ReLU was open or shut. This one is open, or nearly shut.

# %% role="exercise" name="leaky_relu_backward"


# %%
def leaky(z):
    return leaky_relu(z, 0.1)


def leaky_backward(grad_output, z):
    return leaky_relu_backward(grad_output, z, 0.1)


LEAKY = (leaky, leaky_backward, "z")
function_and_slope(
    [(("ReLU", RELU), BLUE, "-"), (("leaky ReLU, 0.1", LEAKY), ORANGE, "--")],
    alt="Left: both functions are the line y = z for positive z. For negative z, ReLU is 0 and the "
    "leaky one sinks slowly, to -0.5 at z = -5. Right: both slopes are 1 for positive z; for "
    "negative z they are 0 and 0.1. Both jump at 0.",
)

# %% [markdown]
# ### Killing units on purpose
#
# Take the 64-32-10 network and give 28 of the 32 hidden units a bias of $-5$, so negative that no
# image turns them on. Then train it, once with ReLU and once with the leaky one.
#
# **Predict**: which of the two recognises more digits? Will the leaky one bring the units back to
# positive values, or are they of use while they stay negative?

# %%
for name, activation in [("ReLU      ", RELU), ("leaky ReLU", LEAKY)]:
    layers = new_layers((64, 32, 10))
    layers[0][1][:28] = -5.0
    before = layers[0][0]
    layers, losses = train(x_train, targets_train, layers, activation, 0.3, 300)
    moved = (layers[0][0] != before).any(axis=0).sum()
    positive = (linear(x_train, *layers[0]) > 0).any(axis=0).sum()
    right = accuracy(logits_of(x_test, layers, activation[0]), targets_test)
    print(f"{name}: {moved} units have learnt, {positive} are ever positive, test {right:.2f}")

# %% [markdown]
# With ReLU only 3 units have learnt anything. (Four were left alone, but one of them happens to be
# dead from the start, and one of the three has died on the way.) With the leaky ReLU the weights of
# all 32 have moved, and the network recognises many more digits. The 28 units did *not* come back
# to positive values. They work on the negative side, where they pass a tenth of everything, signals
# and gradients.
#
# This was a disaster made on purpose. In ordinary training the difference between ReLU and leaky
# ReLU is often small, as you will see below.

# %% [markdown]
# ## Vanishing slopes
#
# Now the second question from the top. On the way back through a deep network the gradient meets
# one slope after another, and every one is a factor. For the sigmoid each factor is at most 0.25:
#
# | layers | 1 | 2 | 4 | 8 |
# |---|---|---|---|---|
# | largest product of slopes | 0.25 | 0.0625 | 0.0039 | 0.000015 |
#
# The weights are factors as well, and could make up for it; but large weights push the units into
# saturation, where the slopes are smaller still. A gradient that shrinks on its way back, layer
# after layer, is called a **vanishing gradient**.
#
# Measure it. Take an untrained network with eight hidden layers of 32 units, send the digits
# through, and compute the gradient of each layer's weights. We report its typical size, the root of
# the mean square. **Predict** by what factor the first layer's gradient is smaller than the last
# one's, with sigmoid and with ReLU.

# %%
widths = (64, *[32] * 8, 10)
fig, ax = plt.subplots(figsize=(7, 4))
for label, activation, colour, marker in [
    ("sigmoid", SIGMOID, BLUE, "o"),
    ("tanh", TANH, ORANGE, "s"),
    ("ReLU", RELU, GREEN, "^"),
]:
    _, _, grads = loss_and_grads(x_train, targets_train, new_layers(widths), activation)
    sizes = [np.sqrt((grad_weight**2).mean()) for grad_weight, _ in grads]
    print(f"{label:7}: first layer {sizes[0]:.1e}, last layer {sizes[-1]:.1e}")
    ax.semilogy(range(1, 10), sizes, color=colour, marker=marker, label=label)
ax.set(xlabel="layer (9 is the output layer)", ylabel="typical size of a weight's gradient")
ax.set_title("Eight hidden layers, before training")
ax.legend()
show_figure(
    fig,
    alt="Typical size of the weights' gradients in layers 1 to 9, logarithmic axis. With sigmoids "
    "it rises in an almost straight line from a few millionths in layer 1 to 0.05 in layer 9. For "
    "tanh and ReLU it stays between about 0.01 and 0.03 in all layers.",
)

# %% [markdown]
# With the sigmoid, the first layer's gradient is more than ten thousand times smaller than the last
# one's. Per layer it shrinks by a factor of about three. With tanh (slope up to 1) and ReLU
# (slope 1 where it is on) all layers get gradients of about the same size. That needs weights of
# the right size, too; lesson 06 is about them.

# %% [markdown]
# ### Does it matter?
#
# Train networks with one hidden layer and with four, all from the same kind of start, with the same
# learning rate. **Predict**: which activation does worst with one hidden layer? And with four?

# %%
choices = [
    ("sigmoid", SIGMOID, BLUE, "-"),
    ("tanh", TANH, ORANGE, "--"),
    ("ReLU", RELU, GREEN, ":"),
    ("leaky ReLU", LEAKY, "black", "-."),
]
fig, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
for ax, depth in zip(axes, [1, 4], strict=True):
    for label, activation, colour, line in choices:
        layers = new_layers((64, *[32] * depth, 10))
        layers, losses = train(x_train, targets_train, layers, activation, 0.1, 300)
        right = accuracy(logits_of(x_test, layers, activation[0]), targets_test)
        print(f"{depth} hidden, {label:10}: loss {losses[-1]:.2f}, test {right:.3f}")
        ax.plot(losses, color=colour, linestyle=line, linewidth=2, label=label)
    ax.set(xlabel="step", title=f"{depth} hidden layer{'s' * (depth > 1)}", ylim=(0, 2.9))
axes[0].set_ylabel("training loss")
axes[0].legend()
show_figure(
    fig,
    alt="Training loss over 300 steps. Left, one hidden layer: tanh, ReLU and leaky ReLU fall "
    "together to about 0.25, the last two on the same line; the sigmoid falls slowly to 1.3. "
    "Right, four hidden layers: the sigmoid stays flat at 2.3. Tanh falls smoothly, ReLU and leaky "
    "ReLU with many spikes; all three end near 0.1.",
)

# %% [markdown]
# With one hidden layer all four learn. The sigmoid is the slowest; the others are hard to tell
# apart. With four hidden layers the sigmoid's network learns nothing in 300 steps: the loss stays
# at 2.30, which is $\log 10$, what guessing among 10 classes costs. Its first layers hardly move,
# and so its last layer has nothing useful to work with. The three others get *better* with depth,
# as measured by the training loss.
#
# Three honest remarks:
#
# * A sigmoid network of this depth can be trained, with other starting weights, other learning
#   rates and more patience. The others just work.
# * Tanh does as well as ReLU here, and falls more smoothly. ReLU's strong points are that it is
#   cheap, that it doesn't saturate for $z > 0$, and that it holds up in far deeper networks.
# * The sigmoid has kept one place: as the *last* function of a network that gives the probability
#   of "yes". And many recent networks use smooth relatives of ReLU, such as GELU and SiLU.

# %% [markdown]
# ## Two questions to answer in writing
#
# **Question 1.** A friend leaves out all activations between his three layers. "I have a softmax at
# the end," he says, "and softmax isn't linear. So my network isn't linear either, and my hidden
# layers are worth their time." (Softmax turns logits into probabilities. The largest logit gets the
# largest probability, equal logits get equal ones.) Say what his hidden layers add, and what the
# border between two of his classes looks like. Give reasons. Three or four sentences. (2 points)

# %% [markdown] role="answer" id="softmax_instead_of_activations" points=2
# **Model answer.** The probabilities do depend on the inputs in a nonlinear way. But before the
# softmax, the three layers multiply out to one: $W = W_1 W_2 W_3$ and one bias. So the hidden
# layers add nothing that a single layer with softmax couldn't do (if they are narrow, they even
# take something away). The border between two classes is where their probabilities are equal,
# hence where their logits are equal. The difference of two logits is linear in the inputs plus a
# constant, so the border is a straight line (a plane, a hyperplane).
#
# **Marking.** 1 point: the layers before the softmax merge into one, with the reason (product of
# the matrices, or the calculation from the text). 1 point: the border is straight, with the reason
# that softmax keeps the order (or equality) of the logits. Half a point for a right statement
# without its reason. Nothing for "softmax is linear".

# %% [markdown]
# **Question 2.** A unit in the first hidden layer has a ReLU and gives 0 for every training
# example. A colleague says: "Be patient. If the network needs this unit, the upstream gradient will
# be large, and it will push the bias up." Explain why this doesn't happen. Then name two things
# that can be done against dead units. (2 points)

# %% [markdown] role="answer" id="patience_with_a_dead_unit" points=2
# **Model answer.** The gradient at $z$ is the upstream gradient *times* the slope, and the slope is
# 0 for every example. However large the upstream gradient is, the product is 0, and so are the
# gradients of the unit's weights and bias, which are made of it. The inputs are data and stay the
# same, so $z$ stays negative. What helps: an activation with a slope on the negative side (leaky
# ReLU, or a smooth one); a smaller learning rate, so that no step throws a unit off; better
# starting values (biases of 0 or slightly above, weights of the right size); giving the unit new
# random weights.
#
# **Marking.** 1 point for the product with the slope 0 *for all examples*, and its consequence for
# weights and bias. Half a point if only "the gradient is 0" is said. Half a point for each valid
# measure, at most 1. "Train longer" or "a larger learning rate" earns nothing.

# %% [markdown]
# ## The answer to the questions at the top
#
# * **What does B have that A lacks?** A nonlinear function between its layers. Without one, any
#   number of linear layers is one linear layer, and its border is a straight line. With your
#   `relu`, 8 hidden units were enough to put a closed border round the disc.
# * **Why is the sigmoid rare in deep networks?** Its slope is at most a quarter, and nearly 0 where
#   it saturates. On the way back the slopes multiply, so after eight layers hardly any gradient is
#   left: in the measurement the first layer got less than a ten-thousandth of the last one's.

# %% [markdown]
# ## What to remember
#
# 1. **A layer** is $Z = XW + b$ with the shapes (N, D) times (D, H) plus (H,); an activation
#    function follows, except after the last layer.
# 2. **Linear layers merge into one.** The activation is what makes depth worth anything.
# 3. **Backward means: upstream gradient times slope**, entry by entry. The slopes are $y(1 - y)$
#    for the sigmoid, $1 - y^2$ for tanh, 1 or 0 for ReLU, 1 or $a$ for leaky ReLU.
# 4. **Saturation**: where the slope is near 0, nothing is learnt, and over many layers small slopes
#    multiply to nothing.
# 5. **ReLU** doesn't saturate for $z > 0$ and gives sparse outputs. The price is dead units; a
#    small slope for $z < 0$ keeps them learning.

# %% [markdown]
# ## References
#
# * W. S. McCulloch and W. Pitts (1943). A logical calculus of the ideas immanent in nervous
#   activity. *Bulletin of Mathematical Biophysics* 5, 115-133,
#   <https://doi.org/10.1007/BF02478259>. The first units, with thresholds for activations.
# * G. Cybenko (1989). Approximation by superpositions of a sigmoidal function. *Mathematics of
#   Control, Signals and Systems* 2, 303-314, <https://doi.org/10.1007/BF02551274>. One hidden
#   layer is enough in principle.
# * Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller (1998). Efficient BackProp. In *Neural Networks:
#   Tricks of the Trade*, Springer, 9-50. Why activations should be centred at 0.
# * X. Glorot and Y. Bengio (2010). Understanding the difficulty of training deep feedforward neural
#   networks. *AISTATS*, <https://proceedings.mlr.press/v9/glorot10a.html>. Saturating sigmoids,
#   watched layer by layer.
# * V. Nair and G. E. Hinton (2010). Rectified linear units improve restricted Boltzmann machines.
#   *ICML*. ReLU under its present name.
# * X. Glorot, A. Bordes and Y. Bengio (2011). Deep sparse rectifier neural networks. *AISTATS*,
#   <https://proceedings.mlr.press/v15/glorot11a.html>. ReLU in deep networks, and sparsity.
# * A. L. Maas, A. Y. Hannun and A. Y. Ng (2013). Rectifier nonlinearities improve neural network
#   acoustic models. *ICML Workshop on Deep Learning for Audio, Speech and Language Processing*.
#   The leaky ReLU.
