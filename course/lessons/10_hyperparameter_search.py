# %% [markdown]
# # Hyperparameter search
#
# Your network needs a learning rate and a penalty on its weights. Nobody tells you their values.
# You have time for **nine trainings**.
#
# * **Plan A.** Choose three learning rates and three penalties, and try all nine pairs.
# * **Plan B.** Draw nine pairs at random.
#
# Plan A looks tidy, plan B looks careless. Which one finds the better network? And can nine
# trainings' worth of time try more than nine pairs?
#
# By the end of this lesson you can answer both, with searches that your own functions have run.

# %% [markdown]
# **You need** training with minibatches (lesson 05), the L2 penalty (lesson 08), logarithms, and
# Python's dicts: `config["lr"]` is the value stored under the name `"lr"`.
#
# **You build** `grid`, `sample_log_uniform`, `random_search` and `successive_halving`.
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
from nnkit.functional import accuracy, cross_entropy, kaiming_normal, mlp_forward, mlp_loss
from nnkit.plots import show_figure, show_live

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too
SHORT = "NBGRADER_EXECUTION" in os.environ  # while grading, the long runs are cut short

# %% [markdown]
# ## Two kinds of numbers
#
# Training changes the **parameters**: weights and biases. The numbers that we fix *before* training
# are called **hyperparameters**, or settings: learning rate, batch size, number of hidden units.
# No gradient leads to them. All we can do is choose some values, train, and look.
#
# | word | code | meaning |
# |---|---|---|
# | configuration | `config` | one value for each setting, such as `{"lr": 0.1, "l2": 0.001}` |
# | search space | `space` | for each setting, what it may be |
# | objective | `objective(config)` | one number to be made small; here a loss after training |
# | trial | | one configuration, tried: one training |
# | budget | `budget` | how much training a trial gets; here a number of epochs |
#
# One value of the objective costs a whole training. So a search is judged by what it finds with few
# trials.

# %% [markdown]
# ## Three parts of the data
#
# Every part has one job:
#
# * **Training images** (1000): the gradients come from them.
# * **Validation images** (400): we compare configurations on them. The objective is the loss there.
# * **Test images** (397): they stay in the drawer until all choices are made. Then they are used
#   once. You will see why.
#
# The network has 64 inputs, one hidden layer with ReLU, and 10 outputs.

# %%
digits = load_digits()
order = np.random.default_rng(0).permutation(1797)
x, targets = digits.data[order] / 16, digits.target[order]
train, validation, test = np.split(np.arange(1797), [1000, 1400])


def trained(config, num_epochs):
    """Train a new network with SGD; return its weights and biases, or None if it diverged."""
    rng = np.random.default_rng(config.get("seed", 0))
    hidden, l2 = config.get("hidden", 32), config.get("l2", 0.0)
    weights = [kaiming_normal(64, hidden, rng), kaiming_normal(hidden, 10, rng)]
    biases = [np.zeros(hidden), np.zeros(10)]
    for _ in range(int(num_epochs)):
        for batch in np.array_split(rng.permutation(train), 31):  # 31 batches of 32 or 33 images
            loss, grad_w, grad_b = mlp_loss(x[batch], targets[batch], weights, biases, l2)
            if not loss < 1000:  # also when it is NaN: such a run is lost
                return None
            weights = [w - config["lr"] * g for w, g in zip(weights, grad_w, strict=True)]
            biases = [b - config["lr"] * g for b, g in zip(biases, grad_b, strict=True)]
    return weights, biases


def validation_loss(config, num_epochs=5):
    network = trained(config, num_epochs)
    if network is None:
        return np.nan
    return cross_entropy(mlp_forward(x[validation], *network)[0], targets[validation])


# %% [markdown]
# ## Log scales
#
# Where should we look for a learning rate? We train once for each of 60 rates from 0.0001 to 10,
# always with the same seed, for five epochs. From each rate to the next it is the same *factor*.
#
# **Predict** the picture. Where is the lowest loss? How wide is the good part: from 0.3 to 0.4, or
# from 0.1 to 1?

# %%
rates = 10 ** np.linspace(-4, 1, 60)
losses = np.array([validation_loss({"lr": lr}, 1 if SHORT else 5) for lr in rates])
print(f"lowest loss {np.nanmin(losses):.3f} at lr = {rates[np.nanargmin(losses)]:.2f}")
print("loss below 0.4 at lr =", rates[losses < 0.4].round(2))

fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True, layout="constrained")
for ax, scale in zip(axes, ["linear", "log"], strict=True):
    ax.plot(rates, losses, color=BLUE, marker=".")
    ax.axhline(np.log(10), color="black", linestyle=":", label="log 10: knows nothing")
    ax.set(xscale=scale, xlabel="learning rate", title=f"{scale} axis")
axes[0].set_ylabel("validation loss after 5 epochs")
axes[1].legend(loc="lower left")
show_figure(
    fig,
    alt="Validation loss against the learning rate, twice. On a linear axis from 0 to 10 all that "
    "matters is squeezed into a narrow valley at the left edge. On a logarithmic axis a smooth "
    "valley appears: near 2.3 up to about 0.001, lowest near 0.8, and above 2.3 again from 1.7 on.",
)

# %% [markdown]
# On the linear axis everything of interest is squeezed against the left edge. On the logarithmic
# axis it is a valley that one can see: good rates (a loss below 0.4) lie between 0.14 and 0.96, a
# factor of seven. Note the cliff on its right. At 0.96 the loss is still low, and at twice that
# rate nothing is learnt.
#
# There is a reason. A step is $\eta g$: the learning rate *multiplies*. From 0.1 to 0.2 all steps
# become twice as long. From 0.001 to 0.101 they become a hundred times as long, though the
# difference is the same 0.1. **Ratios count, not differences.** So try 0.001, 0.01, 0.1, and not
# 0.1, 0.2, 0.3. The same holds for other settings that multiply, such as the strength of a penalty.

# %% [markdown]
# ### The log-uniform law
#
# Now draw a number $s$ at random, and let each factor of ten get the same share. Equal ratios of
# $s$ are equal *differences* of $\log s$. So let the logarithm $u = \log s$ be uniform between
# $\log a$ and $\log b$, where $a$ (`low`) and $b$ (`high`) are the ends of the range. The
# probability that a uniform number lies below some place is the part of the range below it:
#
# $$P(s \le c) = P(u \le \log c) = \frac{\log c - \log a}{\log b - \log a}$$
#
# Check it with $a = 0.0001$ and $b = 1$, in powers of ten (the base cancels in the fraction):
#
# | $c$ | 0.0001 | 0.001 | 0.01 | 0.1 | 1 |
# |---|---|---|---|---|---|
# | $\log_{10} c$ | $-4$ | $-3$ | $-2$ | $-1$ | 0 |
# | $P(s \le c)$ | 0 | 1/4 | 2/4 | 3/4 | 1 |
#
# Each factor of ten gets a quarter. Half of all numbers lie below 0.01, the **geometric** mean
# $\sqrt{a b}$ of the ends. Their ordinary mean would be 0.5.

# %% [markdown]
# ### Exercise: `sample_log_uniform`
#
# Two steps: draw the logarithms, and undo the logarithm. Think about:
#
# * Between which two numbers do the *logarithms* lie?
# * Which function undoes `np.log`? (It isn't a power of ten.)
# * `size` may be 5 or (2, 3). The methods of `rng` accept both as they are.

# %% role="exercise" name="sample_log_uniform"

# %% [markdown]
# Your function against uniform numbers, from 0.0001 to 1. **Predict** how many of 1000 *uniform*
# numbers lie in each factor of ten.

# %%
rng = np.random.default_rng(0)
samples = {
    "uniform": rng.uniform(0.0001, 1, 1000),
    "log-uniform": sample_log_uniform(0.0001, 1, 1000, rng),
}
edges = [0.0001, 0.001, 0.01, 0.1, 1]
counts = {name: np.histogram(drawn, edges)[0].tolist() for name, drawn in samples.items()}
print(counts)
fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True, layout="constrained")
for ax, name, colour in zip(axes, counts, [ORANGE, BLUE], strict=True):
    ax.bar(["to 0.001", "to 0.01", "to 0.1", "to 1"], counts[name], color=colour)
    ax.set(title=name, xlabel="factor of ten")
axes[0].set_ylabel("how many of 1000")
show_figure(fig, alt=f"How many of 1000 numbers fall into each of four factors of ten: {counts}")

# %% [markdown]
# Uniform numbers would spend nine of ten trainings on a single factor of ten.

# %% [markdown]
# ## Plan A: the grid
#
# A grid takes a list of choices for each setting and tries **all combinations**. With 3 learning
# rates and 2 penalties these are $3 \cdot 2 = 6$. With $k$ settings of 3 choices each they are
# $3^k$: 9, 27, 81, 243. That is the first trouble with the grid: it grows fast.

# %% [markdown]
# ### Exercise: `grid`
#
# For two settings, two loops would do. But the number of settings isn't known in advance. So build
# the list up. For `{"lr": [0.1, 0.01], "l2": [0, 1]}`:
#
# 1. At the start there is one configuration, and it is empty.
# 2. After `lr` there are two: one with 0.1, one with 0.01.
# 3. After `l2` each of these two has become two. Makes four.
#
# Think about: which loop is the inner one, if the last name varies fastest? And does each
# combination get a dict of its own?

# %% role="exercise" name="grid"

# %% [markdown]
# Now plan A on the digits: three learning rates, spread over the range by factors, and three
# penalties. Nine trainings. **Predict** which of the two settings matters more.

# %%
space = {"lr": [0.001, 0.03, 1.0], "l2": [1e-6, 1e-5, 1e-4]}
epochs = 1 if SHORT else 5
for config in grid(space):
    print(f"lr {config['lr']:5}, l2 {config['l2']:.6f}: {validation_loss(config, epochs):.3f}")

# %% [markdown]
# The learning rate changes the loss by whole units. The penalty, in this range, changes hardly
# anything. (Close to the cliff, at the rate 1, it moves the loss a little.) The grid was lucky that
# its largest rate fell just short of the cliff. And of the setting that matters, nine trainings
# tried only **three** values.

# %% [markdown]
# ## Plan B: random points
#
# Draw both settings anew for each trial. Below, both run from 0 to 1; for a learning rate this
# would be the place on the log scale. The ticks show which values of the important setting have
# been tried.


# %%
def draw_squares(axes, random_points, in_words):
    """The trials of both plans; the titles say something about the important setting's values."""
    titles = []
    plans = [("grid", grid_points, ORANGE), ("random", random_points, BLUE)]
    for ax, (name, points, colour) in zip(axes, plans, strict=True):
        titles.append(f"{name}: {in_words(points[:, 0])}")
        ax.scatter(*points.T, color=colour, zorder=3)
        ax.vlines(points[:, 0], -0.12, -0.03, color=colour, linewidth=2)
        ax.axhline(0, color="black", linewidth=0.8)
        ax.set(xlim=(-0.02, 1.02), ylim=(-0.14, 1.02), xticks=[], yticks=[], title=titles[-1])
        ax.set(xlabel="important setting", ylabel="unimportant setting")
    return "; ".join(titles)


thirds = [1 / 6, 3 / 6, 5 / 6]
grid_points = np.array([(c["a"], c["b"]) for c in grid({"a": thirds, "b": thirds})])
fig, axes = plt.subplots(1, 2, figsize=(8, 4), layout="constrained")
random_points = np.random.default_rng(12).random((9, 2))
words = draw_squares(axes, random_points, lambda values: f"{len(np.unique(values))} values")
show_figure(fig, alt=f"Trials in two squares, with ticks for the important setting. {words}.")

# %% [markdown]
# Three against nine. This is the observation of Bergstra and Bengio (2012). With more settings the
# gap grows: of five settings with three choices each, a grid of 243 trainings still shows three
# values of each, 243 random trials show 243.

# %% [markdown]
# ### How likely is a hit?
#
# Say that the important setting is good in a band that covers the part $f$ of its range, and we
# don't know where. One random point misses the band with probability $1 - f$. All $n$ points are
# drawn on their own, so they all miss with probability $(1 - f)^n$:
#
# $$P(\text{at least one hit}) = 1 - (1 - f)^n$$
#
# With $f = 0.1$ and $n = 9$: $1 - 0.9^9 = 1 - 0.387 = 0.613$.
#
# The grid has three columns. A band narrower than their distance catches at most one, and each
# column lies in it with a probability of about $f$. So the grid hits with about $3f = 0.3$ (a
# little more, since no column stands at the edge).

# %% [markdown]
# ### Try it: a hidden band
#
# Move the sliders (this needs a running kernel). The grey band is where the network is good; each
# draw hides it in another place and draws other random points. Three things to look for:
#
# 1. A narrow band, 0.05: does either plan hit often?
# 2. A band of 0.35: can the grid miss? Can the random points?
# 3. At which width are the two about equal?

# %%
live_figure, live_axes = plt.subplots(1, 2, figsize=(8, 4), layout="constrained")
width_slider = widgets.FloatSlider(0.1, min=0.02, max=0.5, step=0.01, description="width f")
draw_slider = widgets.IntSlider(1, min=1, max=50, description="draw")


def hit_shares(width, num_bands=4000):
    """How often a hidden band holds a grid point, a random point, one of nine values in a row."""
    rng = np.random.default_rng(0)
    left = rng.uniform(0, 1 - width, (num_bands, 1))
    tried = [np.array(thirds), rng.random((num_bands, 9)), (np.arange(9) + 0.5) / 9]
    return [((left <= t) & (t <= left + width)).any(axis=1).mean() for t in tried]


def redraw(width, draw):
    rng = np.random.default_rng(draw)
    left = rng.uniform(0, 1 - width)
    for ax in live_axes:
        ax.clear()
        ax.axvspan(left, left + width, color="0.85")

    def hits(values):
        return f"{np.sum((left <= values) & (values <= left + width))} of 9 in the band"

    words = draw_squares(live_axes, rng.random((9, 2)), hits)
    shares = "grid {:.0%}, random {:.0%}".format(*hit_shares(width))
    return f"This draw: {words}. How often the band is hit in 4000 draws: {shares}."


show_live(live_figure, redraw, width=width_slider, draw=draw_slider)

# %% [markdown]
# The same as one picture, for readers without a running kernel. It has a third curve: nine values
# of the important setting in a row.

# %%
widths = np.linspace(0.02, 0.5, 49)
shares = np.array([hit_shares(width) for width in widths])
fig, ax = plt.subplots(figsize=(7, 4))
ax.plot(widths, shares[:, 0], color=ORANGE, linestyle="--", label="grid, 3 x 3")
ax.plot(widths, shares[:, 1], color=BLUE, linestyle="-", label="9 random points")
ax.plot(widths, shares[:, 2], color=GREEN, linestyle=":", linewidth=2.5, label="9 in a row")
ax.set(xlabel="width $f$ of the good band", ylabel="how often it is hit", title="Nine trainings")
ax.legend(loc="lower right")
show_figure(
    fig,
    alt="How often nine trials hit a hidden band, against its width from 0.02 to 0.5. The grid "
    "rises slowly and reaches 1 at a third. The random points are far above it for narrow bands "
    "and slightly below 1 where the grid reaches 1. Nine values in a row reach 1 at a ninth.",
)
ahead = widths[shares[:, 1] > shares[:, 0]]
print(f"random points are ahead up to a width of {ahead.max():.2f}")
for width in [0.05, 0.1, 0.35]:
    print("width {}: grid {:.2f}, random {:.2f}, in a row {:.2f}".format(width, *hit_shares(width)))

# %% [markdown]
# 1. Not often. But random points hit more than twice as often as the grid.
# 2. The grid can't miss a band that is wider than a third, the distance of its columns. Random
#    points can: they may lie close together by chance.
# 3. At about 0.32.
#
# Nine in a row are best of all: who *knows* the important setting should spend everything on it.
#
# One more number from the formula. To reach the best 5 % of a space at least once with a
# probability of 95 %, how many random trials does it take? $1 - 0.95^n \ge 0.95$ gives $n = 59$,
# **whatever the number of settings**.

# %% [markdown]
# ### Exercise: `random_search`
#
# In `space`, a setting is either a list of choices or a function that draws a value, such as
# `lambda rng: rng.uniform(0, 1)`. Think about:
#
# * Every trial needs a new draw for every setting. Where in your loops must that stand?
# * `callable(thing)` tells whether something is a function.
# * A list may hold tuples or texts. Draw a *position* in it, and you get the choice as it is.
# * A value may be NaN. No comparison with NaN is true, so `min` can go wrong. `np.argsort` puts NaN
#   last, and with `kind="stable"` it leaves equal values in their order.

# %% role="exercise" name="random_search"

# %% [markdown]
# Plan B with your own functions: nine trials, five epochs each. The rate may be anything from
# 0.0001 to 10, the penalty from 0.000001 to 0.0001.

# %%
space = {
    "lr": lambda rng: sample_log_uniform(1e-4, 10, 1, rng)[0],
    "l2": lambda rng: sample_log_uniform(1e-6, 1e-4, 1, rng)[0],
}
best, trials = random_search(
    lambda config: validation_loss(config, epochs), space, 9, np.random.default_rng(0)
)
for config, value in trials:
    print(f"lr {config['lr']:7.4f}, l2 {config['l2']:.6f}: {value:.3f}")
print(f"best: lr {best['lr']:.3f}")

# %% [markdown]
# The best of them is a bit worse than the best of the grid. But that was one search with one seed,
# and the grid was our choice: its largest rate could have been 3. For a fair comparison, repeat
# both many times. We needn't train again: the 60 losses from the start of this lesson are a table
# to look things up in. The grid takes three rates, a third of the range apart, from a random start.
# Random search takes nine of the 60.
#
# **Predict** the mean best loss of both.

# %%
rng = np.random.default_rng(0)
table = np.where(np.isnan(losses), np.inf, losses)
found = {
    "3 of a grid": table[rng.integers(20, size=(4000, 1)) + np.array([0, 20, 40])].min(axis=1),
    "9 at random": table[rng.integers(60, size=(4000, 9))].min(axis=1),
}
for name, values in found.items():
    print(f"{name}: mean best loss {values.mean():.3f}, above 0.5 in {np.mean(values > 0.5):.0%}")

# %% [markdown]
# Random search is ahead on average, and it fails less often.

# %% [markdown]
# ## A cheap first look: the range test
#
# Where should the range of the learning rate begin and end? One short training can tell (Smith,
# 2017). Start with a tiny rate and **multiply it by the same factor after every step**, until the
# loss explodes. While the rate is too small, the loss stands still; then it falls; then the steps
# become too long, and it rises. (From 0.0001 to 10 in 120 steps, the factor is 1.10.)
#
# **Predict** the rate at which the loss begins to rise again. Remember the valley above.

# %%
rng = np.random.default_rng(0)
weights = [kaiming_normal(64, 32, rng), kaiming_normal(32, 10, rng)]
biases = [np.zeros(32), np.zeros(10)]
rising, seen = np.geomspace(1e-4, 10, 120), []
for lr in rising:
    batch = rng.choice(train, 64, replace=False)
    loss, grad_w, grad_b = mlp_loss(x[batch], targets[batch], weights, biases)
    seen.append(loss)
    weights = [w - lr * g for w, g in zip(weights, grad_w, strict=True)]
    biases = [b - lr * g for b, g in zip(biases, grad_b, strict=True)]

lowest = rising[np.argmin(seen)]
print(f"lowest batch loss {min(seen):.2f} at lr = {lowest:.2f}")
fig, ax = plt.subplots(figsize=(7, 4))
ax.semilogx(rising, seen, color=BLUE, marker=".", linewidth=1)
ax.axvline(lowest, color=ORANGE, linestyle="--", label="lowest loss")
ax.set(xlabel="learning rate of this step", ylabel="loss of this batch", ylim=(0, 5))
ax.set_title("One training with a rising learning rate")
ax.legend(loc="upper left")
show_figure(
    fig,
    alt="Loss of each step's batch against its learning rate, 0.0001 to 10. Flat near 2.3 up to "
    "about 0.03, then falling to 1.0 at 0.6. It rises unsteadily, and from 1.7 on it jumps.",
)

# %% [markdown]
# The loss stands still up to about 0.03. Then it falls, is lowest at 0.6, and from 1 on it is
# unsteady and soon explodes. So a search needn't go beyond 1, and below 0.03 a training of this
# length would be slow. The valley of 60 trainings said the same (good from 0.14 to 0.96), but this
# picture cost **one** training of 120 steps.
#
# Read it as a rough map: each rate is used for one step only, and one batch decides about each
# point.

# %% [markdown]
# ## The best of many looks too good
#
# Every objective is a measurement on a few hundred images, and chance plays a part in it. A search
# takes the *smallest* value. So it prefers what is good, and what had luck.
#
# Take it to the extreme: networks that guess. Each is right on one image in ten. On 50 validation
# images, chance gives one network 3 right answers and another 8. **Predict**: what is the
# validation accuracy of the best of 100 guessers?

# %%
rng = np.random.default_rng(0)
for num_networks in [1, 10, 100]:
    right = rng.binomial(50, 0.1, size=(5000, num_networks))  # right answers out of 50
    print(f"best of {num_networks:3} guessers: accuracy {right.max(axis=1).mean() / 50:.2f}")

# %% [markdown]
# About twice the truth. On new images the winner will be right one time in ten, like the others.
#
# Now real networks. We "search" over a setting that should hardly matter: the seed. Your
# `random_search` trains 100 networks (learning rate 0.3, three epochs), and we keep their answers
# on the 400 validation images. Then we choose the best network by 50 of these images, and ask for
# its accuracy on the other 350; 2000 times, each time with other images.
#
# **Predict** both accuracies for the best of 100.

# %%
num_trained = 10 if SHORT else 100
answers = []


def wrong_share(config):
    logits = mlp_forward(x[validation], *trained({"lr": 0.3} | config, 3))[0]
    answers.append(logits.argmax(axis=1) == targets[validation])
    return 1 - answers[-1].mean()


seeds = {"seed": lambda rng: int(rng.integers(10**6))}
random_search(wrong_share, seeds, num_trained, np.random.default_rng(0))
is_right = np.array(answers)  # one row for each network, one column for each image

# %%
rng = np.random.default_rng(0)
counts, means = [1, 3, 10, 30, 100], []
for count in counts:
    pairs = []
    for _ in range(2000):
        few, rest = np.split(rng.permutation(400), [50])
        networks = is_right[rng.permutation(len(is_right))[:count]]
        winner = networks[networks[:, few].mean(axis=1).argmax()]
        pairs.append([winner[few].mean(), winner[rest].mean()])
    means.append(np.mean(pairs, axis=0))
chosen_on, others = np.transpose(means)
words = [
    f"best of {count}: {chosen:.3f} where chosen, {other:.3f} elsewhere"
    for count, chosen, other in zip(counts, chosen_on, others, strict=True)
]
print(*words, sep="\n")

fig, ax = plt.subplots(figsize=(7, 4))
ax.semilogx(counts, chosen_on, color=ORANGE, linestyle="--", marker="s", label="where chosen")
ax.semilogx(counts, others, color=BLUE, marker="o", label="on other images")
ax.set_xticks(counts, counts)
ax.minorticks_off()
ax.set(xlabel="how many networks we choose from", ylabel="accuracy of the chosen one")
ax.set_title("The best of many looks too good")
ax.legend(loc="upper left")
show_figure(fig, alt=f"Accuracy of the chosen network: {'; '.join(words)}.")

# %% [markdown]
# For one network both numbers agree. For the best of 100 the number used for the choice is far
# better, and the network is hardly better at all. **Choosing uses a measurement up.**
#
# So the rules:
#
# 1. Choose by validation images. Report what the *test* images say.
# 2. Use the test images **once**, at the end. Who looks, changes something and looks again has made
#    them validation images.
# 3. The more you try, the more validation images you need. The standard error of an accuracy $p$ on
#    $n$ images is $\sqrt{p (1 - p) / n}$: for $p = 0.9$ it is 0.042 with 50 images and 0.015 with
#    400. Smaller differences mean little.

# %% [markdown]
# ## Successive halving
#
# A bad configuration often shows after one epoch. Why train it for nine? **Successive halving**
# gives many configurations a small budget, keeps the better ones, gives those a larger budget, and
# goes on until one is left. With $\eta$ ("eta", here not a learning rate) the number is divided by
# $\eta$ in each round, and the budget multiplied by it. (With $\eta = 2$ it halves; we take 3.)
#
# | round | configurations | epochs each | cost in epochs |
# |---|---|---|---|
# | 1 | 27 | 1 | 27 |
# | 2 | 9 | 3 | 27 |
# | 3 | 3 | 9 | 27 |
# | end | 1 | | 81 in all |
#
# All rounds cost the same. With 81 epochs, random search trains **nine** configurations for nine
# epochs. Successive halving looks at **27**, and the last three of them get nine epochs too. (Each
# round starts anew. Who keeps the half-trained networks pays even less.)

# %% [markdown]
# ### By hand, and a risk
#
# Here are nine learning rates, and the losses after 1, 3 and 27 epochs. **Do it by hand**: which
# three survive the first round? Which one the second? Is it the best one after 27 epochs?

# %%
nine = [{"lr": lr, "seed": 2} for lr in [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0]]
print("  lr  1 epoch  3 epochs  27 epochs")
for config in nine:
    row = [validation_loss(config, n) for n in ([1, 3] if SHORT else [1, 3, 27])]
    print(f"{config['lr']:4}", "".join(f"{value:9.3f}" for value in row))

# %% [markdown]
# <details><summary>Compare with your own answer</summary>
#
# 1. After one epoch the smallest losses are 0.888 (rate 0.4), 0.954 (0.6) and 1.010 (0.3). They
#    stay.
# 2. After three epochs these three have 0.301, 0.261 and 0.352. The rate 0.6 is left.
# 3. After 27 epochs it has 0.092. But the rates 0.8 and 1.0, thrown out in the first round, would
#    have had 0.085.
#
# </details>
#
# There is a risk: **a slow starter is thrown out** before it can show what it can do. Here the
# price is small. It can be large when settings change how training *begins*, as a small learning
# rate does. The smallest budget must be long enough that the order after it says something about
# the order at the end.

# %% [markdown]
# ### Exercise: `successive_halving`
#
# Think about:
#
# * How many are kept out of 8 with $\eta = 3$? And out of 2?
# * NaN must count as the largest value. What did `np.argsort` do with NaN?
# * When a single configuration is left, is another call of the objective needed?

# %% role="exercise" name="successive_halving"

# %% [markdown]
# Let your function repeat what you did by hand. Each call of the objective prints a line.


# %%
def told(config, budget):
    value = validation_loss(config, budget)
    print(f"  budget {budget}, lr {config['lr']:4}: {value:.3f}")
    return value


print("left:", successive_halving(told, nine, 1))

# %% [markdown]
# ## The whole search on digits
#
# Three settings now: the learning rate, the penalty in a wider range, and the number of hidden
# units. 81 epochs for each plan, and five seeds. **Predict** who wins, and how often.

# %%
space = {
    "lr": lambda rng: sample_log_uniform(1e-4, 10, 1, rng)[0],
    "l2": lambda rng: sample_log_uniform(1e-6, 1e-2, 1, rng)[0],
    "hidden": [8, 16, 32, 64],
}
finalists = []
for seed in range(1 if SHORT else 5):
    rng = np.random.default_rng(seed)
    best, _ = random_search(lambda config: validation_loss(config, 9), space, 9, rng)
    _, drawn = random_search(lambda config: 0.0, space, 27, rng)  # only draws
    winner = successive_halving(validation_loss, [config for config, _ in drawn], 1)
    assert isinstance(winner, dict), "successive_halving must return one configuration"
    pair = [(validation_loss(config, 9), config) for config in [best, winner]]
    print(f"seed {seed}: random search {pair[0][0]:.3f}, successive halving {pair[1][0]:.3f}")
    finalists += pair

# %% [markdown]
# Successive halving found the lower loss in all five, once only by a hair (seed 1). Random search
# depends on luck with its nine draws: with the seeds 0 and 4 none of them came near a good network.
# With 27 draws that is rarer.
#
# Time to open the drawer, once. We take the configuration with the smallest validation loss of all
# and train it for 27 epochs. **Predict**: will its test accuracy be above or below its validation
# accuracy?

# %%
_, final = min(finalists, key=lambda pair: pair[0])
print(f"chosen: lr {final['lr']:.2f}, l2 {final['l2']:.6f}, hidden {final['hidden']}")
network = trained(final, 1 if SHORT else 27)
for name, part in [("validation", validation), ("test", test)]:
    logits = mlp_forward(x[part], *network)[0]
    print(f"{name} accuracy {accuracy(logits, targets[part]):.3f}")

# %% [markdown]
# The test accuracy, 0.977, is even a little above the validation accuracy, 0.973. One expects it a
# little *below*. But we chose by 400 images, not by 50, and the standard error of each number is
# about $\sqrt{0.975 \cdot 0.025 / 400} = 0.008$: their difference says nothing. What we report is
# 0.977, and we change nothing any more.

# %% [markdown]
# ## Two questions to answer in writing
#
# **Question 1.** A friend searches three settings with a grid: five learning rates (0.1, 0.2, 0.3,
# 0.4, 0.5), five penalties and five batch sizes. Name two weaknesses of this plan, each with a
# number, and say what you would do with the same 125 trainings. Three or four sentences. (2 points)

# %% [markdown] role="answer" id="grid_of_125" points=2
# **Model answer.** 125 trainings show only five different values of each setting; if one setting
# matters most, 120 of the 125 repeat a value of it. And the rates have equal differences: they
# cover a factor of 5 only, so a good rate of 0.01 can't be found. I would draw 125 configurations
# at random, the rate (and the penalty) log-uniformly over several factors of ten: 125
# different rates.
#
# **Marking.** 1 point for "five values of each setting" (or 25 trainings for each value) together
# with random search as the repair. 1 point for the scale: factors instead of differences, with the
# narrow range (a factor of 5) or an example of a missed rate. "A grid is too slow" alone earns
# nothing.

# %% [markdown]
# **Question 2.** A team tries 200 configurations, compares them on 100 test images, and reports the
# best one's accuracy there: 97 %. Is 97 % what you would expect on new images? Explain, and say
# what they should have done. (2 points)

# %% [markdown] role="answer" id="best_of_200" points=2
# **Model answer.** No, I expect less. Each accuracy has an error of chance; for 0.95 on 100 images
# its standard error is $\sqrt{0.95 \cdot 0.05 / 100} = 0.022$. The largest of 200 such numbers
# belongs to a configuration that had luck as well, and the luck isn't there on new images. They
# should have chosen on validation images and used the test images once, for the chosen one only.
#
# **Marking.** 1 point: too high, *because the best of many was chosen by the same images*. 1 point:
# validation images for choosing, test images once at the end. "100 images are too few" alone earns
# nothing: an unchosen network's accuracy would be uncertain, but not too high on average.

# %% [markdown]
# ## The answer to the question at the top
#
# * **Plan B.** If one setting matters and nobody knows which, nine random points try nine of its
#   values, a grid three. On the digits the mean best loss was lower. A grid can still win with
#   luck, or when the good region is wide.
# * **Yes.** Successive halving looked at 27 configurations in the time of nine trainings.

# %% [markdown]
# ## What to remember
#
# 1. **Log scales**: what multiplies is searched by factors. Let $\log s$ be uniform.
# 2. **Random before grid**, unless you know which setting matters.
# 3. **Choose on validation images, report on test images, once.** The best of many looks too good.
# 4. **A range test** finds the range of the learning rate with one short training.
# 5. **Successive halving** drops bad trials early; it may drop a slow starter too.

# %% [markdown]
# ## References
#
# * J. Bergstra and Y. Bengio (2012). Random search for hyper-parameter optimization. *Journal of
#   Machine Learning Research* 13, 281-305. The grid against random points, and the picture of nine
#   trials.
# * K. Jamieson and A. Talwalkar (2016). Non-stochastic best arm identification and hyperparameter
#   optimization. *AISTATS*, <https://arxiv.org/abs/1502.07943>. Successive halving for training.
# * L. N. Smith (2017). Cyclical learning rates for training neural networks. *WACV*,
#   <https://arxiv.org/abs/1506.01186>. The learning-rate range test.
