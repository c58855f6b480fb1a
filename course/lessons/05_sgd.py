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
#
# By the end of this lesson you can answer both, and six functions of yours will have trained
# the network that proves it.

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
from nnkit.plots import show_figure, show_live

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
# Draw one example at random, each with the same probability $1/N$. The expected value of its
# gradient is
#
# $$\mathbb{E}[g_i] = \sum_{i=1}^{N} \frac{1}{N}\, g_i = g$$
#
# In a random batch, every member on its own is such a random example. The expected value of a mean
# is the mean of the expected values, so the batch's gradient has the expected value $g$ too,
# whatever $B$ is.
#
# The word *random* carries all the weight. Suppose that the images are sorted by their digit and
# you take the first 32. You get 32 zeros, and a gradient that says "always answer 0".

# %% [markdown]
# ### Shuffle, then deal
#
# There are two ways to take samples:
#
# * **With replacement**: draw every batch from all $N$ examples. In $N$ single draws, an example is
#   missed with the probability $(1 - 1/N)^N$, about $1/e = 0.37$. After one epoch's work more than
#   a third of the data has not been seen.
# * **Without replacement**: shuffle all examples once, then deal them out like cards, $B$ at a
#   time. Each example comes exactly once in an epoch. Errors cancel: with the four gradients above,
#   if the first batch says 2, the second must be 5, 7 and says 6. The mean of the two is 4,
#   exactly.
#
# The second way is what everyone uses. (Each batch of a shuffled pass is a random sample, and at
# fixed parameters unbiased. The batches depend on one another, but to our advantage.) For the next
# epoch, shuffle again, so that other examples meet.

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
# Try it on ten examples. **Predict**: how many batches come, and how large are they? Will the
# second pass be like the first?

# %%
rng = np.random.default_rng(0)
for epoch in range(2):
    print(f"epoch {epoch}:", [batch.tolist() for batch in minibatches(10, 4, rng)])

# %% [markdown]
# Three batches of 4, 4 and 2. Each number from 0 to 9 comes once in each pass, in another order.

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
# | $\eta$ | factor | what happens |
# |---|---|---|
# | 0.05 | 0.9 | safe and slow |
# | 0.4 | 0.2 | fast |
# | 0.5 | 0 | at the bottom in one step |
# | 0.9 | $-0.8$ | jumps over the bottom, yet comes nearer |
# | 1.05 | $-1.1$ | jumps over the bottom and lands higher: the loss **grows** |
#
# **Predict** the three pictures, for $\eta = 0.05$, $0.4$ and $1.05$, starting at $w = -1$.

# %%
w_axis = np.linspace(-2.2, 2.2, 200)
fig, axes = plt.subplots(1, 3, figsize=(10, 3.4), sharey=True, layout="constrained")
for ax, lr, title in zip(axes, [0.05, 0.4, 1.05], ["too small", "good", "too large"], strict=True):
    path = [np.array([-1.0])]
    for _ in range(7):
        path.append(sgd_step(path[-1], 2 * path[-1], lr))
    path = np.concatenate(path)
    ax.plot(w_axis, w_axis**2, color="0.6")
    ax.plot(path, path**2, color=BLUE, marker="o")
    ax.plot(path[0], path[0] ** 2, color=ORANGE, marker="s", markersize=9, linestyle="none")
    ax.set(xlabel="parameter $w$", title=f"lr = {lr}: {title}")
axes[0].set_ylabel("loss $w^2$")
show_figure(
    fig,
    alt="Seven steps on the bowl w squared, from w = -1, with three learning rates. With 0.05 the "
    "points creep down the left side and stop half way. With 0.4 they reach the bottom in "
    "two or three steps. With 1.05 they jump from side to side, each time a little higher.",
)

# %% [markdown]
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
# We do it twice. The second time we shuffle the labels on their own, so that they no longer belong
# to their images. **Predict**: will the test notice?


# %%
def overfit(x, targets, num_steps=500, lr=0.3):
    params = new_params(np.random.default_rng(0))
    for step in range(num_steps + 1):
        loss, grads = loss_and_grads(params, x, targets)
        if step % 100 == 0:
            right = accuracy(mlp_forward(x, params[:2], params[2:])[0], targets)
            print(f"  step {step:3}: loss {loss:.4f}, accuracy {right:.2f}")
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
fig, ax = plt.subplots(figsize=(7, 4))
for lr, colour, line in [(0.003, GREEN, ":"), (0.3, BLUE, "-"), (3, ORANGE, "--")]:
    losses, params = train_sgd(lr, 32, num_epochs)
    right = accuracy(mlp_forward(x_test, params[:2], params[2:])[0], targets_test)
    print(f"lr {lr:5}: loss {losses[0]:.2f} to {losses[-1]:.2f}, test accuracy {right:.2f}")
    ax.plot(losses, color=colour, linestyle=line, linewidth=2, marker=".", label=f"lr = {lr}")
ax.set(xlabel="epoch", ylabel="training loss", ylim=(0, 2.6), title="Three learning rates")
ax.legend()
show_figure(
    fig,
    alt="Training loss over ten epochs for three learning rates, from 2.45 on. With 0.003 it sinks "
    "slowly, to 1.83. With 0.3 it drops to 0.44 in the first epoch and ends at 0.07. With 3 it "
    "goes to 2.3 and stays there.",
)

# %% [markdown]
# * **Too small** (0.003): it learns, but after ten epochs it is hardly on its way.
# * **Good** (0.3): the loss is small, and most test images are recognised.
# * **Too large** (3): the first steps throw the weights so far off that soon no hidden unit reacts
#   to any image. All give 0, and their gradient is 0 too. The loss sits near 2.30 and never comes
#   back. In other networks it gets even worse: `inf` or `nan`.
#
# Good rates differ from network to network by factors of ten and more. So try 0.001, 0.01, 0.1, 1
# first, not 0.1, 0.2, 0.3.

# %% [markdown]
# ## Plan A against plan B
#
# Same start, same number of passes. Plan A takes one exact step per epoch, plan B takes 48 noisy
# ones. To be fair to plan A, it may try three learning rates. **Predict** the winner after one
# epoch, and after ten.

# %%
for lr in [0.1, 0.3, 1.0]:
    losses, _ = train_sgd(lr, 1536, num_epochs)
    print(f"A, lr {lr}: loss {losses[1]:.2f} after 1 epoch, {losses[-1]:.2f} at the end")
losses, _ = train_sgd(0.3, 32, num_epochs)
print(f"B, lr 0.3: loss {losses[1]:.2f} after 1 epoch, {losses[-1]:.2f} at the end")

# %% [markdown]
# Plan B wins by far: after a single epoch it is lower than plan A after ten. Forty-eight steps that
# are right *on average* beat one step that is exactly right. At the start the images agree so much
# that 32 of them know the direction well enough.
#
# How wrong is a batch's gradient, then? We can measure it.

# %% [markdown]
# ## Noise and batch size
#
# First the theory, for one parameter. Let $\sigma$ be the standard deviation of the examples'
# gradients; its square, the **variance** $\sigma^2$, is the mean squared distance from $g$. For
# independent draws variances add up. So the sum of $B$ gradients has the variance $B \sigma^2$. The
# mean is this sum divided by $B$, and that divides the variance by $B^2$:
#
# $$\mathrm{Var} = \frac{B\, \sigma^2}{B^2} = \frac{\sigma^2}{B}
#   \qquad \text{standard deviation} = \frac{\sigma}{\sqrt{B}}$$
#
# Check it on the gradients 1, 3, 5, 7. Their squared distances from 4 are 9, 1, 1, 9, so
# $\sigma^2 = 5$, and for $B = 2$ the formula says $5 / 2 = 2.5$. The six batches of the table
# (2, 3, 4, 4, 5, 6) have the variance $10 / 6 = 1.67$. That is less, because they were drawn
# *without* replacement: the exact factor is $(N - B)/(N - 1) = 2/3$, and $2.5 \cdot 2/3 = 1.67$.
# As long as $B$ is much smaller than $N$, the factor is nearly 1.

# %% [markdown]
# Now the measurement. For each batch size, take your minibatches, compute each one's gradient (all
# 4810 parameters) and its distance from the exact gradient.
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
    errors = np.array([flat_grad(params, batch) - exact for batch in batches])
    noise.append(np.sqrt((errors**2).sum(axis=1).mean()))
    print(f"batch size {batch_size:3}: noise {noise[-1]:.3f}")
print(f"length of the exact gradient: {np.linalg.norm(exact):.3f}")

# %%
fig, ax = plt.subplots(figsize=(6.5, 4))
ax.loglog(batch_sizes, noise, color=BLUE, marker="o", linestyle="none", label="measured")
theory = noise[0] / np.sqrt(batch_sizes)
ax.loglog(batch_sizes, theory, color=ORANGE, linestyle="--", label=r"first point / $\sqrt{B}$")
ax.axhline(np.linalg.norm(exact), color="black", linestyle=":", label="length of the gradient")
ax.set(xlabel="batch size $B$", ylabel="noise of the gradient")
ax.set_xticks(batch_sizes, batch_sizes)
ax.set_yticks([0.25, 0.5, 1, 2, 4], ["0.25", "0.5", "1", "2", "4"])
ax.minorticks_off()
ax.set_title("Four times the batch, half the noise")
ax.legend()
show_figure(
    fig,
    alt="Noise of the gradient against the batch size from 1 to 256, both axes logarithmic. The "
    "five measured points lie on a straight falling line that divides the first point by the "
    "square root of the batch size; the last is slightly below it. They cross the length of the "
    "exact gradient between batch sizes 16 and 64.",
)

# %% [markdown]
# To a half, each time. The last point lies about a tenth below the line: 256 images are a sixth of
# all, and the factor for drawing without replacement begins to show.
#
# Read it as a price list. **Half the noise costs four times the work per step.** With 32 images the
# error is about as long as the gradient itself, and training works well. More images would make a
# better direction, but fewer steps. (A large batch does have one advantage: a processor computes it
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
print("after 60 steps: x = {:.2f}, y = {:.6f}".format(*sgd_path[-1]))

# %% [markdown]
# $y$ jumps from side to side, $x$ has covered two thirds of the way. You will see the picture in a
# moment.
#
# The idea: **add up the gradients of the past steps**. Along $x$ they all point the same way, so
# their sum gets long. Along $y$ they change their sign, so they cancel. A ball that rolls down a
# valley does much the same, which gave the method its name.
#
# The sum is called **velocity**. The older a gradient, the less it counts:
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
momentum_path = bowl_path(momentum_step, 0.018, 0.9)
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True, layout="constrained")
for ax, path, colour, title in [
    (axes[0], sgd_path, BLUE, "without momentum"),
    (axes[1], momentum_path, ORANGE, "with momentum 0.9"),
]:
    draw_bowl(ax)
    ax.plot(*path.T, color=colour, marker=".", linewidth=1)
    ax.set_title(f"{title}: loss {bowl_loss(path[-1]):.2f} after 60 steps")
axes[1].set_ylabel("")
show_figure(
    fig,
    alt="Two paths of 60 steps on a long narrow bowl, from the point 10, 1. Without momentum the "
    "path zigzags between the steep sides, calms down, and creeps along the flat direction to x "
    "about 3.4. With momentum it swings across the valley for longer, but runs past the minimum "
    "to about x = -2.7, comes back and ends close to the minimum.",
)

# %% [markdown]
# Momentum gets to the bottom region in the same number of steps, while plain descent is still under
# way. The price is visible too: the path **overshoots**. It runs past the minimum and has to come
# back, and in the steep direction it swings for longer.

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
(live_line,) = live_ax.plot([], [], color=ORANGE, marker=".", linewidth=1)

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
# Here is the answer to all three as one picture, for readers without a running kernel: the loss
# after 60 steps for each pair of learning rate and momentum.

# %%
lrs, momenta = np.linspace(0.002, 0.04, 39), np.linspace(0, 0.98, 50)
last_losses = [[bowl_loss(bowl_path(momentum_step, lr, m)[-1]) for lr in lrs] for m in momenta]
last_losses = np.array(last_losses)

fig, ax = plt.subplots(figsize=(7, 4))
mesh = ax.pcolormesh(lrs, momenta, np.log10(np.clip(last_losses, 1e-3, 1e2)), cmap="cividis")
bar = fig.colorbar(mesh, ax=ax, ticks=[-3, -2, -1, 0, 1, 2], label="loss after 60 steps")
bar.ax.set_yticklabels(["0.001 or less", "0.01", "0.1", "1", "10", "100 or more"])
best = np.unravel_index(last_losses.argmin(), last_losses.shape)
ax.plot(lrs[best[1]], momenta[best[0]], color="black", marker="*", markersize=14, linestyle="none")
ax.axvline(0.02, color="white", linestyle="--")
ax.set(xlabel="learning rate", ylabel="momentum", title="Where the path ends (star: lowest)")
show_figure(
    fig,
    alt="Map of the loss after 60 steps: learning rate, 0.002 to 0.04, across; momentum, 0 to "
    "0.98 upwards. Without momentum every learning rate from 0.02 on, a dashed line, fails. With "
    "more momentum the limit moves right, to almost 0.04. The lowest losses fill an area "
    "between momentum 0.6 and 0.85; close to 0.98 they are high again.",
)
print(f"the star: lr {lrs[best[1]]:.3f}, momentum {momenta[best[0]]:.2f}")

# %% [markdown]
# 1. Without momentum the limit is 0.02, as computed.
# 2. Momentum **raises** the limit, here to almost twice the value: the alternating gradients of the
#    steep direction cancel.
# 3. More isn't always better. With 0.98 the velocity forgets so slowly that the path
#    swings for much longer than 60 steps.

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
# stores $w$ instead of $\theta$. What does $w$ do in one step? The next point ahead is
#
# $$w_{\text{new}} = \theta_{\text{new}} - \eta \mu\, v_{\text{new}}
#   = \theta - \eta\, v_{\text{new}} - \eta \mu\, v_{\text{new}}$$
#
# Replace $\theta$ by $w + \eta \mu v$, and then $\mu v$ by $v_{\text{new}} - g$:
#
# $$w_{\text{new}}
#   = w + \eta\, (v_{\text{new}} - g) - \eta\, v_{\text{new}} - \eta \mu\, v_{\text{new}}
#   = w - \eta\, (g + \mu\, v_{\text{new}})$$
#
# So the velocity is the same as before. Only the parameters move differently.

# %% [markdown]
# ### Exercise: `nesterov_step`
#
# A number to try first: parameter 2, gradient 1, old velocity 3, $\eta = 0.1$, $\mu = 0.5$. The new
# velocity is $0.5 \cdot 3 + 1 = 2.5$. The parameter moves by
# $0.1 \cdot (1 + 0.5 \cdot 2.5) = 0.225$, to 1.775. (With ordinary momentum it would move by
# $0.1 \cdot 2.5 = 0.25$.)

# %% role="exercise" name="nesterov_step"

# %% [markdown]
# All three on the bowl, with $\eta = 0.01$. **Predict** which of the two curves with momentum is
# smoother.

# %%
paths = {
    "no momentum": (bowl_path(momentum_step, 0.01, 0.0), GREEN, ":"),
    "momentum 0.9": (bowl_path(momentum_step, 0.01, 0.9), ORANGE, "--"),
    "Nesterov 0.9": (bowl_path(nesterov_step, 0.01, 0.9), BLUE, "-"),
}
fig, ax = plt.subplots(figsize=(7, 4))
for label, (path, colour, line) in paths.items():
    print(f"{label}: loss {bowl_loss(path[-1]):.4f} after 60 steps")
    ax.semilogy(bowl_loss(path), color=colour, linestyle=line, linewidth=2, label=label)
ax.set(xlabel="step", ylabel="loss", title="The ill-conditioned bowl, lr = 0.01")
ax.legend()
show_figure(
    fig,
    alt="Loss on the bowl over 60 steps, logarithmic axis. Without momentum it falls in a straight "
    "slow line to about 15. With momentum 0.9 it swings up and down while it falls. With "
    "Nesterov's momentum it falls smoothly, with one dip where it passes the minimum.",
)

# %% [markdown]
# Nesterov's gradient knows about the other side of the valley one step earlier. The swinging in the
# steep direction is gone after two steps, and the long overshoot is a little smaller.
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
# `lr_at(step)` says which learning rate to use; for now it always gives the same.


# %%
def train_momentum(step_function, lr_at, batch_size, num_epochs, seed=0):
    rng = np.random.default_rng(seed)
    params, step = new_params(rng), 0
    velocities = [np.zeros_like(param) for param in params]
    losses = [training_loss(params)]
    for _ in range(num_epochs):
        for batch in minibatches(len(x_train), batch_size, rng):
            _, grads = loss_and_grads(params, x_train[batch], targets_train[batch])
            for k in range(4):
                params[k], velocities[k] = step_function(
                    params[k], grads[k], velocities[k], lr_at(step), 0.9
                )
            step += 1
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
    print(f"{name}: loss {values[1]:.2f} after 1 epoch, {values[-1]:.3f} at the end")

# %% [markdown]
# At the same learning rate, momentum is far ahead. But plain SGD with ten times the rate does just
# as well. Here the loss has no long narrow valley that would stop the large rate, and then momentum
# 0.9 is little more than a learning rate ten times as large. Its real advantage shows where a
# valley *does* forbid the larger rate, as in the bowl; in deep networks such valleys are common.
#
# Remember it also the other way round: **who switches momentum on must make the learning rate
# smaller.**

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
# Both schedules for 960 steps, ten epochs of 96 batches. **Predict** the rate of each at step 480.

# %%
total_steps = 96 * num_epochs
schedules = {
    "constant": (lambda step: 0.2, GREEN, ":"),
    "step decay": (lambda step: step_decay(step, 0.2, 0.1, total_steps // 2), ORANGE, "--"),
    "warm-up and cosine": (
        lambda step: cosine_schedule(step, total_steps, 0.2, 0.0, total_steps // 10),
        BLUE,
        "-",
    ),
}
fig, ax = plt.subplots(figsize=(7, 3.4))
for label, (lr_at, colour, line) in schedules.items():
    rates = [lr_at(step) for step in range(total_steps)]
    print(f"{label}: {rates[total_steps // 2]:.3f} half way")
    ax.plot(rates, color=colour, linestyle=line, linewidth=2, label=label)
ax.set(xlabel="step", ylabel="learning rate", title="Three schedules")
ax.legend(loc="center right")
show_figure(
    fig,
    alt="Learning rate over 960 steps. Constant: 0.2 throughout. Step decay: 0.2 until step 480, "
    "then 0.02. Warm-up and cosine: a straight rise to 0.2 in the first 96 steps, then a smooth "
    "fall, through about 0.12 half way, to 0 at the end.",
)

# %% [markdown]
# Now train with them. To make the noise large we take batches of 16, momentum, and a high rate of
# 0.2, each with three seeds. **Predict** which part of training the schedules improve: the
# beginning or the end?

# %%
fig, ax = plt.subplots(figsize=(7, 4))
for label, (lr_at, colour, line) in schedules.items():
    seeds = range(1 if SHORT else 3)
    runs = [train_momentum(momentum_step, lr_at, 16, num_epochs, seed) for seed in seeds]
    print(f"{label}: training loss at the end", [round(run[-1], 3) for run in runs])
    ax.semilogy(np.array(runs).T, color=colour, linestyle=line, linewidth=1.5)
    ax.plot([], [], color=colour, linestyle=line, label=label)
ax.set(xlabel="epoch", ylabel="training loss", title="Noisy training with three schedules")
ax.legend(loc="lower left")
show_figure(
    fig,
    alt="Training loss over ten epochs on a logarithmic axis, three runs for each schedule. In the "
    "first half all curves jump up and down between about 0.1 and 0.6. With the constant rate "
    "they go on between 0.1 and 0.4. With step decay they drop at epoch 6 and sink slowly to 0.05 "
    "or below. With the cosine they sink smoothly and end lowest, near 0.02.",
)

# %% [markdown]
# The end. In the first half nothing is gained (up to epoch 5, the runs with step decay *are* those
# with the constant rate). Then, as the rate falls, the dancing stops, and the loss drops to a
# fraction of what the constant rate reaches.
#
# Two honest remarks. With quiet training (batches of 32, rate 0.03) you would see hardly any
# difference: there is little noise to remove. And this small network would do without warm-up;
# it was introduced for batches of thousands of images and the large rates that go with them
# (Goyal et al., 2017).

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
# * **How long should a step be?** As long as the steepest direction allows (below $2/h$ for a bowl
#   with the gradient $h w$). Find the rate by trying factors of ten. Momentum lengthens the steps
#   where the gradients agree, and a schedule shortens them when only noise is left.

# %% [markdown]
# ## What to remember
#
# 1. **A random batch's gradient is unbiased.** Shuffle once per epoch, then deal: each example
#    comes once.
# 2. **Noise falls as $1/\sqrt{B}$**: four times the batch, half the noise.
# 3. **The learning rate comes first.** Too small crawls, too large explodes; search in factors of
#    ten, and overfit 50 examples before anything else.
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
