# %% [markdown]
# # Adaptive learning rates
#
# Two students train the same network on the same images. By mistake, both multiply their loss by
# 1000. (That happens easily: a sum in place of a mean.) So all their gradients are 1000 times too
# large.
#
# * The first one uses gradient descent. Her loss is above a million after two steps.
# * The second one uses Adam. His loss ends at 0.168, as it would have without the mistake: the
#   first six digits agree.
#
# How can a training method not care how large the gradients are? And if it doesn't, what does its
# learning rate mean?
#
# By the end of this lesson you can answer both, and the method will be your own.

# %% [markdown]
# **You need** gradient descent, momentum and minibatches (lesson 05).
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
from nnkit.plots import loss_curves, show_figure, show_live

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too
PURPLE, BLACK = "#CC79A7", "#000000"
DASH_DOT_DOT = (0, (5, 1, 1, 1, 1, 1))
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
# $\eta = 0.01$, $y$ is at 0 after one step, but $x$ has only lost one per cent. With $\eta = 1$,
# $x$ is at 0 after one step, but $y$ has been multiplied by $-99$. The ratio of the largest to the
# smallest steepness, here 100, is called the **condition number**. If it is large, the bowl is
# *ill-conditioned*: no single rate suits both directions.
#
# **Two rates would**: 1 for $x$ and 0.01 for $y$ reach the minimum in one step. In a network nobody
# knows the steepness for thousands of parameters. But the gradients tell something about it: those
# along $y$ are typically much larger than those along $x$. So:
#
# **Divide each entry of the gradient by the size that this entry typically has.**

# %% [markdown]
# ### The tools
#
# The rules differ in what they remember from step to step. To treat them alike, we give each one a
# list `state` of two arrays, zero at the start. Gradient descent needs none; momentum keeps its
# velocity there. The bowl can be turned by an angle, which is for later.


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
        assert np.shape(point) == (2,), "the new parameters don't have the shape of the old ones"
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
# The last row is $1 / \sqrt{t}$. With gradients of 3000 it would be the same row.

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
    """Rings of equal loss, and a cross at the minimum."""
    around = np.linspace(0, 2 * np.pi, 200)
    ring = bowl_matrix(angle)[1] @ [np.cos(around), np.sin(around) / 10]
    for radius in range(1, 17, 2):
        ax.plot(*(radius * ring), color="0.75", linewidth=1)
    ax.plot(0, 0, color="black", marker="+", markersize=12)
    ax.set(xlabel="$x$", ylabel="$y$")


paths = [
    ("gradient descent, lr 0.018", BLUE, *bowl_path(with_sgd, 0.018)),
    ("AdaGrad, lr 1", ORANGE, *bowl_path(with_adagrad, 1.0)),
]
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True, layout="constrained")
words = []
for ax, (title, colour, path, losses) in zip(axes, paths, strict=True):
    draw_bowl(ax)
    ax.plot(*path.T, color=colour, marker=".", linewidth=1)
    ax.set(xlim=(-3, 11), ylim=(-1.6, 1.6), title=title)
    words.append(
        f"{title}: first step {(path[1] - path[0]).round(3)}, "
        f"at the end x = {path[-1][0]:.3g} and loss {losses[-1]:.3g}"
    )
print(*words, sep="\n")
show_figure(fig, alt=f"Paths of 60 steps on a narrow bowl, from 10, 1. {'. '.join(words)}.")

# %% [markdown]
# Diagonally: by 1 in both directions. In the first step $\sqrt{s} = |g|$, so each entry moves by
# exactly $\eta$, whatever its gradient. There is no zigzag, and the rate 1 works: 50 times what
# gradient descent survives (its limit is 0.02).
#
# AdaGrad was made for **rare features**. If a word occurs in one text out of a thousand, the weight
# behind it gets a gradient in one step out of a thousand. Its sum stays small, so when the word
# does come, the step is long.

# %% [markdown]
# ### Why it stalls
#
# The sum can only grow: nothing is forgotten. Suppose that training starts on a steep slope, with
# ten gradients of 100. Then it reaches gentle country, with gradients of 1.
#
# **Predict** the length of AdaGrad's steps on the gentle part, for $\eta = 1$.


# %%
def step_lengths(rule):
    """The lengths of 200 steps: ten gradients of 100, then gradients of 1."""
    state, lengths = [np.zeros(1), np.zeros(1)], []
    for t in range(1, 201):
        new = rule(np.zeros(1), np.array([100.0 if t <= 10 else 1.0]), state, t, 1.0)
        lengths.append(-new.item())
    return lengths


adagrad_lengths = step_lengths(with_adagrad)
for t in [1, 10, 11, 200]:
    print(f"step {t:3}: length {adagrad_lengths[t - 1]:.3g}")

# %% [markdown]
# One short steep stretch makes the sum $10 \cdot 100^2 = 100{,}000$, and all later steps are about
# $1 / \sqrt{100{,}000} = 0.003$. It would take 100,000 more gradients of 1 just to double the sum.
# That is good if the minimum is near (the steps *should* get shorter there). In a long training it
# is fatal.

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
# If the gradient is always $g$, the average becomes $g^2$ in the end, and the steps get the length
# $\eta$.

# %% [markdown]
# ### Exercise: `rmsprop_step`
#
# One thing changes from AdaGrad: how $s$ is made. To check by hand: $\alpha = 0.75$, old $s = 4$,
# $g = 2$ gives $0.75 \cdot 4 + 0.25 \cdot 4 = 4$, so the step is $\eta \cdot 2 / 2 = \eta$.

# %% role="exercise" name="rmsprop_step"

# %% [markdown]
# The same gradients: ten of 100, then many of 1. **Predict** for $\alpha = 0.9$ and $\eta = 1$: how
# long is the very *first* step (with $s = 0$ before it)? And how many gentle steps does it take
# until they are nearly 1 again: about 10, or more?


# %%
def with_rmsprop(param, grad, state, t, lr):
    param, state[0] = rmsprop_step(param, grad, state[0], lr, alpha=0.9)
    return param


curves = {"AdaGrad": adagrad_lengths, "RMSProp, alpha = 0.9": step_lengths(with_rmsprop)}
for t in [1, 10, 11, 50, 100, 200]:
    print(f"step {t:3}: length {curves['RMSProp, alpha = 0.9'][t - 1]:.3g}")
steps = dict.fromkeys(curves, range(1, 201))
loss_curves(curves, steps=steps, x_label="step", y_label="length of the step", y_scale="log")

# %% [markdown]
# RMSProp recovers, but it takes some 90 steps. Each one multiplies the old squares by 0.9, and
# $100^2$ is ten thousand times too large.
#
# The first step has the length 3.16, not 1. Starting from $s = 0$, the average after one step is
# only $(1 - \alpha)\, g^2 = 0.1\, g^2$. Its root is $0.316\, |g|$, too small by a factor of 3.16.
# With $\alpha = 0.99$ the factor is 10. **An average that starts at 0 is too small at first.** Adam
# will repair that.

# %% [markdown]
# ## Adam: momentum on top, and a correction
#
# Adam (from "adaptive moment estimation", Kingma and Ba, 2015) keeps two running averages, of the
# gradient and of its square:
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
# As $t$ grows, $\beta^t$ goes to 0 and the correction fades: for $m$ after a few dozen steps, for
# $v$ after a few thousand. The next step gets the *uncorrected* $m$ and $v$.

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
# $\eta$**, up or down, for every parameter.
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
# * Which $m$ and $v$ do you return: corrected or not? (The next step corrects what it makes of
#   them.)

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
# 3. Turn the bowl by 45 degrees, so that its long axis is a diagonal. Gradient descent takes the
#    same path, turned. Do the adaptive rules?


# %%
def with_adam(param, grad, state, t, lr):
    param, state[0], state[1] = adam_step(param, grad, *state, t, lr)
    return param


RULES = {
    "gradient descent": (with_sgd, {"color": BLACK, "linestyle": ":", "marker": "o"}),
    "momentum": (with_momentum, {"color": GREEN, "linestyle": "--", "marker": "s"}),
    "AdaGrad": (with_adagrad, {"color": ORANGE, "linestyle": "-.", "marker": "^"}),
    "RMSProp": (with_rmsprop, {"color": PURPLE, "linestyle": DASH_DOT_DOT, "marker": "v"}),
    "Adam": (with_adam, {"color": BLUE, "linestyle": "-", "marker": "D"}),
}
rule_menu = widgets.Dropdown(options=list(RULES), value="Adam", description="rule")
lr_slider = widgets.FloatLogSlider(
    value=0.3, min=-3, max=1, step=0.05, description="lr", readout_format=".3f"
)
angle_slider = widgets.IntSlider(value=0, min=0, max=45, step=5, description="angle")
live_figure, live_ax = plt.subplots(figsize=(5.2, 4.4))


def redraw(rule, lr, angle):
    path, losses = bowl_path(RULES[rule][0], lr, angle)
    live_ax.clear()
    draw_bowl(live_ax, angle)
    live_ax.plot(*path.T, color=ORANGE, marker=".", linewidth=1)
    live_ax.set(xlim=(-11, 11), ylim=(-11, 11))
    end = "." if len(path) == 61 else "; the path has run away."
    return f"{rule}: the loss goes from 100 to {losses[-1]:.3g} in {len(path) - 1} steps{end}"


show_live(live_figure, redraw, rule=rule_menu, lr=lr_slider, angle=angle_slider)

# %% [markdown]
# The same as one picture, for readers without a running kernel: the loss after 60 steps for every
# rule and rate, on the bowl as it is and on the turned one.

# %%
lrs = np.geomspace(0.001, 10, 61)
last = {
    (name, angle): np.array([bowl_path(rule, lr, angle)[1][-1] for lr in lrs])
    for angle in [0, 45]
    for name, (rule, _) in RULES.items()
}
fig, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
words = []
for (name, angle), losses in last.items():
    best = np.nan_to_num(losses, nan=np.inf).argmin()
    words.append(f"{name}, angle {angle}: lowest loss {losses[best]:.2g} with lr {lrs[best]:.3f}")
    style = RULES[name][1] | {"marker": "", "linewidth": 2}
    axes[angle // 45].loglog(lrs, losses, label=name, **style)
    axes[angle // 45].set(xlabel="learning rate", title=f"bowl turned by {angle} degrees")
axes[0].set(ylabel="loss after 60 steps", ylim=(1e-5, 1e3))
axes[0].legend(loc="lower left")
print(*words, sep="\n")
show_figure(fig, alt=f"Loss after 60 steps against the learning rate. {'. '.join(words)}.")

# %% [markdown]
# 1. Gradient descent: up to 0.02, then it runs away. AdaGrad: every rate up to 10. Its first step
#    is as long as the rate, but then the large sum tames the following ones.
# 2. It rattles from side to side, at a loss of about 10. Its steps have about the length of the
#    rate, also at the minimum, so it can't settle. RMSProp needs a rate that falls with time (a
#    schedule, lesson 05).
# 3. They don't. On the turned bowl steep and flat are mixed in *both* parameters. Then both entries
#    of the gradient have about the same size, and dividing by it changes nothing. AdaGrad comes to
#    11 at best, RMSProp to 2.4. Adam still gets very low, but not at the same rates: with 0.3 its
#    loss was 0.1 and is now 9.8. (Its momentum helps: with `betas=(0, 0.999)` it comes to 4.)
#
# *Adaptive* means: a rate for each **parameter**. That helps where the trouble lies along the
# parameters.

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
                return np.inf, params
            t += 1
            old = params
            params = [
                rule(param, loss_factor * grad, state, t, lr)
                for param, grad, state in zip(params, grads[0] + grads[1], states, strict=True)
            ]
            if watch is not None:
                watch(old, params)
    loss = mlp_loss(x, targets_train, params[:2], params[2:])[0]
    return min(np.inf, loss), params  # infinite also if the loss is not a number


# %% [markdown]
# First the question at the top: the loss times 1000. **Predict**: how much will AdaGrad change? And
# momentum?

# %%
num_epochs = 1 if SHORT else 5
for name, lr in [("gradient descent", 0.3), ("momentum", 0.03), ("AdaGrad", 0.03), ("Adam", 0.003)]:
    plain, _ = train(RULES[name][0], lr, num_epochs=num_epochs)
    times_1000, _ = train(RULES[name][0], lr, num_epochs=num_epochs, loss_factor=1000.0)
    print(f"{name}, lr {lr}: loss {plain:.7g}, with gradients times 1000 {times_1000:.7g}")

# %% [markdown]
# AdaGrad and Adam agree with themselves in six digits or more. Gradient descent was stopped after
# two steps, when its loss passed a million; that is the `inf`. Momentum ends at a loss of 50.

# %% [markdown]
# ### All rules, all rates, several seeds
#
# Which rule is best? One run with one rate says nothing: the rate may suit one rule and not the
# other, and it may be chance. So try every rule with learning rates from 0.0003 to 3, each with
# three seeds. The band shows the smallest and the largest loss of the seeds.
#
# **Predict**: if each rule may use its best rate, how far will they be apart?

# %%
rates = 10.0 ** np.arange(-3.5, 0.6, 0.5)[:: 3 if SHORT else 1]


def show_sweep(names, x, num_seeds, title):
    """Train three epochs with every rule, rate and seed; draw the training losses."""
    seeds, num_epochs = range(1 if SHORT else num_seeds), 1 if SHORT else 3
    losses = {}
    for name in names:
        rule = RULES[name][0]
        runs = [train(rule, lr, seed, num_epochs, x)[0] for lr in rates for seed in seeds]
        losses[name] = np.reshape(runs, (len(rates), len(seeds)))
    fig, ax = plt.subplots(figsize=(7.5, 4.4))
    words = []
    for name, table in losses.items():
        mean, low, high = table.mean(axis=1), table.min(axis=1), table.max(axis=1)
        best = mean.argmin()
        words.append(
            f"{name}: best rate {rates[best]:.3g}, loss {mean[best]:.3f} (from {low[best]:.3f} "
            f"to {high[best]:.3f}), below 0.3 at {(mean < 0.3).sum()} rates"
        )
        ax.fill_between(rates, low, high, color=RULES[name][1]["color"], alpha=0.2, linewidth=0)
        ax.loglog(rates, mean, label=name, **RULES[name][1])
    ax.set(xlabel="learning rate", ylabel="training loss", ylim=(0.03, 6), title=title)
    ax.legend(loc="lower left")
    print(*words, sep="\n")
    show_figure(fig, alt=f"{title}: training loss against the learning rate. {'. '.join(words)}.")


show_sweep(RULES, x_train, 3, "Three epochs on the digits")

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
# **Predict**: which of the two best is better on images it has never seen?

# %%
for name, lr in [("gradient descent", 1.0), ("Adam", 10**-1.5)]:
    right = []
    for seed in range(1 if SHORT else 3):
        _, params = train(RULES[name][0], lr, seed, 1 if SHORT else 3)
        right.append(accuracy(mlp_forward(x_test, params[:2], params[2:])[0], targets_test))
    print(f"{name}: test accuracy", np.round(right, 3))

# %% [markdown]
# Neither. The seeds differ more from one another than the two rules do.

# %% [markdown]
# ### Where the adaptive rules earn their keep
#
# So far all pixels had the same range. Take that away: multiply each pixel by a factor of its own
# between 1/30 and 30, as if each were measured in another unit. (Lesson 06 has the proper remedy,
# to standardize. Deeper inside a network nobody does that for you.)
#
# **Predict**: who suffers, and how much?

# %%
factors = 10.0 ** np.random.default_rng(1).uniform(-1.5, 1.5, size=64)
names = ["gradient descent", "momentum", "Adam"]
show_sweep(names, x_train * factors, 2, "Three epochs on the digits, pixels in odd units")

# %% [markdown]
# All suffer, Adam least: its best loss is twice what it was, that of gradient descent four times.
# It is the bowl's problem again. Pixels in large units make some directions steep, and those
# dictate the rate; the weights behind pixels in small units hardly move. Here the trouble lies
# along the parameters, since each weight belongs to one pixel. So dividing helps.

# %% [markdown]
# ## How far does a step move the weights?
#
# By which part of itself does a weight matrix change in one step? Take the norm (the root of the
# sum of squares) of the change, and divide it by the norm of the weights. This is the
# **update-to-weight ratio**.
#
# For Adam's first step you can compute it. Every weight moves by $\eta$. The weights of the first
# layer have the standard deviation $\sqrt{2 / 64} = 0.177$. So the ratio is about $\eta / 0.177$:
# 0.017 for $\eta = 0.003$.
#
# **Predict**: does it rise or fall during training?


# %%
def update_ratios(lr):
    """The ratio in each step of a training with Adam, for the weights of the first layer."""
    ratios = []

    def watch(old, new):
        ratios.append(np.linalg.norm(new[0] - old[0]) / np.linalg.norm(old[0]))

    loss, _ = train(with_adam, lr, num_epochs=num_epochs, watch=watch)
    print(f"lr {lr:6}: ratio {ratios[0]:.4f} in the first step, ", end="")
    print(f"{np.median(ratios[-48:]):.2g} in the last epoch; loss {loss:.3f}")
    return ratios


ratios = {f"lr {lr}": update_ratios(lr) for lr in [0.0003, 0.003, 0.03, 0.3]}
loss_curves(ratios, x_label="step", y_label="update-to-weight ratio", y_scale="log")

# %% [markdown]
# * The first step is a little shorter than computed: 0.014, not 0.017. A third of the weights
#   doesn't move, because their pixel is black in all 32 images, or their unit is off where it
#   isn't.
# * The ratio falls. At first the gradients agree, and each step has nearly the full length. Later
#   they are mostly noise, and $\hat m$ gets smaller than $\sqrt{\hat v}$.
# * With 0.3 the first step is longer than the weights themselves: the start is wiped out. Soon no
#   hidden unit reacts to any image, so there is no gradient. What is left is $m$, which shrinks
#   to 0.9 of itself in each step: the straight line.
#
# A widespread rule of thumb says: **about one thousandth**. It is rough. In this short training
# 0.007 in the last epoch went best, and 0.0008 was too slow. But a ratio that *stays* at 0.1 or
# 0.00001 tells you, without any search, that the rate is wrong.

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
# by $\sqrt{\hat v}$ together with the rest. So the share depends on how large a weight's gradients
# are. Nobody wanted that.
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
# Take 200 weights, all 1 at the start. Their gradients are pure noise around 0: small noise (0.01)
# for the first 100, large noise (1) for the others. So nothing pulls them anywhere but the decay,
# with $\lambda = 0.1$ and $\eta = 0.01$. A step takes a thousandth: after 500 steps
# $0.999^{500} = 0.61$ should be left of all of them.
#
# **Predict**: which of the two groups shrinks faster with L2 inside Adam, and how much is left?

# %%
rng = np.random.default_rng(0)
w_l2, m_l2, v_l2 = np.ones(200), np.zeros(200), np.zeros(200)
w, m, v = w_l2, m_l2, v_l2
means = []
for t in range(1, 501):
    grad = np.repeat([0.01, 1.0], 100) * rng.normal(size=200)
    w_l2, m_l2, v_l2 = adam_step(w_l2, grad + 0.1 * w_l2, m_l2, v_l2, t, 0.01)
    w, m, v = adamw_step(w, grad, m, v, t, 0.01, weight_decay=0.1)
    means.append([w_l2[:100].mean(), w_l2[100:].mean(), w[:100].mean(), w[100:].mean()])

names = ["L2, small noise", "L2, large noise", "AdamW, small noise", "AdamW, large noise"]
curves = dict(zip(names, np.transpose(means), strict=True))
for name, curve in curves.items():
    print(f"{name}: {curve[-1]:.3f} left")
loss_curves(curves, x_label="step", y_label="mean weight")

# %% [markdown]
# The group with *small* noise: with L2 it is gone after some 250 steps. There the penalty,
# $0.1 \cdot 1$, is ten times the noise, so it makes up the gradient and the first steps have the
# full length $\eta$. The other group happens to come out right, because its $\sqrt{\hat v}$ is
# about 1: its curve lies on that of AdamW. With AdamW both groups end near 0.61, apart from chance.

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
# nothing. (The error would also be over sooner: after dozens of steps instead of thousands.)
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
# 1. **Ill-conditioned**: steep in some directions, flat in others; one rate can't suit both.
# 2. **AdaGrad** adds up the squares and stalls; **RMSProp** averages them and forgets.
# 3. **Adam** adds momentum and divides by $1 - \beta^t$, since its averages start at 0.
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
