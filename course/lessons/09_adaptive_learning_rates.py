# %% [markdown]
# # Adaptive learning rates
#
# Two students train the same network on the same images. By mistake, both multiply their loss by
# 1000. (That happens easily: a sum in place of a mean.) So all their gradients are 1000 times too
# large.
#
# * The first one uses gradient descent. Her loss is above a million after a few steps.
# * The second one uses Adam. His loss ends at 0.168, as it would have without the mistake. The two
#   runs agree in the first six digits.
#
# How can a training method not care how large the gradients are? And if it doesn't, what does its
# learning rate mean?
#
# By the end of this lesson you can answer both, and the method will be your own.

# %% [markdown]
# **You need** gradient descent, momentum and minibatches (lesson 05), and the sum of a geometric
# series, which is explained where it comes.
#
# **You build** four update rules, each a small change to the one before: `adagrad_step`,
# `rmsprop_step`, `adam_step` and `adamw_step`.
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
    kaiming_normal,
    minibatches,
    mlp_forward,
    mlp_loss,
    momentum_step,
    sgd_step,
)
from nnkit.plots import show_figure, show_live

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too
PURPLE, BLACK = "#CC79A7", "#000000"
SHORT = "NBGRADER_EXECUTION" in os.environ  # while grading, the long runs are cut short

# %% [markdown]
# | formula | code | meaning |
# |---|---|---|
# | $w$ | `param` | one array of parameters |
# | $g$ | `grad` | gradient of the loss with respect to $w$, an array of the same shape |
# | $\eta$ ("eta") | `lr` | learning rate |
# | $t$ | `t` | number of the step: 1 at the first one |
# | $s$ | `square_sum`, `square_avg` | sum, or average, of the squared gradients so far |
# | $m$, $v$ | `m`, `v` | averages of the gradients and of their squares (Adam) |
# | $\alpha$, $\beta_1$, $\beta_2$ | `alpha`, `betas` | how much of an old average is kept |
# | $\epsilon$ ("epsilon") | `eps` | a tiny number that prevents a division by 0 |
#
# All formulas hold **entry by entry**: $g^2$ squares each entry of the array, and a root or a
# division works on each entry too. Every parameter has its own $s$, its own $m$, its own $v$.

# %% [markdown]
# ## One rate for two directions
#
# Here is the bowl of lesson 05 again, 100 times as steep in the direction $y$ as in the direction
# $x$:
#
# $$L = \tfrac{1}{2} \big( x^2 + 100\, y^2 \big) \qquad g = (x,\; 100\, y)$$
#
# A step of gradient descent multiplies $x$ by $1 - \eta$ and $y$ by $1 - 100\, \eta$. With
# $\eta = 0.01$, $y$ is at 0 after one step, and $x$ has lost one per cent. With $\eta = 1$, $x$
# would be at 0 after one step, and $y$ would be multiplied by $-99$. The ratio of the largest to
# the smallest steepness, here 100, is called the **condition number**. If it is large, the bowl is
# *ill-conditioned*, and no single rate suits both directions.
#
# **Two rates would**: 1 for $x$ and 0.01 for $y$ reach the minimum in a single step. In a network
# nobody knows the steepness for thousands of parameters. But the gradients tell something about
# it: those along $y$ are typically much larger than those along $x$. So:
#
# **Divide each entry of the gradient by the size that this entry typically has.**

# %% [markdown]
# ### The tools
#
# The rules differ in what they must remember between steps. To treat them alike, we give each one
# a list `state` of two arrays, zero at the start, in which it may keep things. Gradient descent
# needs none, momentum keeps its velocity.
#
# The bowl can be turned by an angle; you will need that later.


# %%
def with_sgd(param, grad, state, t, lr):
    return sgd_step(param, grad, lr)


def with_momentum(param, grad, state, t, lr):
    param, state[0] = momentum_step(param, grad, state[0], lr, 0.9)
    return param


def bowl_matrix(angle=0):
    """The bowl's loss is 0.5 * point @ matrix @ point; its long axis is turned by an angle."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turn = np.array([[c, -s], [s, c]])
    return turn @ np.diag([1.0, 100.0]) @ turn.T, turn


def bowl_path(rule, lr, angle=0, num_steps=60):
    """The points that the parameters pass, and the loss at each; ends where they run away."""
    matrix, turn = bowl_matrix(angle)
    point, state = turn @ np.array([10.0, 1.0]), [np.zeros(2), np.zeros(2)]
    path = [point]
    for t in range(1, num_steps + 1):
        point = rule(point, matrix @ point, state, t, lr)
        path.append(point)
        if abs(point).max() > 1000:
            break
    path = np.array(path)
    return path, 0.5 * np.sum((path @ matrix) * path, axis=1)


# %% [markdown]
# ## AdaGrad: add up the squares
#
# How large is an entry of the gradient typically? Signs must not cancel, so add up the *squares*,
# and take the root at the end. AdaGrad ("adaptive gradient", Duchi et al., 2011) does that from the
# first step on:
#
# $$s \leftarrow s + g^2 \qquad w \leftarrow w - \eta\, \frac{g}{\sqrt{s} + \epsilon}$$
#
# The $\epsilon$ (here $10^{-10}$) matters only where all gradients so far were 0. Then it makes
# $0 / \epsilon = 0$ out of $0 / 0$.
#
# By hand, with $\eta = 1$ and a gradient that is always 3:
#
# | step $t$ | 1 | 2 | 3 | 4 |
# |---|---|---|---|---|
# | $s$ | 9 | 18 | 27 | 36 |
# | $\sqrt{s}$ | 3 | 4.24 | 5.20 | 6 |
# | length of the step, $3 / \sqrt{s}$ | 1 | 0.707 | 0.577 | 0.5 |
#
# The last row is $1 / \sqrt{t}$. The 3 has gone: with gradients of 3000 it would be the same row.

# %% [markdown]
# ### Exercise: `adagrad_step`
#
# Two lines, in the order of the formula: first the sum, then the step with the **new** sum. Return
# both, and make new arrays (`+=` would write into the caller's). Mind where $\epsilon$ stands.

# %% role="exercise" name="adagrad_step"

# %% [markdown]
# Both methods on the bowl, each with a good learning rate. **Predict**: the gradient along $y$ is
# ten times the one along $x$ at the start, $(10, 100)$. In which direction does AdaGrad's *first*
# step go?


# %%
def with_adagrad(param, grad, state, t, lr):
    param, state[0] = adagrad_step(param, grad, state[0], lr)
    return param


def draw_bowl(ax, angle=0):
    matrix, _ = bowl_matrix(angle)
    x, y = np.meshgrid(np.linspace(-11, 11, 200), np.linspace(-11, 11, 200))
    loss = 0.5 * (matrix[0, 0] * x**2 + 2 * matrix[0, 1] * x * y + matrix[1, 1] * y**2)
    lines = ax.contour(x, y, loss, [0.5, 4, 12, 25, 45, 75, 120], colors="0.75", linewidths=1)
    ax.plot(0, 0, color="black", marker="+", markersize=12, linestyle="none")
    ax.set(xlabel="$x$", ylabel="$y$")
    return lines


fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True, layout="constrained")
for ax, rule, lr, colour, title in [
    (axes[0], with_sgd, 0.018, BLUE, "gradient descent, lr 0.018"),
    (axes[1], with_adagrad, 1.0, ORANGE, "AdaGrad, lr 1"),
]:
    path, losses = bowl_path(rule, lr)
    print(f"{title}: first step {(path[1] - path[0]).round(3)}, loss at the end {losses[-1]:.2f}")
    draw_bowl(ax)
    ax.plot(*path.T, color=colour, marker=".", linewidth=1)
    ax.set(xlim=(-3, 11), ylim=(-1.6, 1.6), title=f"{title}: loss {losses[-1]:.2f}")
show_figure(
    fig,
    alt="Two paths of 60 steps on a long narrow bowl, from the point 10, 1. Gradient descent "
    "zigzags between the steep sides, then creeps along the flat direction to x about 3.4. "
    "AdaGrad's first step goes diagonally to 9, 0, and from there it follows the valley floor "
    "with steps that get shorter and shorter, to x about 1.",
)

# %% [markdown]
# Diagonally: by 1 in both directions. In the first step $\sqrt{s} = |g|$, so each entry moves by
# exactly $\eta$, whatever its gradient. There is no zigzag, and the rate 1 can be used, 50 times
# what gradient descent survives (its limit is 0.02).
#
# AdaGrad was made for **rare features**. If a word occurs in one text out of a thousand, the weight
# behind it gets a gradient in one step out of a thousand. Its sum stays small, so when the word
# does come, the step is long. A single rate for all would hardly move that weight.

# %% [markdown]
# ### Why it stalls
#
# The sum can only grow. Even with gradients that never change, the steps shrink like
# $1/\sqrt{t}$. Worse, nothing is forgotten. Suppose that training starts on a steep slope: ten
# gradients of 100. Then it reaches gentle country, with gradients of 1.
#
# **Predict** the length of AdaGrad's steps on the gentle part, for $\eta = 1$. (The sum is
# $10 \cdot 100^2 = 100{,}000$ when it gets there.)

# %%
gradients = np.array([100.0] * 10 + [1.0] * 190)
square_sum, lengths = np.zeros(1), {}
for t, gradient in enumerate(gradients, start=1):
    move, square_sum = adagrad_step(np.zeros(1), np.array([gradient]), square_sum, 1.0)
    lengths[t] = -move.item()
for t in [1, 10, 11, 200]:
    print(f"step {t:3}: length {lengths[t]:.4f}")

# %% [markdown]
# One short steep stretch, and all later steps are about $1 / \sqrt{100{,}000}$, that is, 0.003. It
# would take 100,000 more gradients of 1 just to double the sum. That is good if the minimum is near
# (the steps *should* get shorter there). In a long training it is fatal.

# %% [markdown]
# ## RMSProp: forget
#
# The repair: an **average** of the squares, in which old gradients fade. Tieleman and Hinton
# proposed it in a lecture (2012):
#
# $$s \leftarrow \alpha\, s + (1 - \alpha)\, g^2
#   \qquad w \leftarrow w - \eta\, \frac{g}{\sqrt{s} + \epsilon}$$
#
# This is a **running average**: each step keeps the share $\alpha$ of the old value and takes the
# share $1 - \alpha$ of the new one. A gradient that is $k$ steps old has the weight
# $(1 - \alpha)\, \alpha^k$. With $\alpha = 0.9$ those are 0.1, 0.09, 0.081, and so on: after about
# $1 / (1 - \alpha) = 10$ steps a third of the weight is left. So that many steps is roughly how far
# its memory goes; with the usual $\alpha = 0.99$ it is 100 steps.
#
# If the gradient is always $g$, the average becomes $g^2$ in the end, and the steps have the length
# $\eta$. They don't shrink any more.

# %% [markdown]
# ### Exercise: `rmsprop_step`
#
# One thing changes from AdaGrad: how $s$ is made. To check by hand: $\alpha = 0.75$, old $s = 4$,
# $g = 2$ gives $0.75 \cdot 4 + 0.25 \cdot 4 = 4$, so the step is $\eta \cdot 2 / 2 = \eta$.

# %% role="exercise" name="rmsprop_step"

# %% [markdown]
# The same sequence of gradients: ten of 100, then many of 1. **Predict** for $\alpha = 0.9$: how
# long is the very *first* step (with $s = 0$ before it)? And do the steps on the gentle part become
# long again?

# %%
square_avg, rms_lengths = np.zeros(1), {}
for t, gradient in enumerate(gradients, start=1):
    grad = np.array([gradient])
    move, square_avg = rmsprop_step(np.zeros(1), grad, square_avg, 1.0, alpha=0.9)
    rms_lengths[t] = -move.item()
for t in [1, 10, 11, 50, 100, 200]:
    print(f"step {t:3}: length {rms_lengths[t]:.4f}")

fig, ax = plt.subplots(figsize=(7, 3.6))
ax.semilogy(*zip(*lengths.items(), strict=True), color=ORANGE, linestyle="--", label="AdaGrad")
ax.semilogy(*zip(*rms_lengths.items(), strict=True), color=BLUE, label="RMSProp, alpha = 0.9")
ax.axvline(10.5, color="0.6", linestyle=":")
ax.set(xlabel="step", ylabel="length of the step", title="Ten gradients of 100, then of 1")
ax.legend()
show_figure(
    fig,
    alt="Length of the steps over 200 steps, logarithmic axis; a dotted line after step 10 marks "
    "where the gradients fall from 100 to 1. There both drop to below 0.02. AdaGrad stays at "
    "0.003 to the end. RMSProp rises in a straight line and is back at 1 after about 120 steps.",
)

# %% [markdown]
# RMSProp recovers: each step multiplies the old squares by 0.9, and so even $100^2$ has shrunk to 1
# after some 90 steps.
#
# The first step is a surprise. It has the length 3.16, not 1. Starting from $s = 0$, the average
# after one step is only $(1 - \alpha)\, g^2 = 0.1\, g^2$. Its root is $0.316\, |g|$, and that is
# too small by a factor of 3.16. With $\alpha = 0.99$ the factor is 10. **An average that starts at
# 0 is too small at first.** Keep that in mind; Adam will repair it.

# %% [markdown]
# ## Adam: momentum on top, and a correction
#
# Adam ("adaptive moments", Kingma and Ba, 2015) keeps two running averages, of the gradient and of
# its square:
#
# $$m \leftarrow \beta_1\, m + (1 - \beta_1)\, g
#   \qquad v \leftarrow \beta_2\, v + (1 - \beta_2)\, g^2$$
#
# The first is momentum, as an average. The second is RMSProp's. The usual values are
# $\beta_1 = 0.9$ and $\beta_2 = 0.999$: ten steps of memory for the direction, a thousand for the
# size. (Here $v$ is not a velocity. These are the paper's letters.)
#
# Both start at 0, so both are too small at first. By how much?

# %% [markdown]
# ### The correction, derived
#
# Write $g_1, g_2, \dots$ for the gradients of the steps and follow $m$ from 0:
#
# $$m_1 = (1 - \beta_1)\, g_1 \qquad
#   m_2 = (1 - \beta_1)\, (\beta_1\, g_1 + g_2) \qquad
#   m_3 = (1 - \beta_1)\, (\beta_1^2\, g_1 + \beta_1\, g_2 + g_3)$$
#
# Suppose that all gradients are the same $g$ (or have the mean $g$). Then after $t$ steps
#
# $$m_t = g\, (1 - \beta_1)\, (1 + \beta_1 + \beta_1^2 + \dots + \beta_1^{t-1})$$
#
# The last bracket is a **geometric series**. Multiply it by $(1 - \beta_1)$: every term but the
# first and the last cancels, and $1 - \beta_1^t$ is left. So
#
# $$m_t = g\, (1 - \beta_1^t)$$
#
# It should be $g$. So divide by $1 - \beta_1^t$. The same goes for $v$, with $\beta_2$:
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
#   w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$
#
# As $t$ grows, $\beta^t$ goes to 0 and the correction fades. For $m$ it takes some ten steps, for
# $v$ some thousands. What is handed on to the next step are the *uncorrected* $m$ and $v$.

# %% [markdown]
# ### The first steps, by hand
#
# One parameter, the gradients 4, 2 and $-1$, the usual $\beta_1 = 0.9$ and $\beta_2 = 0.999$:
#
# | $t$ | $g$ | $m$ | $v$ | $\hat m$ | $\sqrt{\hat v}$ | $\hat m / \sqrt{\hat v}$ |
# |---|---|---|---|---|---|---|
# | 1 | 4 | 0.4 | 0.016 | $0.4 / 0.1 = 4$ | $\sqrt{0.016 / 0.001} = 4$ | 1 |
# | 2 | 2 | 0.56 | 0.019984 | $0.56 / 0.19 = 2.947$ | 3.162 | 0.932 |
# | 3 | $-1$ | 0.404 | 0.020964 | $0.404 / 0.271 = 1.491$ | 2.645 | 0.564 |
#
# In the first step $\hat m = g$ and $\sqrt{\hat v} = |g|$. So **the first step has the length
# $\eta$**, up or down, for every parameter. Without the correction it would be $0.4 / \sqrt{0.016}
# = 3.16$ times as long.
#
# And in general? If the gradients of the last steps agree, $\hat m$ is about as large as
# $\sqrt{\hat v}$, and the step is nearly $\eta$. If they are noise around 0, they cancel in
# $\hat m$ but not in $\sqrt{\hat v}$, and the step is much shorter. So $\eta$ is, roughly, **the
# farthest that a parameter moves in one step**.

# %% [markdown]
# ### Exercise: `adam_step`
#
# Five lines, one for each formula. Think about:
#
# * Which of the two averages takes the square?
# * $\beta^t$ is a power, `**`.
# * Which $m$ and $v$ do you return: corrected or not? (If you returned the corrected ones, the next
#   step would correct them once more.)

# %% role="exercise" name="adam_step"

# %% [markdown]
# Check the table above, with $\eta = 1$ and the start at 0.

# %%
param, m, v = np.zeros(1), np.zeros(1), np.zeros(1)
for t, gradient in enumerate([4.0, 2.0, -1.0], start=1):
    new_param, m, v = adam_step(param, np.array([gradient]), m, v, t, lr=1.0)
    move = (param - new_param).item()
    param = new_param
    print(f"step {t}: m = {m.item():.3f}, v = {v.item():.6f}, moved down by {move:.3f}")

# %% [markdown]
# ### Try it: four rules on the bowl
#
# Choose a rule, a learning rate and an angle (this needs a running kernel). Three things to look
# for:
#
# 1. Angle 0: what are the largest rates that gradient descent and AdaGrad survive?
# 2. RMSProp at a rate of 1: it reaches the valley floor quickly. What does it do there?
# 3. Turn the bowl by 45 degrees, so that its long axis is a diagonal. Gradient descent doesn't
#    notice (it is the same path, turned). Do the adaptive rules?


# %%
def with_rmsprop(param, grad, state, t, lr):
    param, state[0] = rmsprop_step(param, grad, state[0], lr, alpha=0.9)
    return param


def with_adam(param, grad, state, t, lr):
    param, state[0], state[1] = adam_step(param, grad, *state, t, lr)
    return param


RULES = {  # rule, colour, line, marker
    "gradient descent": (with_sgd, BLACK, ":", "o"),
    "momentum": (with_momentum, GREEN, "--", "s"),
    "AdaGrad": (with_adagrad, ORANGE, "-.", "^"),
    "RMSProp": (with_rmsprop, PURPLE, (0, (5, 1, 1, 1, 1, 1)), "v"),
    "Adam": (with_adam, BLUE, "-", "D"),
}
live_figure, live_ax = plt.subplots(figsize=(5.2, 4.4))
(live_line,) = live_ax.plot([], [], color=ORANGE, marker=".", linewidth=1)
live_bowl, live_angle = draw_bowl(live_ax), 0

rule_menu = widgets.Dropdown(options=list(RULES), value="Adam", description="rule")
lr_slider = widgets.FloatLogSlider(
    value=0.3, min=-3, max=1, step=0.05, description="lr", readout_format=".3f"
)
angle_slider = widgets.IntSlider(value=0, min=0, max=45, step=5, description="angle")


def redraw(rule, lr, angle):
    global live_bowl, live_angle
    path, losses = bowl_path(RULES[rule][0], lr, angle)
    live_line.set_data(*path.T)
    if angle != live_angle:  # only then the bowl looks different
        live_bowl.remove()
        live_bowl, live_angle = draw_bowl(live_ax, angle), angle
    live_ax.set(xlim=(-11, 11), ylim=(-11, 11))
    words = (
        f"{rule}: after {len(path) - 1} steps the loss is {losses[-1]:.3g} "
        f"(it was {losses[0]:.0f} at the start)."
    )
    if len(path) < 61:
        words += " The path has run away."
    return words


show_live(live_figure, redraw, rule=rule_menu, lr=lr_slider, angle=angle_slider)

# %% [markdown]
# The same as one picture, for readers without a running kernel: the loss after 60 steps for every
# rule and rate, on the bowl as it is and on the turned one.

# %%
lrs = np.geomspace(0.001, 10, 61)
fig, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
for ax, angle in zip(axes, [0, 45], strict=True):
    print(f"angle {angle}:")
    for name, (rule, colour, line, _) in RULES.items():
        last = np.array([bowl_path(rule, lr, angle)[1][-1] for lr in lrs])
        best = last.argmin()
        print(f"  {name:16}: lowest loss {last[best]:8.2g}, with lr {lrs[best]:.3f}")
        ax.loglog(lrs, last, color=colour, linestyle=line, linewidth=2, label=name)
    ax.set(xlabel="learning rate", ylim=(1e-5, 1e3), title=f"bowl turned by {angle} degrees")
axes[0].set_ylabel("loss after 60 steps")
axes[0].legend(loc="lower left")
show_figure(
    fig,
    alt="Loss after 60 steps against the learning rate, 0.001 to 10, both axes logarithmic. Left, "
    "bowl as it is: gradient descent reaches 5 and runs away above 0.02, momentum 0.03 and runs "
    "away above 0.04; RMSProp reaches 0.02 near 0.2 and gets worse on both sides, Adam stays below "
    "1 from 0.2 to 5, AdaGrad falls below all others from 2 on. Right, turned by 45 degrees: "
    "gradient descent and momentum are unchanged; AdaGrad gets no lower than 11, RMSProp than 2; "
    "Adam dips to 0.007 near 1 and goes up and down between 0.02 and 7 above it.",
)

# %% [markdown]
# 1. Gradient descent: up to 0.02, then it runs away. AdaGrad: every rate up to 10. Its first step
#    is as long as the rate, but then the large sum tames the following ones.
# 2. It rattles from side to side, at a loss of about 10. Its steps have about the length of the
#    rate, also at the minimum, so it can't settle. RMSProp needs a rate that falls with time (a
#    schedule, lesson 05).
# 3. The adaptive rules do notice. On the turned bowl steep and flat are mixed in *both* parameters.
#    Then both entries of the gradient have about the same size, and dividing by it changes nothing.
#    AdaGrad comes to 11 at best, RMSProp to 2.4. Adam still gets very low, thanks to its momentum,
#    but not at the same rates: with 0.3 its loss was 0.1 and is now 9.8.
#
# So remember what *adaptive* means: a rate for each **parameter**. That helps where the trouble
# lies along the parameters.

# %% [markdown]
# ## Train with your own functions
#
# Now a network: the digits, pixels scaled to 0 to 1, 64 hidden units with ReLU, batches of 32. The
# gradients come from the library, the updates from you. Each of the four parameter arrays has a
# `state` of its own. (RMSProp runs with $\alpha = 0.9$, momentum with $\mu = 0.9$, Adam with its
# usual values.)

# %%
digits = load_digits()
order = np.random.default_rng(0).permutation(1797)
train_part, test_part = order[:1536], order[1536:]
x_train, targets_train = digits.data[train_part] / 16, digits.target[train_part]
x_test, targets_test = digits.data[test_part] / 16, digits.target[test_part]


def train(rule, lr, seed=0, num_epochs=5, x=x_train, loss_factor=1.0, watch=None):
    """Train a new network; return its training loss and its parameters."""
    rng = np.random.default_rng(seed)
    params = [kaiming_normal(64, 64, rng), kaiming_normal(64, 10, rng), np.zeros(64), np.zeros(10)]
    states = [[np.zeros_like(param), np.zeros_like(param)] for param in params]
    t = 0
    for _ in range(num_epochs):
        for batch in minibatches(len(x), 32, rng):
            loss, *grads = mlp_loss(x[batch], targets_train[batch], params[:2], params[2:])
            if not loss < 1e6:  # also true if the loss is not a number
                return np.nan, params
            t += 1
            old = params
            params = [
                rule(param, loss_factor * grad, state, t, lr)
                for param, grad, state in zip(params, grads[0] + grads[1], states, strict=True)
            ]
            if watch is not None:
                watch(old, params)
    return mlp_loss(x, targets_train, params[:2], params[2:])[0], params


# %% [markdown]
# First the question at the top: the loss times 1000. The learning rates are 0.3 for gradient
# descent and 0.003 for Adam. **Predict**: how much will AdaGrad change? And momentum?

# %%
num_epochs = 1 if SHORT else 5
for name, lr in [("gradient descent", 0.3), ("momentum", 0.03), ("AdaGrad", 0.03), ("Adam", 0.003)]:
    plain, _ = train(RULES[name][0], lr, num_epochs=num_epochs)
    times_1000, _ = train(RULES[name][0], lr, num_epochs=num_epochs, loss_factor=1000.0)
    print(f"{name:16}: loss {plain:.7f}, with gradients times 1000 {times_1000:.7f}")

# %% [markdown]
# AdaGrad and Adam agree with themselves in six digits or more. ($\epsilon$ and rounding make the
# rest.) Gradient descent was stopped when its loss passed a million; that is the `nan`.
# Momentum ends at a loss of 50.

# %% [markdown]
# ### All rules, all rates, several seeds
#
# Which rule is best? One run with one rate says nothing: perhaps the rate suited one rule and not
# the other, and perhaps it was chance. So try every rule with learning rates from 0.0003 to 3, each
# with three seeds.
#
# **Predict**: if each rule may use its best rate, how far will they be apart?

# %%
rates = 10.0 ** np.arange(-3.5, 0.6, 0.5)
if SHORT:
    rates = rates[::3]


def sweep(names, x, seeds):
    """The training loss of each rule: an array of rates and seeds."""
    return {
        name: np.array(
            [[train(RULES[name][0], lr, seed, 1 if SHORT else 3, x)[0] for seed in seeds]
             for lr in rates]
        )
        for name in names
    }  # fmt: skip


def draw_sweep(results, title, alt):
    fig, ax = plt.subplots(figsize=(7.5, 4.4))
    for name, losses in results.items():
        _, colour, line, marker = RULES[name]
        ok = np.isfinite(losses).all(axis=1)
        mean = losses[ok].mean(axis=1)
        best = mean.argmin()
        print(
            f"{name:16}: best rate {rates[ok][best]:.3g}, loss {mean[best]:.3f} "
            f"(from {losses[ok][best].min():.3f} to {losses[ok][best].max():.3f}), "
            f"rates with a loss below 0.3: {(mean < 0.3).sum()}"
        )
        low, high = losses[ok].min(axis=1), losses[ok].max(axis=1)
        ax.fill_between(rates[ok], low, high, color=colour, alpha=0.2, linewidth=0)
        ax.loglog(rates[ok], mean, color=colour, linestyle=line, marker=marker, label=name)
    ax.set(xlabel="learning rate", ylabel="training loss", ylim=(0.01, 6), title=title)
    ax.legend(loc="lower left")
    show_figure(fig, alt=alt)


results = sweep(RULES, x_train, range(1 if SHORT else 3))
draw_sweep(
    results,
    "Three epochs on the digits",
    alt="Training loss after three epochs against the learning rate, 0.0003 to 3, both axes "
    "logarithmic, a band for three seeds. Each rule makes a valley whose floor is near 0.1. It "
    "lies at 0.03 for Adam, between 0.003 and 0.1 for RMSProp, at 0.1 for momentum, at 0.1 to 0.3 "
    "for AdaGrad and at 1 for gradient descent. At the rate 3 all losses are above 1.",
)

# %% [markdown]
# * **At their best rates they are close**: 0.10 for Adam, 0.11 for gradient descent, 0.13 for the
#   other three. Adam is ahead in all three seeds, but not by much, and plain gradient descent beats
#   RMSProp here.
# * **The best rates differ by a factor of 100**: 0.01 for RMSProp, 1 for gradient descent. A
#   comparison at one common rate would be worthless. At 0.001, for example, Adam is at 0.7 and
#   momentum at 1.9.
# * **The adaptive rules forgive more.** RMSProp and Adam are below 0.3 at four of the rates, which
#   span a factor of 30; gradient descent and momentum at two, a factor of 3. That is their real
#   advantage here: less searching.
#
# A low training loss is not the aim, of course. **Predict**: which of the two best is better on
# images it has never seen?

# %%
for name, lr in [("gradient descent", 1.0), ("Adam", 10**-1.5)]:
    right = []
    for seed in range(1 if SHORT else 3):
        _, params = train(RULES[name][0], lr, seed, 1 if SHORT else 3)
        right.append(accuracy(mlp_forward(x_test, params[:2], params[2:])[0], targets_test))
    print(f"{name:16}: test accuracy", np.round(right, 3))

# %% [markdown]
# Neither. The seeds differ more from one another than the two rules do. On a problem as easy as
# this, don't expect more from the choice of the rule.

# %% [markdown]
# ### Where the adaptive rules earn their keep
#
# In this network all pixels have the same range, so all weights of a layer get gradients of
# similar size. Take that away: multiply each pixel by a factor of its own between 1/30 and 30, as
# if each were measured in another unit. (Lesson 06 has the proper remedy, to standardize. Deeper
# inside a network nobody does that for you.)
#
# **Predict**: who suffers, and how much?

# %%
factors = 10.0 ** np.random.default_rng(1).uniform(-1.5, 1.5, size=64)
names = ["gradient descent", "momentum", "Adam"]
results = sweep(names, x_train * factors, range(1 if SHORT else 2))
draw_sweep(
    results,
    "Three epochs on the digits, pixels in odd units",
    alt="Training loss after three epochs against the learning rate, for pixels in odd units. "
    "Gradient descent gets no lower than 0.47, at the rate 0.03; momentum reaches 0.40 at 0.01; "
    "Adam 0.21 at 0.01. Above 0.3 all three stay near 2.",
)

# %% [markdown]
# All suffer, Adam least: its best loss is twice what it was, that of gradient descent four times.
# Gradient descent has the bowl's problem again. Pixels in large units make some directions steep,
# and those dictate the rate; the weights behind pixels in small units hardly move. And here the
# trouble lies along the parameters, each weight belonging to one pixel, so dividing by each
# entry's size helps.

# %% [markdown]
# ## How far does a step move the weights?
#
# A learning rate alone says little. A better question: by which part of itself does a weight matrix
# change in one step? Take the norm (the root of the sum of squares) of the change, and divide it by
# the norm of the weights. This is the **update-to-weight ratio**.
#
# For Adam's first step you can compute it. Every weight moves by $\eta$. The weights of the first
# layer have the standard deviation $\sqrt{2 / 64} = 0.177$. So the ratio is about $\eta / 0.177$:
# 0.006 for $\eta = 0.001$.
#
# **Predict**: does it rise or fall during training?

# %%
ratios = {}
for lr in [0.0003, 0.003, 0.03, 0.3]:
    ratios[lr] = []

    def watch(old, new, seen=ratios[lr]):
        seen.append(np.linalg.norm(new[0] - old[0]) / np.linalg.norm(old[0]))

    loss, _ = train(with_adam, lr, num_epochs=num_epochs, watch=watch)
    print(f"lr {lr:6}: ratio {ratios[lr][0]:.4f} in the first step, ", end="")
    print(f"{np.median(ratios[lr][-48:]):.5f} in the last epoch; loss {loss:.3f}")

# %%
styles = [(GREEN, ":"), (BLACK, "-."), (BLUE, "-"), (ORANGE, "--")]
fig, ax = plt.subplots(figsize=(7, 4))
for (lr, values), (colour, line) in zip(ratios.items(), styles, strict=True):
    ax.semilogy(values, color=colour, linestyle=line, linewidth=1.2, label=f"lr {lr}")
ax.axhline(1e-3, color="0.5", linewidth=1)
ax.set(xlabel="step", ylabel="update-to-weight ratio", title="Adam, weights of the first layer")
ax.legend(loc="upper right", ncols=2)
show_figure(
    fig,
    alt="Update-to-weight ratio of the first layer over 240 steps, logarithmic axis, with a line "
    "at 0.001. Learning rate 0.0003: just above the line at first, then just below it. 0.003: from "
    "0.014 down to about 0.002. 0.03: from 0.14 to about 0.007. 0.3: from 1.4 in a straight line "
    "down to less than a billionth.",
)

# %% [markdown]
# * The first steps are a little shorter than predicted (0.014, not 0.017, for the rate 0.003). A
#   third of the weights doesn't move in the first step: their pixel is black in all 32 images, or
#   their unit is off in those where it isn't.
# * The ratio falls. At first the gradients agree, and each step has nearly the full length. Later
#   they are mostly noise, and $\hat m$ gets smaller than $\sqrt{\hat v}$. (The weights grow a
#   little, too.)
# * With 0.3 the first step is longer than the weights themselves: the start is wiped out. Soon no
#   hidden unit reacts to any image, so there is no gradient. What is left is $m$, which shrinks
#   to 0.9 of itself in each step: the straight line.
#
# A widespread rule of thumb says: **about one thousandth**. It is rough. In this short training
# 0.007 went best, and 0.0008 was too slow. But 0.1 or 0.00001 would tell you at once, without any
# search, that the rate is wrong.

# %% [markdown]
# ## AdamW: weight decay without the division
#
# Lesson 08 shows why one keeps weights small, with a penalty $\tfrac{\lambda}{2} \sum w^2$ in the
# loss (L2). Its gradient is $\lambda w$. With gradient descent the step becomes
#
# $$w \leftarrow w - \eta\, (g + \lambda w) = (1 - \eta \lambda)\, w - \eta\, g$$
#
# So in each step every weight loses the same *share* of itself, $\eta \lambda$. That is called
# **weight decay**, and with gradient descent the two are the same thing.
#
# With Adam they aren't. Put $g + \lambda w$ into Adam in place of $g$, and the penalty is divided
# by $\sqrt{\hat v}$ together with the rest. A weight with large gradients has a large
# $\sqrt{\hat v}$, so it hardly decays. A weight with small ones decays fast. Nobody wanted that.
#
# **AdamW** (Loshchilov and Hutter, 2019) takes the decay out of the division. Adam's step is made
# with $g$ alone, and the decay, measured on the old $w$, is subtracted on its own:
#
# $$w_{\text{new}} = w_{\text{Adam}} - \eta\, \lambda\, w$$
#
# By hand: $w = 2$, $\eta = 0.1$, $\lambda = 0.5$. The decay takes away $0.1 \cdot 0.5 \cdot 2 =
# 0.1$. If the gradient is 0, the new weight is 1.9.

# %% [markdown]
# ### Exercise: `adamw_step`
#
# You have `adam_step`; call it, and pass `betas` and `eps` on. The decay needs the parameters *as
# they came in*.

# %% role="exercise" name="adamw_step"

# %% [markdown]
# Now see the difference. Take 200 weights, all 1 at the start. Their gradients are pure noise
# around 0: small noise (0.01) for the first 100, large noise (1) for the others. So nothing pulls
# them anywhere but the decay, with $\lambda = 0.1$ and $\eta = 0.01$. A step takes a thousandth:
# after 500 steps $0.999^{500} = 0.61$ should be left of all of them.
#
# **Predict**: which of the two groups shrinks faster with L2 inside Adam?

# %%
noise_size = np.repeat([0.01, 1.0], 100)
weight_decay, lr, num_steps = 0.1, 0.01, 500
with_l2, decoupled = [np.ones(200)], [np.ones(200)]
l2_state, decoupled_state = [np.zeros(200), np.zeros(200)], [np.zeros(200), np.zeros(200)]
rng = np.random.default_rng(0)
for t in range(1, num_steps + 1):
    grad = noise_size * rng.normal(size=200)
    penalised = grad + weight_decay * with_l2[-1]
    new, *l2_state = adam_step(with_l2[-1], penalised, *l2_state, t, lr)
    with_l2.append(new)
    new, *decoupled_state = adamw_step(
        decoupled[-1], grad, *decoupled_state, t, lr, weight_decay=weight_decay
    )
    decoupled.append(new)

fig, axes = plt.subplots(1, 2, figsize=(10, 3.8), sharey=True, layout="constrained")
for ax, name, weights in [(axes[0], "Adam with L2", with_l2), (axes[1], "AdamW", decoupled)]:
    quiet, loud = np.array(weights)[:, :100].mean(axis=1), np.array(weights)[:, 100:].mean(axis=1)
    print(f"{name:12}: mean {quiet[-1]:.2f} with small noise, {loud[-1]:.2f} with large noise")
    ax.plot(quiet, color=BLUE, linewidth=2, label="gradients of size 0.01")
    ax.plot(loud, color=ORANGE, linestyle="--", linewidth=2, label="gradients of size 1")
    ax.plot(0.999 ** np.arange(501), color="black", linestyle=":", label="a thousandth per step")
    ax.set(xlabel="step", title=name)
axes[0].set_ylabel("mean of 100 weights")
axes[1].legend()
show_figure(
    fig,
    alt="Mean of 100 weights over 500 steps, for small and large gradient noise. Left, Adam with "
    "L2: with large noise it falls slowly from 1 to 0.59, near the dotted line for a thousandth "
    "per step; with small noise it drops to 0 within about 250 steps. Right, AdamW: both stay "
    "close to the dotted line and end near 0.6.",
)

# %% [markdown]
# The group with *small* gradients: with L2 it is gone after some 250 steps. There the penalty,
# $0.1 \cdot 1$, is ten times the noise, so Adam takes it for the gradient and moves by the full
# $\eta$ in each step. The loud group happens to come out right, because its $\sqrt{\hat v}$ is
# about 1. With AdamW both groups lose the same share and end near 0.61, apart from chance.

# %% [markdown]
# ## Two questions to answer in writing
#
# **Question 1.** A friend forgets the bias correction: his Adam uses $m$ and $v$ in place of
# $\hat m$ and $\hat v$, with $\beta_1 = 0.9$ and $\beta_2 = 0.999$. By which factor is his first
# step longer or shorter than the right one? Show the calculation. Is the error worse or milder if
# he sets $\beta_2 = 0.9$ as well, and why? (2 points)

# %% [markdown] role="answer" id="forgotten_correction" points=2
# **Model answer.** In the first step $m = 0.1\, g$ and $v = 0.001\, g^2$. So the step is
# $0.1\, |g| / \sqrt{0.001\, g^2} = 0.1 / 0.0316 = 3.16$ times $\eta$ instead of $\eta$: too long by
# a factor of 3.16. With $\beta_2 = 0.9$ it is $0.1 / \sqrt{0.1} = 0.316$: too short by the
# same factor, so an error of the same size, but harmless, since a step that is too short ruins
# nothing. (The error would also be over sooner: after some ten steps instead of thousands.)
#
# **Marking.** 1 point for 3.16 (or $\sqrt{10}$) *longer*, with the calculation. 1 point for
# $\beta_2 = 0.9$: the step is now too short (0.316), with a reasoned judgement (milder because
# short steps do no damage, or because it fades faster; "the same factor the other way" is fine
# too). Half of the first point if only one of the two averages has been treated.

# %% [markdown]
# **Question 2.** A report says: "We trained with momentum at the rate 0.001 and with Adam at the
# rate 0.001, one run each. Adam reached a much lower loss, so Adam is the better method." Name two
# faults of this comparison, and say for each what should have been done. Use a number from this
# lesson's experiments. (2 points)

# %% [markdown] role="answer" id="unfair_comparison" points=2
# **Model answer.** *The same rate isn't the same step.* Adam moves each parameter by up to the rate
# itself; with momentum the gradient's size comes in. In our sweep the best rates were
# 0.1 for momentum and 0.03 for Adam, and at 0.001 momentum had hardly started (a loss of 1.9, where
# its best was 0.13). Each method needs its own search over rates. *One run shows chance.* At their
# best rates, momentum's runs went from 0.12 to 0.14 here, and Adam's test accuracies from 0.93 to
# 0.97; there must be several seeds, and their spread reported. (Also good: training loss isn't
# test accuracy; one network and one data set don't speak for all.)
#
# **Marking.** 1 point for each fault with its remedy, at most 2; at least one of them must come
# with a number from the experiments, otherwise 1.5 at most. "Adam isn't always better" alone earns
# nothing.

# %% [markdown]
# ## The answer to the question at the top
#
# * **Why doesn't Adam care?** It divides the average gradient by the root of the average square. If
#   all gradients are 1000 times larger, both are, and the quotient is the same. (Almost:
#   $\epsilon$ isn't multiplied. That is why later digits differ.)
# * **What does the learning rate mean then?** Not a factor for the gradient, but a length: about
#   the farthest that one parameter moves in one step. So it should be chosen by the size of the
#   *weights*.

# %% [markdown]
# ## What to remember
#
# 1. **Ill-conditioned**: steep in some directions, flat in others; one learning rate can't suit
#    both. Adaptive rules divide each entry by its own typical size.
# 2. **AdaGrad** adds up the squares and stalls; **RMSProp** averages them and forgets.
# 3. **Adam** adds momentum and corrects for the start at 0: divide by $1 - \beta^t$. Its first
#    step has the length $\eta$.
# 4. **AdamW** takes the weight decay out of the division, so that every weight decays alike.
# 5. **Compare fairly**: each rule with its own best rate, several seeds, and the spread shown.

# %% [markdown]
# ## References
#
# * J. Duchi, E. Hazan and Y. Singer (2011). Adaptive subgradient methods for online learning and
#   stochastic optimization. *Journal of Machine Learning Research* 12, 2121-2159,
#   <https://jmlr.org/papers/v12/duchi11a.html>. AdaGrad.
# * T. Tieleman and G. Hinton (2012). Lecture 6.5: RMSProp. *Coursera: Neural Networks for Machine
#   Learning*. The rule was never published as a paper.
# * D. P. Kingma and J. Ba (2015). Adam: a method for stochastic optimization. *ICLR*,
#   <https://arxiv.org/abs/1412.6980>. Algorithm 1; section 3 has the bias correction.
# * I. Loshchilov and F. Hutter (2019). Decoupled weight decay regularization. *ICLR*,
#   <https://arxiv.org/abs/1711.05101>. AdamW.
# * A. C. Wilson, R. Roelofs, M. Stern, N. Srebro and B. Recht (2017). The marginal value of
#   adaptive gradient methods in machine learning. *NeurIPS*, <https://arxiv.org/abs/1705.08292>. A
#   case for tuning plain gradient descent.
