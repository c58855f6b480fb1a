# %% [markdown]
# # Stochastic gradient descent
#
# You have 1536 images of digits and time for one pass over them. Two plans cost the same work:
#
# * **Plan A.** Compute the exact gradient from all 1536 images. Take **one** step.
# * **Plan B.** Cut the images into 48 groups of 32. Compute a gradient from each group and take
#   **48** steps. Every one of these gradients is wrong: it knows 32 images only.
#
# Which plan ends with the lower loss? And how long should a step be?

# %% [markdown]
# **You need** gradients of a network's loss (lesson 04), the mean and the standard deviation of a
# list of numbers, and NumPy's indexing with integer arrays.
#
# **You build** `minibatches`, three update rules (`sgd_step`, `momentum_step`, `nesterov_step`) and
# two schedules (`step_decay`, `cosine_schedule`).
#
# **How to work.** Six cells are yours to fill in. Run your cell, then the cell below it: `check`
# tries your function on many inputs and, where it recognises a mistake, names it. Where the text
# says **Predict**, decide on an answer before you run the next cell.

# %%
import os

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from course import check
from nnkit.functional import accuracy, kaiming_normal, mlp_forward, mlp_loss
from nnkit.plots import loss_curves, show_figure, show_live

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too
SHORT = "NBGRADER_EXECUTION" in os.environ  # while grading, the long runs are cut short

# %% [markdown]
# ## The network is given
#
# So that nothing here depends on your earlier work, the gradients come from the library. The
# network has 64 inputs (the pixels), 64 hidden units with ReLU, and 10 outputs. Its **parameters**,
# all the numbers that training may change, are four arrays: two of weights and two of biases. We
# keep them in one list, and their gradients in another list of the same order.

# %%
digits = load_digits()
order = np.random.default_rng(0).permutation(1797)
train, test = order[:1536], order[1536:]
x_train, targets_train = digits.data[train] / 16, digits.target[train]  # pixels from 0 to 1
x_test, targets_test = digits.data[test] / 16, digits.target[test]


def new_params(rng):
    """Random weights, as lesson 06 will explain, and biases of zero."""
    return [kaiming_normal(64, 64, rng), kaiming_normal(64, 10, rng), np.zeros(64), np.zeros(10)]


def loss_and_grads(params, x, targets):
    loss, grad_weights, grad_biases = mlp_loss(x, targets, params[:2], params[2:])
    return loss, grad_weights + grad_biases


def training_loss(params):
    return loss_and_grads(params, x_train, targets_train)[0]


# %% [markdown]
# | formula | code | meaning |
# |---|---|---|
# | $N$, $B$ | `num_examples`, `batch_size` | number of examples, and of those in a batch |
# | $w$ | `param` | one array of parameters |
# | $g$ | `grad` | gradient of the loss with respect to $w$, an array of the same shape |
# | $\eta$ ("eta") | `lr` | learning rate: how far one step goes |
# | $v$ | `velocity` | what momentum remembers, an array of the same shape |
# | $\mu$ ("mu") | `momentum` | how much of the old velocity stays |
#
# One **step** is one update of all parameters. One **epoch** is one pass over all $N$ examples.

# %% [markdown]
# ## A sample's gradient is right on average
#
# The loss is a mean over the examples. The derivative of a mean is the mean of the derivatives. So
# the exact gradient is the mean of the examples' own gradients $g_i$:
#
# $$g = \frac{1}{N} \sum_{i=1}^{N} g_i$$
#
# To estimate the mean of a large group, ask a few of its members. A **minibatch** (or just *batch*)
# is a random sample of $B$ examples, and its gradient is the mean of their $g_i$.
#
# Take one parameter and $N = 4$ examples with the gradients 1, 3, 5, 7. The exact gradient is
# $16 / 4 = 4$. There are six possible batches of two:
#
# | batch | 1, 3 | 1, 5 | 1, 7 | 3, 5 | 3, 7 | 5, 7 | mean of all six |
# |---|---|---|---|---|---|---|---|
# | its gradient | 2 | 3 | 4 | 4 | 5 | 6 | $24 / 6 = 4$ |
#
# A single batch can be wrong by 2. But the mean over all batches is exactly 4. Such an estimate is
# called **unbiased**: it misses, but not to one side.

# %% [markdown]
# ### Why it is unbiased
#
# Draw one example at random, each with the same probability $1/N$. The **expected value** of its
# gradient, the mean over very many draws, is
#
# $$\mathbb{E}[g_i] = \sum_{i=1}^{N} \frac{1}{N}\, g_i = g$$
#
# In a random batch, every member on its own is such a draw. The expected value of a mean is the
# mean of the expected values, so the batch's gradient has the expected value $g$ too, whatever $B$
# is.
#
# The word *random* carries all the weight. If the images are sorted by their digit, the first 32
# are all zeros, and their gradient says "always answer 0".

# %% [markdown]
# ### Shuffle, then deal
#
# * **With replacement**: draw every batch from all $N$ examples. In $N$ single draws, an example is
#   missed with the probability $(1 - 1/N)^N$, about $1/e = 0.37$. After one epoch's work more than
#   a third of the data has not been seen.
# * **Without replacement**: shuffle all examples once, then deal them out like cards, $B$ at a
#   time. Each example comes exactly once in an epoch. Errors cancel: with the four gradients above,
#   if the first batch says 2, the second must be 5, 7 and says 6. The mean of the two is 4,
#   exactly.
#
# The second way is what everyone uses. For the next epoch, shuffle again, so that other examples
# meet.

# %% [markdown]
# ### Exercise: `minibatches`
#
# Bring **indices**, not images: the same indices then pick the images and their labels, and they
# stay together. Think about:
#
# * How often do you shuffle in one pass?
# * With $N = 10$ and $B = 4$, what is left for the last batch?
# * The word `yield` hands out one batch and then goes on with the loop. `return` would end it.

# %% role="exercise" name="minibatches"

# %% [markdown]
# Two epochs with ten examples. Each number from 0 to 9 must come once in each.

# %%
rng = np.random.default_rng(0)
for epoch in range(2):
    print(f"epoch {epoch}:", [batch.tolist() for batch in minibatches(10, 4, rng)])

# %% [markdown]
# ## The update
#
# A gradient is a slope. Change one parameter $w$ a little, by $d$, and the loss changes by about
# $g \cdot d$. To make the loss smaller, $d$ needs the opposite sign of $g$. The simplest choice is
# $d = -\eta\, g$ with a small positive **learning rate** $\eta$:
#
# $$w \leftarrow w - \eta\, g
#   \qquad \text{so the loss changes by about} \qquad g \cdot (-\eta\, g) = -\eta\, g^2$$
#
# That is never positive: for a step that is small enough, the loss falls. The same holds for an
# array, entry by entry. With gradients from minibatches, the method is called **stochastic gradient
# descent**, SGD. ("Stochastic" means: chance plays a part.)
#
# Nothing is divided by $B$ here. The loss is a mean, so its gradient has the division already.

# %% [markdown]
# ### Exercise: `sgd_step`
#
# One line. The caller's array must stay as it was, so make a new one. (`param -= ...` would write
# into the caller's array.)

# %% role="exercise" name="sgd_step"

# %% [markdown]
# ## How long is a good step?
#
# "Small enough" can be made exact for a simple loss. Take $L = w^2$, a bowl. Its gradient is
# $g = 2w$, so one step gives
#
# $$w \leftarrow w - \eta \cdot 2w = (1 - 2\eta)\, w$$
#
# Each step multiplies $w$ by the same factor, $1 - 2\eta$:
#
# | $\eta$ | 0.05 | 0.4 | 0.5 | 0.9 | 1.05 |
# |---|---|---|---|---|---|
# | factor | 0.9 | 0.2 | 0 | $-0.8$ | $-1.1$ |
#
# **Predict** for each of the five, starting at $w = -1$: does $w$ come to the bottom? On which
# path? Three of them are drawn.

# %%
paths = {}
for lr in (0.05, 0.4, 1.05):
    steps = [np.array([-1.0])]
    for _ in range(7):
        steps.append(sgd_step(steps[-1], 2 * steps[-1], lr))
    paths[lr] = np.concatenate(steps)

w_axis = np.linspace(-2.2, 2.2, 200)
fig, axes = plt.subplots(1, 3, figsize=(10, 3.4), sharey=True, layout="constrained")
for ax, (lr, path) in zip(axes, paths.items(), strict=True):
    ax.plot(w_axis, w_axis**2, color="0.6")
    ax.plot(path, path**2, color=BLUE, marker="o")
    ax.plot(path[0], path[0] ** 2, color=ORANGE, marker="s", markersize=9)
    ax.set(xlabel="parameter $w$", title=f"lr = {lr}", xlim=(-2.2, 2.2), ylim=(-0.2, 4.8))
axes[0].set_ylabel("loss $w^2$")
show_figure(
    fig,
    alt="Seven steps on the bowl w squared, from w = -1, with three learning rates. With 0.05 the "
    "points creep down the left side and stop half way. With 0.4 they reach the bottom in "
    "two or three steps. With 1.05 they jump from side to side, each time a little higher.",
)

# %% [markdown]
# 0.05 is safe and slow, 0.4 is fast, and 0.5 would be at the bottom in one step. With 0.9 each step
# would jump over the bottom, yet come nearer. With 1.05 it jumps over the bottom and lands higher:
# the loss **grows**.
#
# The limit depends on the bowl. If the gradient is $h w$, the factor is $1 - \eta h$, and it stays
# between $-1$ and 1 only for $\eta < 2 / h$. **The steeper the bowl, the smaller the largest
# learning rate that works.**

# %% [markdown]
# ## First, overfit 50 examples
#
# Before you train on everything, train on very little. A network of this size can learn 50 images
# by heart. If it can't get their loss near 0, something is broken: the gradient, the update, or the
# learning rate. The test takes a second and saves hours.
#
# We do it twice. The second time the labels are shuffled and no longer belong to their images.
# **Predict**: will the test notice?


# %%
def overfit(x, targets, num_steps=500, lr=0.3):
    params = new_params(np.random.default_rng(0))
    for step in range(num_steps + 1):
        loss, grads = loss_and_grads(params, x, targets)
        if step % 100 == 0:
            right = accuracy(mlp_forward(x, params[:2], params[2:])[0], targets)
            print(f"  step {step:3}: loss {loss:.3g}, accuracy {right:.2f}")
        params = [sgd_step(p, g, lr) for p, g in zip(params, grads, strict=True)]


few, few_targets = x_train[:50], targets_train[:50]
print("true labels")
overfit(few, few_targets)
print("shuffled labels")
overfit(few, np.random.default_rng(5).permutation(few_targets))

# %% [markdown]
# Both get every answer right. The shuffled labels take longer, but they are learnt by heart all the
# same. So the test is good at finding a broken *gradient or update*. It can't see wrong *data*, and
# it says nothing about new images. (That networks can learn random labels, even a million of them,
# was a famous surprise: Zhang et al., 2017.)

# %% [markdown]
# ## Train with your own functions
#
# Now all 1536 images, in batches of 32, with your `minibatches` and your `sgd_step`.


# %%
def train_sgd(lr, batch_size, num_epochs, seed=0):
    """Train a new network; return the training loss before and after each epoch."""
    rng = np.random.default_rng(seed)
    params = new_params(rng)
    losses = [training_loss(params)]
    for _ in range(num_epochs):
        for batch in minibatches(len(x_train), batch_size, rng):
            _, grads = loss_and_grads(params, x_train[batch], targets_train[batch])
            params = [sgd_step(p, g, lr) for p, g in zip(params, grads, strict=True)]
        losses.append(training_loss(params))
    return losses, params


# %% [markdown]
# **Predict** the loss after ten epochs, roughly, for the learning rates 0.003, 0.3 and 3. Remember
# what a network that knows nothing gets: $\log 10 = 2.30$.

# %%
num_epochs = 2 if SHORT else 10
runs = {lr: train_sgd(lr, 32, num_epochs) for lr in (0.003, 0.3, 3)}
for lr, (losses, params) in runs.items():
    right = accuracy(mlp_forward(x_test, params[:2], params[2:])[0], targets_test)
    print(f"lr {lr:5}: loss {losses[0]:.3g} to {losses[-1]:.3g}, test accuracy {right:.2f}")
loss_curves({f"lr {lr}": losses for lr, (losses, _) in runs.items()}, y_label="training loss")

# %% [markdown]
# * **Too small** (0.003): it learns, but after ten epochs it still has far to go.
# * **Good** (0.3): the loss is small, and most test images are recognised.
# * **Too large** (3): the first steps throw the weights so far off that soon no hidden unit reacts
#   to any image. All give 0, and their gradient is 0 too. The loss stays near 2.30. In other
#   networks it even becomes `inf` or `nan`.
#
# Good rates differ from network to network by factors of ten and more. So try 0.001, 0.01, 0.1, 1
# first, not 0.1, 0.2, 0.3.

# %% [markdown]
# ## Plan A against plan B
#
# Plan A takes one exact step per epoch, plan B takes 48 noisy ones. To be fair, plan A may try
# three learning rates. **Predict** the winner after one epoch, and after ten.

# %%
for lr in [0.1, 0.3, 1.0]:
    losses, _ = train_sgd(lr, 1536, num_epochs)
    print(f"A, lr {lr}: loss {losses[1]:.3g} after 1 epoch, {losses[-1]:.3g} at the end")
losses, _ = train_sgd(0.3, 32, num_epochs)
print(f"B, lr 0.3: loss {losses[1]:.3g} after 1 epoch, {losses[-1]:.3g} at the end")

# %% [markdown]
# Plan B wins by far: after a single epoch it is lower than plan A after ten. Forty-eight steps that
# are right *on average* beat one step that is exactly right.

# %% [markdown]
# ## Noise and batch size
#
# How wrong is a batch's gradient, then? For each batch size, take your minibatches, compute each
# one's gradient (all 4810 parameters) and its distance from the exact gradient. The root of the
# mean squared distance is the **noise**.
#
# **Predict**: from batch size 16 to batch size 64, does the noise fall to a quarter or to a half?


# %%
def flat_grad(params, indices):
    _, grads = loss_and_grads(params, x_train[indices], targets_train[indices])
    return np.concatenate([grad.ravel() for grad in grads])


rng = np.random.default_rng(1)
params = new_params(rng)
exact = flat_grad(params, np.arange(1536))
batch_sizes, noise = [1, 4, 16, 64, 256], []
for batch_size in batch_sizes:
    batches = [b for _ in range(1 if SHORT else 4) for b in minibatches(1536, batch_size, rng)]
    squares = [((flat_grad(params, batch) - exact) ** 2).sum() for batch in batches]
    noise.append(np.sqrt(np.mean(squares)))
    print(f"batch size {batch_size:3}: noise {noise[-1]:.3f}")
print(f"length of the exact gradient: {np.linalg.norm(exact):.3f}")

# %% [markdown]
# To a half, each time that the batch is four times as large. Here is why, for one parameter. Let
# $\sigma$ be the standard deviation of the examples' gradients; its square, the **variance**
# $\sigma^2$, is the mean squared distance from $g$. For independent draws variances add up. So the
# sum of $B$ gradients has the variance $B \sigma^2$. The mean is this sum divided by $B$, and that
# divides the variance by $B^2$:
#
# $$\mathrm{Var} = \frac{B\, \sigma^2}{B^2} = \frac{\sigma^2}{B}
#   \qquad \text{standard deviation} = \frac{\sigma}{\sqrt{B}}$$
#
# Divide the first number above, 4.790, by $\sqrt{B}$: 4.79, 2.40, 1.20, 0.60, 0.30. Only the last
# measurement lies clearly below, by a tenth. Your batches are drawn *without* replacement, and 256
# images are a sixth of all. The exact variance has one more factor, $(N - B)/(N - 1)$.
#
# Check it on the gradients 1, 3, 5, 7. Their squared distances from 4 are 9, 1, 1, 9, so
# $\sigma^2 = 5$. For $B = 2$ the formula, with the factor, says $5 / 2 \cdot 2/3 = 5/3$. The six
# batches of the table (2, 3, 4, 4, 5, 6) have the variance $10 / 6$, the same.
#
# Read it as a price list. **Half the noise costs four times the work per step.** With 32 images the
# error is about as long as the gradient itself, and yet plan B worked. More images would make a
# better direction, but fewer steps. (A large batch has one advantage: a processor computes it
# faster than many small ones, example for example.)

# %% [markdown]
# ## Momentum
#
# Now to a problem that no batch size solves. Loss surfaces are rarely round. Take a bowl with two
# parameters, 100 times as steep in one direction as in the other:
#
# $$L = \tfrac{1}{2} \big( x^2 + 100\, y^2 \big) \qquad g = (x,\; 100\, y)$$
#
# Such a bowl is called **ill-conditioned**. Each step multiplies $x$ by $1-\eta$ and $y$ by
# $1-100\eta$. The steep direction forbids $\eta \ge 0.02$. But with $\eta = 0.018$, $x$ shrinks by
# 1.8 % in each step.
#
# **Predict** the path of 60 steps from $(10, 1)$ with $\eta = 0.018$: what does $y$ do, whose
# factor is $-0.8$? How far does $x$ get?

# %%
STEEPNESS = np.array([1.0, 100.0])
path = [np.array([10.0, 1.0])]
for _ in range(60):
    path.append(sgd_step(path[-1], STEEPNESS * path[-1], 0.018))
sgd_path = np.array(path)
print("after 60 steps: x = {:.3g}, y = {:.3g}".format(*sgd_path[-1]))

# %% [markdown]
# $y$ jumps from side to side and is soon near 0. $x$ has covered two thirds of the way:
# $0.982^{60} = 0.34$. The picture follows.
#
# The idea: **add up the gradients of the past steps**. Along $x$ they all point the same way, so
# their sum gets long. Along $y$ they change their sign, so they cancel. A ball that rolls down a
# valley does much the same: hence the names **momentum**, and **velocity** for the sum. The older a
# gradient, the less it counts:
#
# $$v \leftarrow \mu\, v + g \qquad w \leftarrow w - \eta\, v$$
#
# With $v = 0$ at the start, the velocity after some steps is
# $v = g_{\text{now}} + \mu\, g_{\text{before}} + \mu^2 g_{\text{before that}} + \dots$

# %% [markdown]
# ### Two extremes, by hand
#
# Take $\mu = 0.5$ and let the gradient be always 1, or change its sign in each step:
#
# | step | 1 | 2 | 3 | 4 | ... | far on |
# |---|---|---|---|---|---|---|
# | gradient | 1 | 1 | 1 | 1 | | |
# | velocity | 1 | 1.5 | 1.75 | 1.875 | | 2 |
# | gradient | 1 | $-1$ | 1 | $-1$ | | |
# | velocity | 1 | $-0.5$ | 0.75 | $-0.625$ | | $\pm 0.667$ |
#
# In general: if all gradients are $g$, the velocity stops changing when $v = \mu v + g$, which is
# $v = g / (1 - \mu)$. For the usual $\mu = 0.9$ this is **ten times** the gradient. If the signs
# alternate, only $g / (1 + \mu)$ is left, about half of it.
#
# **Three conventions.** This one is PyTorch's, and ours. Some texts put the learning rate into the
# velocity ($v \leftarrow \mu v - \eta g$ and $w \leftarrow w + v$); that makes the same steps as
# long as $\eta$ is constant. Others write $v \leftarrow \mu v + (1 - \mu) g$, which is an average
# instead of a sum. Then the same $\eta$ makes steps that are ten times shorter (with $\mu = 0.9$).
# Look before you copy a learning rate.

# %% [markdown]
# ### Exercise: `momentum_step`
#
# Two lines: first the velocity, then the parameters, with the **new** velocity. Return both, since
# the next step needs the velocity. The arguments stay as they were.

# %% role="exercise" name="momentum_step"

# %% [markdown]
# The same bowl, the same learning rate, now with momentum. **Predict**: does $x$ get nearer to 0?
# Does the path still change sides?


# %%
def bowl_path(step_function, lr, momentum, num_steps=60):
    """The points that the parameters pass; the path ends where they run away."""
    point, velocity = np.array([10.0, 1.0]), np.zeros(2)
    path = [point]
    for _ in range(num_steps):
        point, velocity = step_function(point, STEEPNESS * point, velocity, lr, momentum)
        path.append(point)
        if abs(point).max() > 1000:
            break
    return np.array(path)


def bowl_loss(points):
    return 0.5 * (STEEPNESS * points**2).sum(axis=-1)


def draw_bowl(ax):
    x, y = np.meshgrid(np.linspace(-9, 11, 120), np.linspace(-1.5, 1.5, 120))
    levels = [0.5, 4, 12, 25, 45, 75, 120]
    ax.contour(x, y, 0.5 * (x**2 + 100 * y**2), levels, colors="0.75", linewidths=1)
    ax.plot(0, 0, color="black", marker="+", markersize=12, linestyle="none")
    ax.set(xlim=(-9, 11), ylim=(-1.5, 1.5), xlabel="$x$ (flat)", ylabel="$y$ (steep)")


# %%
bowl_paths = {"without momentum": sgd_path, "momentum 0.9": bowl_path(momentum_step, 0.018, 0.9)}
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for ax, (name, path) in zip(axes, bowl_paths.items(), strict=True):
    draw_bowl(ax)
    ax.plot(*path.T, color=BLUE, marker=".", linewidth=1)
    ax.set_title(f"{name}: loss {bowl_loss(path[-1]):.3g} after 60 steps")
show_figure(
    fig,
    alt="Two paths of 60 steps on a long narrow bowl, from the point 10, 1. Without momentum the "
    "path zigzags between the steep sides, calms down, and creeps along the flat direction to x "
    "about 3.4. With momentum it swings across the valley for longer, but runs past the minimum "
    "to about x = -2.7, comes back and ends close to the minimum.",
)

# %% [markdown]
# With momentum, 60 steps come close to the minimum. The price: the path **overshoots**, runs past
# the minimum and has to come back, and in the steep direction it swings for longer.

# %% [markdown]
# ### Try it: learning rate and momentum
#
# Move the sliders (this needs a running kernel). Three things to look for:
#
# 1. Momentum 0: where is the limit of the learning rate? The calculation says 0.02.
# 2. Momentum 0.9: is the limit lower or higher now?
# 3. The lowest loss that you can find. Is 0.98 better than 0.9?

# %%
live_figure, live_ax = plt.subplots(figsize=(7, 3.4))
draw_bowl(live_ax)
(live_line,) = live_ax.plot([], [], color=BLUE, marker=".", linewidth=1)

lr_slider = widgets.FloatSlider(
    value=0.018, min=0.002, max=0.04, step=0.001, description="lr", readout_format=".3f"
)
momentum_slider = widgets.FloatSlider(
    value=0.0, min=0.0, max=0.98, step=0.02, description="momentum", readout_format=".2f"
)


def redraw(lr, momentum):
    path = bowl_path(momentum_step, lr, momentum)
    live_line.set_data(*path.T)
    last = bowl_loss(path[-1])
    words = f"After {len(path) - 1} steps the loss is {last:.3g} (it was 100 at the start)."
    if last > 100:
        words += " The steps are too long: the path runs away."
    return words


show_live(live_figure, redraw, lr=lr_slider, momentum=momentum_slider)

# %% [markdown]
# All three answers in one picture: the loss after 60 steps for each pair of learning rate and
# momentum.

# %%
lrs, momenta = np.linspace(0.002, 0.04, 39), np.linspace(0, 0.98, 50)
last_losses = [[bowl_loss(bowl_path(momentum_step, lr, m)[-1]) for lr in lrs] for m in momenta]
row, column = np.unravel_index(np.argmin(last_losses), (50, 39))

fig, ax = plt.subplots(figsize=(7, 4))
mesh = ax.pcolormesh(lrs, momenta, np.log10(np.clip(last_losses, 1e-3, 1e2)), cmap="cividis")
bar = fig.colorbar(mesh, ax=ax, ticks=[-3, -2, -1, 0, 1, 2], label="loss after 60 steps")
bar.ax.set_yticklabels(["0.001 or less", "0.01", "0.1", "1", "10", "100 or more"])
ax.plot(lrs[column], momenta[row], color="black", marker="*", markersize=14)
ax.axvline(0.02, color="white", linestyle="--")
ax.set(xlabel="learning rate", ylabel="momentum")
ax.set_title(f"Lowest (star): lr {lrs[column]:.3f}, momentum {momenta[row]:.2f}")
show_figure(
    fig,
    alt="Map of the loss after 60 steps: learning rate, 0.002 to 0.04, across; momentum, 0 to "
    "0.98 upwards. Without momentum every learning rate from 0.02 on, a dashed line, fails. With "
    "more momentum the limit moves right, to almost 0.04. The lowest losses fill an area "
    "between momentum 0.6 and 0.85; close to 0.98 they are high again.",
)

# %% [markdown]
# 1. Without momentum the limit is 0.02, as computed.
# 2. Momentum **raises** the limit, here to almost twice the value: the alternating gradients of the
#    steep direction cancel.
# 3. The lowest losses lie between momentum 0.6 and 0.85. With 0.98 the velocity forgets so slowly
#    that the path swings for much longer than 60 steps.

# %% [markdown]
# ## Nesterov's momentum
#
# Momentum overshoots because it learns too late that the slope has turned. Nesterov's idea: the old
# velocity will carry us on by $-\eta \mu v$ in any case. So go there first, and measure the
# gradient **at the point ahead**. Call the parameters $\theta$ and the point ahead $w$:
#
# $$w = \theta - \eta \mu v \qquad g = \text{gradient at } w \qquad
#   v_{\text{new}} = \mu v + g \qquad \theta_{\text{new}} = \theta - \eta\, v_{\text{new}}$$
#
# That needs gradients at a place where the parameters aren't. PyTorch avoids this with a trick: it
# stores $w$ instead of $\theta$. What does $w$ do in one step? Turn the first formula round:
# $\theta = w + \eta \mu v$, and $\mu v$ is $v_{\text{new}} - g$. So the next point ahead is
#
# $$\begin{aligned} w_{\text{new}}
#   &= \theta_{\text{new}} - \eta \mu\, v_{\text{new}}
#    = \theta - \eta\, v_{\text{new}} - \eta \mu\, v_{\text{new}} \\
#   &= w + \eta\, (v_{\text{new}} - g) - \eta\, v_{\text{new}} - \eta \mu\, v_{\text{new}}
#    = w - \eta\, (g + \mu\, v_{\text{new}}) \end{aligned}$$
#
# So the velocity is the same as before. Only the parameters move differently.

# %% [markdown]
# ### Exercise: `nesterov_step`
#
# Numbers to try first: parameter 2, gradient 1, old velocity 3, $\eta = 0.1$, $\mu = 0.5$. The new
# velocity is 2.5, and the parameter moves by $0.1 \cdot (1 + 0.5 \cdot 2.5) = 0.225$, to 1.775.
# (Ordinary momentum would move it by $0.1 \cdot 2.5 = 0.25$.)

# %% role="exercise" name="nesterov_step"

# %% [markdown]
# All three on the bowl, with $\eta = 0.01$. **Predict** which of the two curves with momentum is
# smoother.

# %%
paths = {
    "no momentum": bowl_path(momentum_step, 0.01, 0.0),
    "momentum 0.9": bowl_path(momentum_step, 0.01, 0.9),
    "Nesterov 0.9": bowl_path(nesterov_step, 0.01, 0.9),
}
curves = {name: bowl_loss(path) for name, path in paths.items()}
for name, losses in curves.items():
    print(f"{name}: loss {losses[-1]:.3g} after {len(losses) - 1} steps")
show_figure(
    loss_curves(curves, x_label="step", y_scale="log").figure,
    alt="Loss on the bowl over 60 steps, logarithmic axis. Without momentum it falls in a straight "
    "slow line to about 15. With momentum 0.9 it swings up and down while it falls. With "
    "Nesterov's momentum it falls smoothly, with one dip where it passes the minimum.",
)

# %% [markdown]
# Nesterov's gradient knows about the other side of the valley one step earlier. At this rate the
# swinging in the steep direction is over after two steps. The overshoot along $x$ is smaller too.
#
# It isn't always the better choice. **Predict**: do both survive the rate 0.018, with which
# momentum did so well?

# %%
for step_function in (momentum_step, nesterov_step):
    path = bowl_path(step_function, 0.018, 0.9)
    print(f"{step_function.__name__}: loss {bowl_loss(path[-1]):.3g} after {len(path) - 1} steps")

# %% [markdown]
# With Nesterov the path ran away and was stopped. In the steep direction, looking ahead makes the
# step longer, so here the limit of the learning rate is lower: about 0.0136 instead of 0.038.

# %% [markdown]
# ## Momentum on the digits
#
# Back to the network. Each parameter array needs a velocity of its own, zero at the start.
# `lr_at(step)` gives the learning rate of a step, for now always the same.


# %%
def train_momentum(update, lr_at, batch_size, num_epochs, seed=0):
    rng = np.random.default_rng(seed)
    params, step = new_params(rng), 0
    velocities = [np.zeros_like(param) for param in params]
    losses = [training_loss(params)]
    for _ in range(num_epochs):
        for batch in minibatches(len(x_train), batch_size, rng):
            _, grads = loss_and_grads(params, x_train[batch], targets_train[batch])
            lr, step = lr_at(step), step + 1
            for k in range(4):
                params[k], velocities[k] = update(params[k], grads[k], velocities[k], lr, 0.9)
        losses.append(training_loss(params))
    return losses


# %% [markdown]
# **Predict**: at the learning rate 0.03, does momentum help? And the last line, plain SGD with *ten
# times* this rate: will it be far behind? (Think of $1 / (1 - \mu)$.)

# %%
losses = {
    "SGD,      lr 0.03": train_sgd(0.03, 32, num_epochs)[0],
    "momentum, lr 0.03": train_momentum(momentum_step, lambda step: 0.03, 32, num_epochs),
    "Nesterov, lr 0.03": train_momentum(nesterov_step, lambda step: 0.03, 32, num_epochs),
    "SGD,      lr 0.3 ": train_sgd(0.3, 32, num_epochs)[0],
}
for name, values in losses.items():
    print(f"{name}: loss {values[1]:.3g} after 1 epoch, {values[-1]:.3g} at the end")

# %% [markdown]
# At the same learning rate, momentum is far ahead. But plain SGD with ten times the rate does just
# as well. Here the loss has no long narrow valley that would stop the large rate, and then momentum
# 0.9 is little more than a learning rate ten times as large. Its real advantage shows where a
# valley *does* forbid the larger rate, as in the bowl; in deep networks such valleys are common.
# And **who switches momentum on must make the learning rate smaller.**

# %% [markdown]
# ## Schedules
#
# In a large step the noise of the gradient does large damage. Far from the minimum that hardly
# matters. Close to it, noise is all that is left, and the parameters dance around the best point.
# So begin with a large rate, to travel fast, and end with a small one, to settle. A rule that gives
# the rate for each step is called a **schedule**.
#
# **Step decay** multiplies the rate by a factor $d$ (`drop`) after every $k$ steps (`every`). At
# step $t$ that has happened $\lfloor t / k \rfloor$ times, where $\lfloor\ \rfloor$ means "round
# down":
#
# $$\eta_t = \eta \cdot d^{\,\lfloor t / k \rfloor}$$
#
# With $\eta = 0.8$, $d = 0.5$ and $k = 3$, the steps 0 to 6 have the rates 0.8, 0.8, 0.8, 0.4, 0.4,
# 0.4, 0.2.

# %% [markdown]
# ### Exercise: `step_decay`
#
# Always start from the first rate, `lr`. If each call scaled the rate of the last call, the result
# would depend on how often somebody asked. And mind the clock: is $t$ a step or an epoch? A rate
# that was meant to fall every 10 *epochs* and falls every 10 *steps* is soon zero.

# %% role="exercise" name="step_decay"

# %% [markdown]
# ### A smooth fall, and a gentle start
#
# The **cosine schedule** falls without jumps. Let $q$ be the progress, from 0 at the beginning of
# the fall to 1 at its end. Then $\cos(\pi q)$ goes from 1 to $-1$, and $(1 + \cos(\pi q)) / 2$ from
# 1 to 0:
#
# | $q$ | 0 | 0.25 | 0.5 | 0.75 | 1 |
# |---|---|---|---|---|---|
# | $(1 + \cos(\pi q)) / 2$ | 1 | 0.854 | 0.5 | 0.146 | 0 |
#
# $$\eta_t = \eta_{\min} + (\eta - \eta_{\min})\, \frac{1 + \cos(\pi q)}{2}$$
#
# It stays high for a while, falls fastest in the middle, and lands softly.
#
# **Warm-up** comes before the fall: for $T_w$ steps (`warmup_steps`) the rate rises in a straight
# line. The reason: a new network has large gradients that quickly change their direction, and one
# huge step can ruin it (you saw that with the rate 3). The first step, $t = 0$, has the rate
# $\eta / T_w$, not 0, which would be a wasted step; the step $t = T_w - 1$ has $\eta$.

# %% [markdown]
# ### Exercise: `cosine_schedule`
#
# Three parts: the rise, the fall, and after `total_steps` a flat line. Before you write, decide:
#
# * What is $q$ at step `warmup_steps`? What is it at step `total_steps`? So by what do you divide?
# * What may $q$ never exceed?

# %% role="exercise" name="cosine_schedule"

# %% [markdown]
# Both schedules for 960 steps, ten epochs of 96 batches, with the largest rate 0.2: one falls to a
# tenth at step 480, the other rises for 96 steps first. **Predict** the rate of each at step 480.

# %%
total_steps = 96 * num_epochs
schedules = {
    "constant": lambda step: 0.2,
    "step decay": lambda step: step_decay(step, 0.2, 0.1, total_steps // 2),
    "cosine": lambda step: cosine_schedule(step, total_steps, 0.2, 0.0, total_steps // 10),
}
rates = {name: [lr_at(step) for step in range(total_steps)] for name, lr_at in schedules.items()}
for name, values in rates.items():
    print(f"{name}: {values[total_steps // 2]:.3f} half way")
fig, ax = plt.subplots(figsize=(7, 3.4))
for name, colour, line in zip(rates, (BLUE, ORANGE, GREEN), ("-", "--", ":"), strict=True):
    ax.plot(rates[name], color=colour, linestyle=line, linewidth=2, label=name)
ax.set(xlabel="step", ylabel="learning rate")
ax.legend(loc="center right")
show_figure(
    fig,
    alt="Learning rate over 960 steps. Constant: 0.2 throughout. Step decay: 0.2 until step 480, "
    "then 0.02. Cosine: a straight rise to 0.2 in the first 96 steps, then a smooth fall, through "
    "about 0.12 half way, to 0 at the end.",
)

# %% [markdown]
# With warm-up, half of the *steps* is not half of the *fall*: $q = (480 - 96) / 864 = 0.44$, so the
# cosine's rate is still above 0.1.
#
# Now train with them. To make the noise large we take batches of 16, momentum, and a high rate of
# 0.2, each with three seeds. **Predict** which part of training the schedules improve: the
# beginning or the end?

# %%
means = {}
for name, lr_at in schedules.items():
    seeds = range(1 if SHORT else 3)
    runs = [train_momentum(momentum_step, lr_at, 16, num_epochs, seed) for seed in seeds]
    print(f"{name}: training loss at the end", [round(run[-1], 3) for run in runs])
    means[name] = np.mean(runs, axis=0)
loss_curves(means, y_label="training loss, mean of three runs", y_scale="log")

# %% [markdown]
# The end. (Up to epoch 5, the runs with step decay *are* those with the constant rate.) As the rate
# falls, the dancing stops: the loss drops to a fraction of what the constant rate reaches, and with
# the cosine the three runs end at nearly the same value.
#
# It doesn't always pay. In quiet training (batches of 32, rate 0.03) there is little noise to
# remove, and the same schedules end *higher* than the constant rate, since short steps get less
# far. And this small network would do without warm-up; it was introduced for batches of thousands
# of images and the large rates that go with them (Goyal et al., 2017).

# %% [markdown]
# ## Two questions to answer in writing
#
# **Question 1.** A friend trains with batches of 32 and wants to change to 128: "Then each gradient
# is four times as exact, so I need only a quarter of the steps." Say what is wrong with *the first
# half* of the sentence and what is doubtful about *the second*. Three or four sentences. (2 points)

# %% [markdown] role="answer" id="four_times_the_batch" points=2
# **Model answer.** The error of a batch's gradient falls as $1/\sqrt{B}$. Four times the batch
# halves it; for a quarter one would need 16 times the batch, 512 images. And half the noise doesn't
# make a step four times as long: with the same learning rate, one step still moves the parameters
# about as far, so a quarter of the steps gets much less far (in plan A the step was exact, and
# lost). It could work only if the learning rate could be raised as well, and that has a limit set
# by the steepness of the loss, not by the noise.
#
# **Marking.** 1 point: the noise halves, with the reason $1/\sqrt{B}$ (or $\sigma^2 / B$). 1 point:
# the number of steps isn't replaced by exactness, with a reason (length of a step, limit of the
# learning rate, or the experiment with plans A and B). "Less noise is always better" or "it
# needs more memory" alone earns nothing.

# %% [markdown]
# **Question 2.** Another friend trains our network with plain SGD and the learning rate 1. That
# goes well. She switches to momentum 0.9 and keeps the rate, and now the loss stays near 2. Explain
# why, with a calculation, and propose a rate to try first. Would she expect the same trouble with
# the convention $v \leftarrow \mu v + (1 - \mu) g$? (2 points)

# %% [markdown] role="answer" id="momentum_and_the_rate" points=2
# **Model answer.** While the gradients agree, the velocity grows to $g / (1 - \mu) = 10\, g$. So a
# step is up to $10\, g$ long, as with plain SGD at the rate 10, and even 3 failed above. She should
# divide the rate by ten: 0.1 makes steps of the old length. With the other convention the velocity
# is an average of gradients: $g$, if they agree. The steps have the old length, and the rate 1
# would have been a fair start.
#
# **Marking.** 1 point for $1/(1 - \mu) = 10$ (derived or from the text) *and* a rate near 0.1.
# 1 point for "no" with the reason: the factor $1 - \mu$ cancels the sum, so it is an average.
# Half a point (of either) if the direction is right and the number is missing.

# %% [markdown]
# ## The answer to the question at the top
#
# * **Plan B.** Its 48 gradients are wrong one by one but right on average, and the loss after one
#   epoch was lower than plan A's after ten. Exactness has a poor price: half the error for four
#   times the work.
# * **How long should a step be?** As long as the steepest direction allows. Find the rate by trying
#   factors of ten. Momentum lengthens the steps where the gradients agree, and a schedule shortens
#   them when only noise is left.

# %% [markdown]
# ## What to remember
#
# 1. **A random batch's gradient is unbiased.** Shuffle once per epoch, then deal: each example
#    comes once.
# 2. **Noise falls as $1/\sqrt{B}$**: four times the batch, half the noise.
# 3. **A step may be as long as the steepest direction allows**, below $2/h$ for a bowl with the
#    gradient $h w$. Search the learning rate in factors of ten, and overfit 50 examples first.
# 4. **Momentum** sums up gradients: up to $1/(1-\mu)$ times as long where they agree, cancelled
#    where they alternate. Nesterov looks one step ahead.
# 5. **Schedules**: warm up to start safely, large steps to travel, small steps to settle.

# %% [markdown]
# ## References
#
# * H. Robbins and S. Monro (1951). A stochastic approximation method. *Annals of Mathematical
#   Statistics* 22(3), 400-407, <https://doi.org/10.1214/aoms/1177729586>. Where it all began: noisy
#   measurements, falling step sizes.
# * B. T. Polyak (1964). Some methods of speeding up the convergence of iteration methods. *USSR
#   Computational Mathematics and Mathematical Physics* 4(5), 1-17,
#   <https://doi.org/10.1016/0041-5553(64)90137-5>. Momentum.
# * I. Sutskever, J. Martens, G. Dahl and G. Hinton (2013). On the importance of initialization and
#   momentum in deep learning. *ICML*, <https://proceedings.mlr.press/v28/sutskever13.html>.
#   Momentum and Nesterov's form side by side, with the learning rate inside the velocity.
# * I. Loshchilov and F. Hutter (2017). SGDR: stochastic gradient descent with warm restarts.
#   *ICLR*, <https://arxiv.org/abs/1608.03983>. The cosine.
# * P. Goyal et al. (2017). Accurate, large minibatch SGD: training ImageNet in 1 hour,
#   <https://arxiv.org/abs/1706.02677>. Large batches, large rates and the warm-up.
# * C. Zhang, S. Bengio, M. Hardt, B. Recht and O. Vinyals (2017). Understanding deep learning
#   requires rethinking generalization. *ICLR*, <https://arxiv.org/abs/1611.03530>. Networks that
#   learn random labels.
# * G. Goh (2017). Why momentum really works. *Distill*, <https://doi.org/10.23915/distill.00006>.
#   The bowl with sliders, and the mathematics behind it.
