# %% [markdown]
# # Backpropagation
#
# A small network for handwritten digits has some 6500 parameters: numbers that training may change.
# To train it we need a slope for each: how fast does the loss grow with this number?
#
# You could measure: move each parameter a little up and down, and look at the loss. That takes two
# runs of the network for **each** parameter, some 13000 for one step of training.
#
# * How can one get **all** slopes for about the price of three runs?
# * And a riddle: a worked example on the web, copied for years, says that the error of its little
#   network after one step is 0.291027924. Done as its own text says, it comes out differently.
#   What went wrong?

# %% [markdown]
# **You need** the derivative, matrix products, and what cross-entropy is (lesson 02). Lesson 03,
# gradient checking, helps.
#
# **You build** `linear_backward`, `mlp_backward` and `mlp_loss`, the heart of every training
# program. What they build on is given: `mlp_forward`, `relu_backward`, `cross_entropy` and so on.
#
# **How to work.** Fill in a cell, run it, then run the `check` below it. Where the text says
# **Predict**, decide on an answer before you run the next cell.

# %%
import time
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from course import check
from nnkit.functional import (
    check_gradient,
    cross_entropy,
    cross_entropy_backward,
    l2_penalty,
    l2_penalty_backward,
    linear,
    mlp_forward,
    numerical_gradient,
    relative_error,
    relu_backward,
)
from nnkit.plots import show_figure

BLUE, ORANGE = "#0072B2", "#D55E00"  # distinct for colour-blind readers too

# %% [markdown]
# ## A computation is a graph
#
# Take the smallest "network": one input $x$, one weight $w$, one bias $b$, and a target $t$. Its
# loss is the squared error $L = (wx + b - t)^2$. A computer works this out in four small steps:
#
# $$p = w\,x \qquad z = p + b \qquad d = z - t \qquad L = d^2$$
#
# Draw each value as a box and each use of a value as an arrow: this is a **computational graph**.
# With $w = 2$, $x = 3$, $b = -1$, $t = 3$, going from left to right (the **forward pass**):
#
# $$p = 6 \qquad z = 5 \qquad d = 2 \qquad L = 4$$

# %%
boxes = {  # name: place, value, slope of L with respect to it
    "w": (0, 2, 2, 12), "x": (0, 0, 3, 8), "p = w x": (1, 1, 6, 4), "b": (1, -1, -1, 4),
    "z = p + b": (2, 0, 5, 4), "t": (2, -2, 3, -4), "d = z - t": (3, -1, 2, 4),
    "L = d²": (4, -1, 4, 1),
}  # fmt: skip
arrows = ["w:p = w x", "x:p = w x", "p = w x:z = p + b", "b:z = p + b"]
arrows += ["z = p + b:d = z - t", "t:d = z - t", "d = z - t:L = d²"]

fig, ax = plt.subplots(figsize=(9, 4.2))
for arrow in arrows:
    (x0, y0, *_), (x1, y1, *_) = (boxes[name] for name in arrow.split(":"))
    style = {"arrowstyle": "->", "shrinkA": 38, "shrinkB": 38}
    ax.annotate("", (x1, y1), (x0, y0), arrowprops=style)
frame = {"boxstyle": "round,pad=0.5", "facecolor": "white"}
for name, (x0, y0, value, slope) in boxes.items():
    ax.text(x0, y0, name, ha="center", va="center", bbox=frame)
    ax.text(x0, y0 + 0.42, f"value {value}", ha="center", color=BLUE)
    ax.text(x0, y0 - 0.62, f"slope {slope}", ha="center", color=ORANGE, style="italic")
ax.set(xlim=(-0.5, 4.5), ylim=(-2.9, 2.7))
ax.axis("off")
show_figure(
    fig,
    alt="A computational graph. Boxes w (value 2) and x (3) lead to p = w x (6). p and b (-1) lead "
    "to z = p + b (5). z and t (3) lead to d = z - t (2), and d leads to L = d squared (4). Below "
    "each box stands the slope of L: L 1, d 4, t -4, z 4, b 4, p 4, x 8, w 12.",
)

# %% [markdown]
# ## Backwards, one box at a time
#
# The upper numbers are the values. The lower ones are the slopes of $L$ with respect to each box,
# and they are found from right to left (the **backward pass**). The rule is the **chain rule**:
#
# > slope at a box = slope at the box that it leads to × **local slope** of that arrow
#
# The local slope asks only: how fast does the next box grow with this one?
#
# | box | leads to | local slope | slope of $L$ |
# |---|---|---|---|
# | $L$ | | | 1, since $L$ grows as fast as itself |
# | $d$ | $L = d^2$ | $2d = 4$ | $1 \cdot 4 = 4$ |
# | $t$ | $d = z - t$ | $-1$ | $4 \cdot (-1) = -4$ |
# | $z$ | $d = z - t$ | 1 | $4 \cdot 1 = 4$ |
# | $b$ | $z = p + b$ | 1 | $4 \cdot 1 = 4$ |
# | $p$ | $z = p + b$ | 1 | $4 \cdot 1 = 4$ |
# | $x$ | $p = w\,x$ | $w = 2$ | $4 \cdot 2 = 8$ |
# | $w$ | $p = w\,x$ | $x = 3$ | $4 \cdot 3 = 12$ |
#
# The slope that a box receives from its right is called its **upstream gradient**. A box needs to
# know nothing else of the rest of the network.

# %% [markdown]
# **Predict**: raise $w$ from 2 to 2.001. What does $L$ become, roughly? And with $x$ raised to
# 3.001?


# %%
def small_loss(w=2.0, x=3.0, b=-1.0, t=3.0):
    return (w * x + b - t) ** 2


print(f"w = 2.001: L = {small_loss(w=2.001):.6f}")
print(f"x = 3.001: L = {small_loss(x=3.001):.6f}")

# %% [markdown]
# $4 + 12 \cdot 0.001 = 4.012$ and $4 + 8 \cdot 0.001 = 4.008$; the last digits are the curvature
# of the square.
#
# ### Why backwards?
#
# Look at the number 4 that arrives at $p$. It serves twice, for $w$ and for $x$. All of the graph
# to the right of $p$ is summed up in this one number and need not be visited again. So **one**
# sweep from the output gives the slopes of all boxes.
#
# From left to right one could also apply the chain rule: "how does $w$ change $p$, then $z$, then
# $d$, then $L$?" But that sweep answers for $w$ only, and $b$ needs another one. A loss is one
# number, and parameters are many: that is why we start at the loss.
#
# Four local rules already cover most of a network:
#
# | step | going back |
# |---|---|
# | $z = p + b$ | both get the upstream gradient unchanged |
# | $p = w\,x$ | each gets the upstream gradient times the **other** |
# | $h = \max(0, z)$ (ReLU) | passes where $z > 0$, stops elsewhere |
# | a value used twice | what comes back along its arrows is **added** |

# %% [markdown]
# ## Where paths join, add
#
# The last rule deserves its own example. Let $a = 3$ be used twice: $b = 2a$, $c = a^2$, and
# $L = b\,c$. Then $b = 6$, $c = 9$, $L = 54$. Since $L = 2a^3$, the slope must be $6a^2 = 54$.
#
# Backwards: the slope at $b$ is $c = 9$, the slope at $c$ is $b = 6$. Two arrows lead out of $a$:
#
# * along $b$: $9 \cdot 2 = 18$;
# * along $c$: $6 \cdot 2a = 36$.
#
# Move $a$, and **both** $b$ and $c$ move. Each changes $L$, so the two effects add up:
# $18 + 36 = 54$. In code that is `+=`. **Predict** what the program says that writes `=`.

# %%
a = 3.0
slope_b, slope_c = a**2, 2 * a  # L = b * c: each gets the other

with_plus = 0.0
with_plus += slope_b * 2
with_plus += slope_c * 2 * a

without = slope_b * 2
without = slope_c * 2 * a

measured = (2 * 3.001**3 - 2 * 2.999**3) / 0.002
print(f"with +=: {with_plus}, with =: {without}, measured: {measured:.3f}")

# %% [markdown]
# With `=`, the second path overwrites the first. That is a common bug, and it is silent.
#
# In a network, values are used more than once all the time:
#
# * A hidden unit feeds **all** units of the next layer. So its slope is a sum over those units.
# * A weight is used for **every example** of the batch. So its slope is a sum over the examples.
#
# In a matrix product, both sums happen by themselves, as you will see now. It is also why
# frameworks such as PyTorch *add* a new gradient to the old one, and why you must set it to zero
# before each step (`zero_grad`).

# %% [markdown]
# ## A layer
#
# A **linear layer** has a weight matrix and a bias vector: $z = x\,W + b$. A **batch** of $N$
# examples stands in the rows of $x$.
#
# | formula | code | shape | meaning |
# |---|---|---|---|
# | $x$ | `x` | (N, D) | input: N examples with D features |
# | $W$ | `weight` | (D, H) | one column for each of the H units |
# | $b$ | `bias` | (H,) | one number for each unit |
# | $z$ | | (N, H) | output |
# | $g = \partial L / \partial z$ | `grad_output` | (N, H) | upstream gradient |
#
# One output number is $z_{ij} = \sum_d x_{id}\, w_{dj} + b_j$. Apply the rules from above.
#
# **Weight** $w_{dj}$ is multiplied by $x_{id}$, once for each example $i$. Times the other, added
# up:
#
# $$\frac{\partial L}{\partial w_{dj}} = \sum_i x_{id}\, g_{ij}$$
#
# **Input** $x_{id}$ is multiplied by $w_{dj}$, once for each unit $j$:
#
# $$\frac{\partial L}{\partial x_{id}} = \sum_j g_{ij}\, w_{dj}$$
#
# **Bias** $b_j$ is added, once for each example: $\;\partial L / \partial b_j = \sum_i g_{ij}$.

# %% [markdown]
# ### By hand
#
# Two examples, two features, one unit:
#
# $$x = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \qquad
#   W = \begin{pmatrix} 5 \\ 6 \end{pmatrix} \qquad
#   g = \begin{pmatrix} 1 \\ 10 \end{pmatrix}$$
#
# * weight: $1 \cdot 1 + 3 \cdot 10 = 31$ and $2 \cdot 1 + 4 \cdot 10 = 42$
# * input: first example $1 \cdot (5, 6) = (5, 6)$, second example $10 \cdot (5, 6) = (50, 60)$
# * bias: $1 + 10 = 11$
#
# ### Shapes as a guide
#
# **A gradient has exactly the shape of what it is the gradient of.** Each sum above is a matrix
# product, and the shapes say which. The weight gradient must be (D, H), made of $x$, (N, D), and
# $g$, (N, H), with a sum over N. Only one product with one transposed matrix does that. Find the
# one for the input in the same way.
#
# Shapes are a guide, not a proof: when N, D and H are equal, wrong products fit too.

# %% [markdown]
# ### Exercise: `linear_backward`
#
# Three gradients, each one line. One warning: if the loss is a mean over the batch, the $1/N$ is
# in `grad_output` already. Inside the layer nothing is averaged any more.

# %% role="exercise" name="linear_backward"

# %% [markdown]
# Compare with your numbers from above, and then with measured slopes at a random place. (A check
# needs one number, so the outputs are multiplied by random numbers and added up.)

# %%
x_hand, g_hand = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0], [10.0]])
for grad_of in linear_backward(g_hand, x_hand, np.array([[5.0], [6.0]])):
    print(grad_of.tolist())

# %%
rng = np.random.default_rng(0)
x_some, weight, bias = rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
g = rng.normal(size=(5, 4))
in_x = check_gradient(
    lambda x: (linear(x, weight, bias) * g).sum(),
    lambda x: linear_backward(g, x, weight)[0],
    x_some,
)
in_weight = check_gradient(
    lambda w: (linear(x_some, w, bias) * g).sum(),
    lambda w: linear_backward(g, x_some, w)[1],
    weight,
)
print(f"relative error: input {in_x:.0e}, weight {in_weight:.0e}")

# %% [markdown]
# ### Train one layer
#
# With one layer, the logits are `linear(x, weight, bias)`. Your function turns the gradient of the
# logits into gradients of weight and bias. **Predict** the first loss for 10 classes.

# %%
digits = load_digits()
order = np.random.default_rng(0).permutation(len(digits.data))
images, labels = digits.data[order] / 16, digits.target[order]
x_train, y_train, x_test, y_test = images[:1500], labels[:1500], images[1500:], labels[1500:]

weight, bias = np.zeros((64, 10)), np.zeros(10)
for step in range(101):
    logits = linear(x_train, weight, bias)
    if step % 25 == 0:
        print(f"step {step:3}: loss {cross_entropy(logits, y_train):.3f}")
    _, slope_weight, slope_bias = linear_backward(
        cross_entropy_backward(logits, y_train), x_train, weight
    )
    weight, bias = weight - slope_weight, bias - slope_bias

# %% [markdown]
# It starts at $\log 10 = 2.303$ and falls, thanks to your three lines.

# %% [markdown]
# ## Several layers
#
# Now put layers in a row, with a ReLU between them. `mlp_forward` does it ("mlp" stands for
# multi-layer perceptron, an old name for such a network). With layers numbered from 0 to $K - 1$
# and $h_0 = x$:
#
# $$z_i = h_i\, W_i + b_i \qquad h_{i+1} = \max(0, z_i) \qquad \text{logits} = z_{K-1}$$
#
# After the last layer there is no ReLU. Going back, each layer does three things:
#
# 1. It receives $g_i = \partial L / \partial z_i$. For the last layer this is the gradient of the
#    logits.
# 2. From $g_i$, its input $h_i$ and its weights, it makes the gradients of $W_i$, $b_i$ and $h_i$.
#    You have the function for this.
# 3. The gradient of $h_i$ goes back through the ReLU before it, and is then $g_{i-1}$, the upstream
#    gradient of layer $i - 1$.
#
# **The ReLU's gate.** Its local slope is 1 where its input was positive, and 0 elsewhere. So the
# gate was decided in the *forward* pass. There is no need to keep $z$: the output $h$ is positive
# exactly where $z$ was. `relu_backward(grad_output, h)` multiplies by that gate.

# %% [markdown]
# ### By hand
#
# One example, one feature, two hidden units, one logit:
#
# $$x = 2 \quad W_0 = \begin{pmatrix} 1 & -1 \end{pmatrix} \quad b_0 = (0, 1) \quad
#   W_1 = \begin{pmatrix} 3 \\ 4 \end{pmatrix} \quad b_1 = -1$$
#
# **Forward**: $z_0 = (2, -1)$, so $h_1 = (2, 0)$, and the logit is
# $2 \cdot 3 + 0 \cdot 4 - 1 = 5$.
#
# **Backward**, with $g_1 = 1$ for the logit:
#
# | what | how | number |
# |---|---|---|
# | gradient of $W_1$ | $h_1$ times $g_1$ | $(2, 0)$, as a column |
# | gradient of $b_1$ | $g_1$ | 1 |
# | gradient of $h_1$ | $g_1$ times $W_1$ | $(3, 4)$ |
# | $g_0$ | gate: unit 0 on, unit 1 off | $(3, 0)$ |
# | gradient of $W_0$ | $x$ times $g_0$ | $(6, 0)$ |
# | gradient of $b_0$ | $g_0$ | $(3, 0)$ |
#
# Unit 1 was off. Nothing passes it: its incoming weight and its bias get 0, for this example. And
# its outgoing weight gets 0 as well, since it was multiplied by 0.

# %% [markdown]
# ### What the forward pass must keep
#
# The gradient of $W_i$ needs $h_i$, and the gradient of $h_i$ needs $W_i$. So the forward pass
# keeps them, in a **cache**: a pair of lists, the inputs of all layers and their weights. This is
# why training takes more memory than using a finished network.
#
# **Predict**: for 1500 images and layers of 64, 128, 128 and 10 units, what takes more memory: all
# parameters, or the cached inputs?

# %%
widths = [64, 128, 128, 10]
num_parameters = sum((d + 1) * h for d, h in pairwise(widths))
num_cached = 1500 * sum(widths[:-1])
print(f"{num_parameters} parameters: {8 * num_parameters / 1e6:.2f} MB in float64")
print(f"{num_cached} cached inputs: {8 * num_cached / 1e6:.2f} MB")

# %% [markdown]
# The cache is 18 times larger, and it grows with the batch and with the depth. When memory is
# short, one takes a smaller batch, or keeps only some layers' inputs and computes the others a
# second time on the way back ("checkpointing"; see Chen et al. in the references).

# %% [markdown]
# ### Exercise: `mlp_backward`
#
# Go through the layers from the last to the first. Think about:
#
# * In which layer is there no ReLU to go back through?
# * The lists that you return are in the order of the layers, though you visit them in reverse.
# * The gradient of $h_i$ is made with the *weights* of layer $i$ and not with their gradient.

# %% role="exercise" name="mlp_backward"

# %%
_, cache = mlp_forward(
    np.array([[2.0]]),
    [np.array([[1.0, -1.0]]), np.array([[3.0], [4.0]])],
    [np.array([0.0, 1.0]), np.array([-1.0])],
)
slopes_of_weights, slopes_of_biases = mlp_backward(np.array([[1.0]]), cache)
print("weights:", [slope.tolist() for slope in slopes_of_weights])
print("biases: ", [slope.tolist() for slope in slopes_of_biases])

# %% [markdown]
# ## The loss and all its gradients
#
# One function is left, the one that a training step calls. It runs the network forward, computes
# the loss, and goes back.
#
# There is one more term. To keep weights from growing large, one often adds a **penalty** to the
# cross-entropy:
#
# $$L = \text{cross-entropy} + \tfrac{1}{2}\,\lambda \sum w^2$$
#
# The sum runs over all weights of all layers, but not over the biases. $\lambda$ is called `l2`.
# The slope of the penalty with respect to one weight is $\lambda w$: the 2 from the square cancels
# the $\frac{1}{2}$. (Lesson 08 asks what it is good for.) The functions `l2_penalty(weights, l2)`
# and `l2_penalty_backward(weights, l2)` are given.
#
# A weight now reaches the loss along **two** paths: through the logits and through the penalty. You
# know what happens where paths join.

# %% [markdown]
# ### Exercise: `mlp_loss`
#
# Build it from functions that you have: `mlp_forward`, `cross_entropy`, `cross_entropy_backward`,
# your `mlp_backward`, and the two for the penalty. Loss and gradients must belong together: what
# is in the one must be in the other.

# %% role="exercise" name="mlp_loss"

# %% [markdown]
# ## Check it and time it
#
# A network with 64 inputs, two hidden layers of 64 and 32 units, and 10 classes. Each weight is a
# random number of size $\sqrt{2 / D}$ for a layer with D inputs (lesson 06 says why), and all
# biases start at 0.
#
# First, measure all slopes on 20 images. To measure takes a run up and a run down for every
# parameter. **Predict** how much longer that takes than one call of your `mlp_loss`.


# %%
def new_network(rng, widths):
    weights = [np.sqrt(2 / d) * rng.normal(size=(d, h)) for d, h in pairwise(widths)]
    return weights, [np.zeros(h) for h in widths[1:]]


def measured_slopes(x, y, weights, biases, l2, layer):
    def loss_of(weight):
        changed = [*weights[:layer], weight, *weights[layer + 1 :]]
        return cross_entropy(mlp_forward(x, changed, biases)[0], y) + l2_penalty(changed, l2)

    return numerical_gradient(loss_of, weights[layer], eps=1e-6)


# %%
weights, biases = new_network(np.random.default_rng(1), [64, 64, 32, 10])
few = x_train[:20], y_train[:20]
begin = time.perf_counter()
for _ in range(20):
    _, slopes_of_weights, _ = mlp_loss(*few, weights, biases, l2=0.01)
one_call = (time.perf_counter() - begin) / 20

begin = time.perf_counter()
for layer in range(3):
    measured = measured_slopes(*few, weights, biases, 0.01, layer)
    error = relative_error(slopes_of_weights[layer], measured)
    off = np.abs(slopes_of_weights[layer] - measured).max()
    print(f"layer {layer}: largest difference {off:.0e}, relative error {error:.0e}")
took = time.perf_counter() - begin
print(
    f"{sum(w.size for w in weights)} weights: measuring takes {took / one_call:.0f} times as long"
)

# %% [markdown]
# Your gradient and the measured one agree to about $10^{-9}$. (The relative error is larger only
# because the smallest slopes are close to 0; lesson 03 says more.) But measuring takes more than a
# thousand times as long, and the factor grows with the number of parameters. Backpropagation costs
# about three forward passes: one forward, and on the way back two matrix products for each layer
# instead of one.
#
# ## Train the whole network
#
# **Predict**: with one layer, the loss came down to 0.275 in 100 steps and was hardly falling any
# more. How far will three layers come in 300?

# %%
losses, lr = [], 0.1
for step in range(301):
    loss, slopes_of_weights, slopes_of_biases = mlp_loss(x_train, y_train, weights, biases)
    losses.append(loss)
    if step % 60 == 0:
        guesses = mlp_forward(x_test, weights, biases)[0].argmax(axis=1)
        print(f"step {step:3}: loss {loss:.3f}, test accuracy {np.mean(guesses == y_test):.3f}")
    weights = [w - lr * slope for w, slope in zip(weights, slopes_of_weights, strict=True)]
    biases = [b - lr * slope for b, slope in zip(biases, slopes_of_biases, strict=True)]

# %%
fig, ax = plt.subplots(figsize=(7, 4))
ax.plot(losses, color=BLUE, label="three layers")
ax.axhline(np.log(10), color="black", linestyle=":", label="log 10: knows nothing")
ax.set(xlabel="step", ylabel="training loss", title="Trained by your own gradient", ylim=(0, None))
ax.legend()
show_figure(
    fig,
    alt="Training loss over 300 steps. It starts a little below log 10, falls steeply in the first "
    "100 steps and then ever more slowly, to 0.12.",
)

# %% [markdown]
# The loss falls smoothly to 0.12, and about 98 % of the test images are recognised: your gradient
# moves 6570 parameters in the right direction at once. (These steps use all 1500 images and a
# learning rate that suits them. Lesson 05 is about both.)

# %% [markdown]
# ## A famous wrong number
#
# Matt Mazur's "A Step by Step Backpropagation Example" (2015) is among the most copied texts on
# this subject, and it helped many to understand it. It works through a network with two inputs, two
# hidden units and two outputs, all with the sigmoid $\sigma(z) = 1 / (1 + e^{-z})$, whose slope is
# $\sigma (1 - \sigma)$. The error is $E = \frac{1}{2} \sum (o - t)^2$, the learning rate 0.5, and
# the biases are not trained. The first steps by hand:
#
# | | unit 0 | unit 1 |
# |---|---|---|
# | hidden activations $h$ | 0.593270 | 0.596884 |
# | outputs $o$ | 0.751365 | 0.772928 |
# | targets $t$ | 0.01 | 0.99 |
# | upstream of the last layer $(o - t)\, o\,(1 - o)$ | 0.138499 | $-0.038098$ |
#
# The error is $\frac{1}{2}(0.741365^2 + 0.217072^2) = 0.298371$. Then all weights make **one**
# step. It says: the error after it is **0.291027924**. Here is a program that gives just this
# number.


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


inputs, wanted = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
first = np.array([[0.15, 0.25], [0.20, 0.30]])
second = np.array([[0.40, 0.50], [0.45, 0.55]])


def outputs_of(w1, w2):
    hidden = sigmoid(inputs @ w1 + 0.35)
    return hidden, sigmoid(hidden @ w2 + 0.60)


def error_of(w1, w2):
    return 0.5 * ((outputs_of(w1, w2)[1] - wanted) ** 2).sum()


# %%
def one_step(w1, w2, lr=0.5):
    hidden, outputs = outputs_of(w1, w2)
    g2 = (outputs - wanted) * outputs * (1 - outputs)
    w2 = w2 - lr * hidden.T @ g2
    g1 = (g2 @ w2.T) * hidden * (1 - hidden)
    w1 = w1 - lr * inputs.T @ g1
    return w1, w2


print(f"before {error_of(first, second):.9f}")
print(f"after  {error_of(*one_step(first, second)):.9f}")

# %% [markdown]
# **Find the bug.** All formulas in this program are right, and the error falls. Still, a step of
# gradient descent from these weights leads to another number, **0.291027774**. The difference
# begins in the seventh digit, which is why it stayed unnoticed.
#
# Use what you know: measure. A step is $-0.5$ times a gradient, so the program's gradient can be
# read off its step. Which of the two matrices has the wrong one?

# %%
stepped = one_step(first, second)
used = [(old - new) / 0.5 for old, new in zip((first, second), stepped, strict=True)]
true = [
    numerical_gradient(lambda w: error_of(w, second), first),
    numerical_gradient(lambda w: error_of(first, w), second),
]
for name, a, b in zip(("first", "second"), used, true, strict=True):
    print(f"{name} matrix: relative error {relative_error(a, b):.0e}")

# %% [markdown]
# Repair `one_step` above until the next cell is content. (This is not graded; the question below
# is.)

# %%
after = error_of(*one_step(first, second))
print(f"{after:.9f}:", "repaired!" if abs(after - 0.2910277737) < 1e-9 else "not yet the true step")

w1, w2 = first, second
for _ in range(10000):
    w1, w2 = one_step(w1, w2)
outputs = outputs_of(w1, w2)[1]
print(f"after 10000 steps: error {error_of(w1, w2):.7e}, outputs {outputs.round(8).tolist()}")

# %% [markdown]
# With the bug, this prints an error of $3.5085 \cdot 10^{-5}$ and the outputs 0.0159122 and
# 0.98406573, as published. Without it: $3.5102 \cdot 10^{-5}$, 0.01591362 and 0.98406427. The bug
# hardly matters here. In a deep network with large steps it can, and no one will see it in the
# loss.

# %% [markdown]
# ## Two questions to answer in writing
#
# 1. Which line of `one_step` is wrong, and why? Say how you would write it. Why was one of the two
#    matrices right all the same? And why does the error fall in spite of the bug? (3 points)

# %% [markdown] role="answer" id="the_famous_wrong_number" points=3
# **Model answer.** The line with `g1` uses `w2` after its update. A gradient belongs to *one*
# point: the weights with which the outputs and the error were computed. So first compute both
# upstream gradients `g2` and `g1` with the old weights, and only then change `w1` and `w2` (or give
# the new matrix another name). The second matrix's step uses only `hidden` and `g2`, both from
# before the update, so it is right. The error still falls because one step changes `w2` little (by
# 0.041 and 0.011, of about 0.5): all slopes of the first matrix keep their signs and are about 15
# to 17 % too small, so the direction is nearly the true one, and still downhill.
#
# **Marking.** 1 point for the line and its repair. 1 point for the reason (all slopes at the same,
# old weights) together with why the second matrix is right. 1 point for why the error falls
# (nearly the same direction). No point for "the learning rate is wrong" or "rounding".

# %% [markdown]
# 2. A network uses the **same** square matrix in both of its layers: $h = \max(0, x W)$ and
#    $z = h W$. A student computes `grad_w = h.T @ g` for the second layer, and then, with the
#    gradient `g0` that has come back through the ReLU, `grad_w = x.T @ g0` for the first one. What
#    is wrong, what is right, and how does it follow from the chain rule? (2 points)

# %% [markdown] role="answer" id="a_shared_matrix" points=2
# **Model answer.** The second line overwrites the first, so the path through the second layer is
# lost. $W$ reaches the loss along two paths, and each moves the loss when $W$ moves, so what comes
# back is added: `grad_w = h.T @ g + x.T @ g0` (or `+=` in the second line).
#
# **Marking.** 1 point for "overwritten, must be added", with the right sum. 1 point for the reason:
# one value with two uses, the effects of both paths add up. No point for averaging the two.

# %% [markdown]
# ## The answer to the question at the top
#
# * **All slopes at once**: run forward and keep each layer's input. Then start at the loss and go
#   back, box by box, each time upstream gradient times local slope. What lies behind a box is
#   summed up in one upstream gradient, so nothing is computed twice.
# * **The riddle**: you have found it in `one_step`, with a measured gradient as your witness.

# %% [markdown]
# ## What to remember
#
# 1. **Chain rule on a graph**: upstream gradient times local slope, from the loss backwards. One
#    sweep gives all slopes.
# 2. **Where paths join, add**: over units, over examples, over every use of a weight.
# 3. **A linear layer** has three gradients, each with the shape of what it belongs to. The $1/N$ of
#    a mean comes once, with the loss.
# 4. **A ReLU's gate** was decided in the forward pass. The forward pass keeps the inputs of all
#    layers, and that takes memory.
# 5. **All gradients belong to the same weights**: compute them all, then update.

# %% [markdown]
# ## References
#
# * D. E. Rumelhart, G. E. Hinton and R. J. Williams (1986). Learning representations by
#   back-propagating errors. *Nature* 323, 533-536, <https://doi.org/10.1038/323533a0>. The paper
#   that made the method known.
# * I. Goodfellow, Y. Bengio and A. Courville (2016). *Deep Learning*, MIT Press, section 6.5,
#   <https://www.deeplearningbook.org>. Computational graphs and the algorithm in general.
# * A. G. Baydin, B. A. Pearlmutter, A. A. Radul and J. M. Siskind (2018). Automatic differentiation
#   in machine learning: a survey. *Journal of Machine Learning Research* 18(153), 1-43,
#   <https://arxiv.org/abs/1502.05767>. Forward and backward sweeps compared, with history.
# * T. Chen, B. Xu, C. Zhang and C. Guestrin (2016). Training deep nets with sublinear memory cost,
#   <https://arxiv.org/abs/1604.06174>. Keep some inputs, compute the others again.
# * M. Mazur (2015). A step by step backpropagation example,
#   <https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/>. The famous example;
#   worth reading, now that you can check it.
