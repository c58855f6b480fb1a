# %% [markdown]
# # Softmax and cross-entropy
#
# Take a network that should sort handwritten digits into 10 classes. Give it small random weights,
# don't train it, and ask for its **loss**: one number that says how wrong its answers are. Large or
# small, deep or shallow, the network has a loss close to **2.30**.
#
# * Why just that number, when the network has learnt nothing?
# * What would you conclude if it said 5.0? Or 0.1?
#
# You will answer both, and write the function that computes the number.

# %% [markdown]
# **You need** NumPy arrays (broadcasting, indexing with integer arrays), the matrix product, the
# derivatives of $e^x$ and $\log x$, and the chain rule. All logarithms here are natural.
#
# **You build** the four functions that stand at the end of almost every classifier,
# `softmax`, `log_softmax`, `cross_entropy` and `cross_entropy_backward`, and two for networks that
# predict numbers, `mse` and `mse_backward`.
#
# **How to work.** Fill in a cell, run it, then run the `check` below it. Where the text says
# **Predict**, decide on an answer before you run the next cell.

# %%
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from course import check
from nnkit.functional import accuracy
from nnkit.plots import show_figure

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too

# %% [markdown]
# ## From logits to a distribution
#
# The last layer of a classifier gives every class one number. These numbers are called **logits**.
# A logit can be any real number; a larger one means "rather this class". We would like to have
# probabilities instead: never negative, with sum 1.
#
# | formula | code | shape | meaning |
# |---|---|---|---|
# | $N$, $C$ | `N`, `C` | | number of examples in the batch, number of classes |
# | $z_{ik}$ | `logits` | (N, C) | logit of class $k$ for example $i$ |
# | $p_{ik}$ | `probs` | (N, C) | probability of class $k$ for example $i$ |
# | $y_i$ | `targets` | (N,) | the label: the true class of example $i$, from $0$ to $C-1$ |
#
# Every example is treated on its own, so the formulas below often show one row and drop the $i$.
#
# The function that makes the probabilities is called **softmax**. It makes every number positive
# with $e^{z}$, then divides by the sum:
#
# $$p_k = \frac{e^{z_k}}{\sum_{j} e^{z_j}}$$
#
# Try it on $z = (2, 1, 0)$, with a calculator if you like:
#
# | | class 0 | class 1 | class 2 | sum |
# |---|---|---|---|---|
# | $z_k$ | 2 | 1 | 0 | |
# | $e^{z_k}$ | 7.389 | 2.718 | 1.000 | 11.107 |
# | $p_k$ | 0.665 | 0.245 | 0.090 | 1.000 |
#
# Why the exponential?
#
# * $e^z$ is positive for every $z$, so no logit is forbidden and, on paper, no probability is zero.
# * $e^z$ grows with $z$, so the largest logit gets the largest probability.
# * Divide two probabilities and the sum cancels: $p_k / p_j = e^{z_k - z_j}$. **A difference of
#   logits is a ratio of probabilities.** One logit ahead means $e \approx 2.72$ times as likely:
#   check $0.665 / 0.245$ in the table above.

# %% [markdown]
# ### Only differences count
#
# Add the same number $a$ to all logits of a row. Since $e^{z_k + a} = e^a\, e^{z_k}$, the factor
# $e^a$ cancels:
#
# $$\frac{e^{z_k + a}}{\sum_j e^{z_j + a}}
#   = \frac{e^a\, e^{z_k}}{e^a \sum_j e^{z_j}}
#   = \frac{e^{z_k}}{\sum_j e^{z_j}}$$
#
# This is **shift invariance**. The logits $(2, 1, 0)$, $(1, 0, -1)$ and $(1000, 999, 998)$ all
# mean the same probabilities: 0.665, 0.245, 0.090.
#
# **Predict** what the computer says about the last of the three. What is $e^{1000}$ in float64?

# %%
with np.errstate(over="ignore", invalid="ignore"):  # this overflow is intended, so no warning
    print("exp(1000)             =", np.exp(1000.0))
    print("exp(1000) / exp(1000) =", np.exp(1000.0) / np.exp(1000.0))

# %% [markdown]
# The largest float64 is about $1.8 \cdot 10^{308}$, which is roughly $e^{709.8}$. Beyond it there
# is only `inf` (infinity): this is **overflow**. And `inf / inf` is `nan`, not a number. One such
# logit is enough: its `nan` spreads to the loss, and through the gradient to the weights.
#
# Shift invariance is the way out. We may add any $a$ we like, so add $a = -m$, where
# $m = \max_j z_j$ is the largest logit **of that row**:
#
# $$p_k = \frac{e^{z_k - m}}{\sum_j e^{z_j - m}}$$
#
# Now no exponent is above 0, so nothing overflows. The largest is exactly 0, so the sum is at least
# $e^0 = 1$ and we never divide by zero.

# %% [markdown]
# ### Exercise: `softmax`
#
# Write the last formula for a whole batch, one example in each row. Think about:
#
# * Which axis of a (N, C) array runs over the classes?
# * Each row has its own maximum. Why would one maximum for the whole batch fail when one row is
#   near 1000 and another near $-1000$?
# * An array of shape (N,) does not line up with the rows of a (N, C) array. A column of shape
#   (N, 1) does.
# * The caller still needs the logits: leave the argument as it was.

# %% role="exercise" name="softmax"

# %% [markdown]
# ### A picture of softmax
#
# Three classes. Classes 1 and 2 keep the logits 1 and 0, while the logit of class 0 moves from $-6$
# to 6. **Predict**:
#
# 1. At which value of $z_0$ does the curve of class 0 cross that of class 1?
# 2. The logits of classes 1 and 2 never change. Do their probabilities?

# %%
z0 = np.linspace(-6, 6, 241)
probs = softmax(np.column_stack([z0, np.ones_like(z0), np.zeros_like(z0)]))
assert np.allclose(probs.sum(axis=1), 1), "softmax isn't right yet: its rows don't sum to 1"

fig, ax = plt.subplots(figsize=(7, 4))
ax.plot(z0, probs[:, 0], color=BLUE, linestyle="-", label="class 0, logit moves")
ax.plot(z0, probs[:, 1], color=ORANGE, linestyle="--", label="class 1, logit 1")
ax.plot(z0, probs[:, 2], color=GREEN, linestyle=":", linewidth=2.5, label="class 2, logit 0")
ax.set(xlabel="logit $z_0$ of class 0", ylabel="probability", title="One logit moves")
ax.legend()
show_figure(
    fig,
    alt="Probabilities of three classes against the logit of class 0, from -6 to 6. Class 0 rises "
    "in an S-shape from almost 0 to almost 1; the two others fall, class 1 from 0.73 and class 2 "
    "from 0.27, both to almost 0. Class 0 crosses class 2 at logit 0 and class 1 at logit 1.",
)

# %% [markdown]
# 1. They cross at $z_0 = 1$: equal logits, equal probabilities.
# 2. Both fall, because the three share a total of 1. Their ratio stays $e^{1 - 0} \approx 2.72$
#    all the way, though: it depends on their own two logits only.

# %% [markdown]
# ## The loss: how wrong is a distribution?
#
# The network answers with probabilities $p$; the label says that the true class is $y$. How good
# was the answer? Look up the one probability that matters, $p_y$. It is the **likelihood** of this
# example: how probable the network found what really happened.
#
# For $N$ independent examples, the likelihood of all of them is the product
# $p_{1, y_1} \cdot p_{2, y_2} \cdots p_{N, y_N}$. Good weights make it large. But if each of 1000
# examples gets the probability 0.1, it is $10^{-1000}$, which float64 rounds to zero. Three steps
# make it usable:
#
# 1. **Take the logarithm.** It turns the product into a sum, and since $\log$ only grows, the best
#    weights stay the best.
# 2. **Change the sign**, so that smaller is better. The loss of example $i$ is its **negative
#    log-likelihood** $-\log p_{i, y_i}$: 0 for a perfect answer, without limit for a terrible one.
# 3. **Divide by $N$**, so that the number doesn't depend on the size of the batch:
#
# $$L = -\frac{1}{N} \sum_{i} \log p_{i, y_i}$$
#
# Such a mean over the examples at hand is called the **empirical risk**. (The "risk" is the mean
# over all examples that could ever come.) Training a classifier means making $L$ small.

# %% [markdown]
# ### Three numbers
#
# Take a batch of three examples, all with the logits $(2, 1, 0)$ from above, but with three
# different labels:
#
# | example | label $y$ | $p_y$ | loss $-\log p_y$ |
# |---|---|---|---|
# | 0 | 0 | 0.665 | 0.408 |
# | 1 | 1 | 0.245 | 1.408 |
# | 2 | 2 | 0.090 | 2.408 |
#
# The empirical risk is the mean of the last column: $4.223 / 3 = 1.408$.
#
# This loss is also called **cross-entropy**. The cross-entropy between a true distribution $q$ and
# a predicted one $p$ is $-\sum_k q_k \log p_k$. Our $q$ puts everything on the label (1 there, 0
# elsewhere: **one-hot**), so only the term $-\log p_y$ is left.

# %% [markdown]
# ### Why not simply count the mistakes?
#
# What we care about in the end is the **0-1 loss**: 1 for a wrong answer, 0 for a right one. Here
# are both losses for two classes, where the answer is right as soon as $p_y$ is above 0.5.
#
# **Predict**: you stand at $p_y = 0.3$ and may change the weights a little. Which of the two losses
# tells you in which direction to go?

# %%
p_y = np.linspace(0.005, 1, 400)

fig, ax = plt.subplots(figsize=(7, 4))
ax.plot(p_y, -np.log(p_y), color=BLUE, linestyle="-", label=r"cross-entropy $-\log p_y$")
ax.plot(p_y, p_y < 0.5, color=ORANGE, linestyle="--", label="0-1 loss")
ax.set(xlabel="probability $p_y$ given to the true class", ylabel="loss of this example")
ax.set_title("Two ways to charge for an answer")
ax.legend()
show_figure(
    fig,
    alt="Two losses against the probability of the true class, from 0 to 1. Cross-entropy falls "
    "smoothly from above 5 near probability 0, through 0.69 at 0.5, to 0 at 1. The 0-1 loss is "
    "flat at 1 below 0.5, drops in one step, and is flat at 0 above.",
)

# %% [markdown]
# The 0-1 loss is flat on both sides of its step, so nothing says which way is down. Cross-entropy
# slopes everywhere.
#
# It is also steepest on the left: **being sure and wrong is expensive.** Going from $p_y = 0.01$ to
# $0.001$ costs another 2.3, however small both numbers look.

# %% [markdown]
# ## The logarithm of a tiny probability
#
# You have `softmax`, so the loss looks easy: take `np.log` of the right entries. Try that on a row
# in which class 1 is 1000 logits behind class 0. A difference of logits is a ratio of
# probabilities, so $p_1 \approx e^{-1000}$, and $\log p_1 = -1000$.
#
# **Predict** what NumPy makes of it.

# %%
with np.errstate(divide="ignore"):  # log(0) is intended here, so no warning
    print(np.log(softmax(np.array([[1000.0, 0.0]]))))

# %% [markdown]
# `-inf` instead of $-1000$. The smallest positive float64 is about $e^{-744}$, so $e^{-1000}$ is
# rounded to zero. That is **underflow**. The logarithm arrives too late.
#
# A popular repair is to compute $\log(p + 10^{-8})$. It removes the `inf` and puts a wrong number
# in its place: no loss can get above $-\log 10^{-8} \approx 18.4$, and out there the slope is gone.

# %% [markdown]
# ### Stay in log space
#
# It is better not to compute the tiny number at all. Take the logarithm of the formula on paper.
# The logarithm of a fraction is a difference, and $\log e^{z_k}$ is just $z_k$:
#
# $$\log p_k = \log \frac{e^{z_k}}{\sum_j e^{z_j}} = z_k - \log \sum_j e^{z_j}$$
#
# This explains something in the table of three losses. They were 0.408, 1.408 and 2.408, exactly 1
# apart, and so were the logits. The sum is the same for all classes of a row; only $z_k$ differs.
#
# The second term is called the **log-sum-exp**. It can still overflow. Take the factor $e^m$ out of
# the sum, with $m = \max_j z_j$ as before:
#
# $$\log \sum_j e^{z_j} = \log \Big( e^m \sum_j e^{z_j - m} \Big) = m + \log \sum_j e^{z_j - m}$$
#
# Put the two lines together:
#
# $$\log p_k = (z_k - m) - \log \sum_j e^{z_j - m}$$
#
# This is safe. No exponent is above 0, and one of them is exactly 0. So the sum lies between 1 and
# $C$. Tiny terms may still underflow to 0, but next to a 1 they don't matter. Try it on
# $z = (1000, 0)$: $m = 1000$, the sum is $1 + e^{-1000} = 1$ in float64, and its logarithm is 0. So
# $\log p = (0, -1000)$.

# %% [markdown]
# ### Exercise: `log_softmax`
#
# Write the last formula for a batch, without calling `softmax`. Think again about the axis, the
# shape of the maximum and the untouched argument.

# %% role="exercise" name="log_softmax"

# %% [markdown]
# ### Exercise: `cross_entropy`
#
# $$L = -\frac{1}{N} \sum_{i} \log p_{i, y_i}$$
#
# Build it on your `log_softmax`. From each row you need one entry: row 0 in column $y_0$, row 1 in
# column $y_1$, and so on. That is $N$ numbers. If you get $N \times N$ of them, you have combined
# every row with every label; NumPy pairs two integer arrays when they index two axes at once.
# Return an ordinary Python `float`. The batch of three from above must give 1.408.

# %% role="exercise" name="cross_entropy"

# %% [markdown]
# ## The loss of a network that knows nothing
#
# Now to the question at the top. scikit-learn comes with 1797 images of handwritten digits, 8 by 8
# pixels each. Our network is the smallest possible: `logits = x @ weight`, one column of small
# random weights for each class.
#
# With weights this small, all logits are near 0. **Predict** what softmax makes of them, and what
# loss follows from that.

# %%
digits = load_digits()
x = digits.data / 16  # pixels from 0 to 1, shape (1797, 64)
targets = digits.target

rng = np.random.default_rng(0)
weight = 0.01 * rng.standard_normal((64, 10))
loss = cross_entropy(x @ weight, targets)
assert isinstance(loss, float), "cross_entropy doesn't return a number yet"
print(f"untrained loss {loss:.4f}")
print(f"log(10)        {np.log(10):.4f}")

# %% [markdown]
# Nearly equal logits give every class a probability of nearly $1/C$, and $-\log (1/C) = \log C$.
# With 10 classes that is $\log 10 = 2.303$, whatever the images and labels. This is the cheapest
# test there is: **before you train a classifier, compare its first loss with $\log C$.**
#
# Now keep the same random weights and multiply them by 10, again and again. They stay just as
# ignorant. **Predict**: does the loss stay at 2.3, fall or rise? And what does the accuracy do, the
# share of images whose largest logit belongs to the right class?

# %%
for scale in [1, 10, 100, 1000]:
    logits = x @ (scale * weight)
    loss = cross_entropy(logits, targets)
    print(f"weights x {scale:4}:  loss {loss:6.2f}  accuracy {accuracy(logits, targets):.3f}")

# %% [markdown]
# The accuracy stays near 0.1, what guessing would give: multiplying all logits by a positive number
# leaves the largest one the largest.
#
# The loss explodes. Larger differences of logits mean a network that is *sure*. A sure guess is
# right about one time in ten, which saves at most 2.3, and wrong nine times in ten, which can cost
# any amount.
#
# So a first loss far above $\log C$ usually says: the weights or the inputs are too large.

# %% [markdown]
# ## The gradient: measure it first
#
# To train, we must know how the loss reacts to each logit. Its slopes with respect to all logits
# are together called the **gradient**. Before any algebra, measure it. Take one example with logits
# $(2, 1, 0)$ and label $y = 1$. Push one logit up by a tiny $h$ and divide the change of the loss
# by $h$.
#
# **Predict** the three signs. Which logit would you raise to make the loss smaller?

# %%
logits, label = np.array([[2.0, 1.0, 0.0]]), np.array([1])
h = 1e-6
for k in range(3):
    pushed = logits.copy()
    pushed[0, k] += h
    change = cross_entropy(pushed, label) - cross_entropy(logits, label)
    print(f"logit {k}: {change / h:+.3f}")

# %% [markdown]
# You have seen 0.665 and 0.090 before: they are $p_0$ and $p_2$. And $-0.755$ is $p_1 - 1$.
#
# | | class 0 | class 1 | class 2 | sum |
# |---|---|---|---|---|
# | $p$ | 0.665 | 0.245 | 0.090 | 1 |
# | one-hot label | 0 | 1 | 0 | 1 |
# | measured slope | 0.665 | $-0.755$ | 0.090 | 0 |
#
# The slope seems to be **probabilities minus one-hot label**. Is it always?

# %% [markdown]
# ### The derivation
#
# Write the loss of one example with the log-sum-exp:
#
# $$\ell = -\log p_y = \log \sum_j e^{z_j} - z_y$$
#
# Differentiate it with respect to one logit $z_k$.
#
# **First term.** The derivative of $\log S$ is $1/S$, and of all terms of the sum
# $S = \sum_j e^{z_j}$ only $e^{z_k}$ contains $z_k$. So the chain rule gives $e^{z_k} / S$, and
# that is softmax again: $p_k$.
#
# **Second term.** $-z_y$ has the derivative $-1$ if $k$ is the true class, and 0 if it isn't.
# Write $[k = y]$ for "1 if $k = y$, else 0", which is the one-hot label:
#
# $$\frac{\partial \ell}{\partial z_k} = p_k - [k = y]$$
#
# So yes, always. The derivative of softmax is already inside this result. Multiplying by it once
# more would be wrong.

# %% [markdown]
# ### From one example to the batch
#
# The batch loss is $L = \frac{1}{N} \sum_i \ell_i$. The logit $z_{ik}$ appears in $\ell_i$ only. So
# the sum leaves one term, and the factor in front stays:
#
# $$\frac{\partial L}{\partial z_{ik}} = \frac{1}{N} \big( p_{ik} - [k = y_i] \big)$$
#
# `cross_entropy` returns a mean, so its gradient is divided by $N$, here and only here. No later
# step may divide again.
#
# What the formula says:
#
# * Training moves *against* the gradient. It raises the logit of the true class in proportion to
#   $1 - p_y$, and lowers every other one in proportion to its own $p_k$.
# * A row that is already right with certainty is $(0, \dots, 0)$: nothing to learn. A row that is
#   certain and wrong has $-1/N$ at the label: the pull is strongest where it is needed.
# * **Every row sums to zero**, since $\sum_k p_k - \sum_k [k = y] = 1 - 1$. Shift invariance says
#   the same: raise all logits of a row together and the loss must not change, so the slopes have to
#   cancel.

# %% [markdown]
# ### Exercise: `cross_entropy_backward`
#
# Return $\partial L / \partial z$, an array of the shape of `logits`. Start from the probabilities
# and take 1 away from one entry in each row: row $i$, column $y_i$. That is $N$ entries in all, not
# whole columns; pair the indices as in `cross_entropy`. And don't forget what the mean does.

# %% role="exercise" name="cross_entropy_backward"

# %% [markdown]
# ## Train with your own functions
#
# You can now train the linear network. The gradient of the logits has to reach the weights. In
# `logits = x @ weight`, the weight $w_{dk}$ acts on logit $k$ of every example $i$, with the factor
# $x_{id}$. So its gradient adds up over the batch:
#
# $$\frac{\partial L}{\partial w_{dk}} = \sum_i x_{id}\, \frac{\partial L}{\partial z_{ik}}$$
#
# That is the matrix product `x.T @ grad_logits`: a plain sum, since the $1/N$ is already inside. A
# step of **gradient descent** subtracts `lr` times this gradient from the weights. The factor `lr`
# is the **learning rate**.
#
# First we put 297 images aside, to test on images that training has never seen. One permutation
# shuffles images and labels together, so that they still belong to each other. Then follow 100
# steps, each on all 1500 training images. **Predict** which changes faster at first, the loss or
# the accuracy.

# %%
rng = np.random.default_rng(0)
order = rng.permutation(len(x))
train, test = order[:1500], order[1500:]
x_train, targets_train = x[train], targets[train]
x_test, targets_test = x[test], targets[test]

# %%
weight = 0.01 * rng.standard_normal((64, 10))
lr = 1.0
history = []
for step in range(101):
    logits, logits_test = x_train @ weight, x_test @ weight
    losses = [cross_entropy(logits, targets_train), cross_entropy(logits_test, targets_test)]
    accuracies = [accuracy(logits, targets_train), accuracy(logits_test, targets_test)]
    history.append(losses + accuracies)
    grad_logits = cross_entropy_backward(logits, targets_train)
    weight = weight - lr * (x_train.T @ grad_logits)
    if step in [0, 5, 20, 100]:
        print(f"step {step:3}: training loss {losses[0]:.3g}, test accuracy {accuracies[1]:.2f}")

names = ["training loss", "test loss", "training accuracy", "test accuracy"]
curves = dict(zip(names, np.array(history).T, strict=True))
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
for ax, measure, ignorant in [(left, "loss", np.log(10)), (right, "accuracy", 0.1)]:
    ax.plot(curves[f"training {measure}"], color=BLUE, linestyle="-", label="training images")
    ax.plot(curves[f"test {measure}"], color=ORANGE, linestyle="--", label="test images")
    ax.axhline(ignorant, color="black", linestyle=":", label=f"knows nothing: {ignorant:.2f}")
    ax.set(xlabel="step", ylabel=measure)
    ax.legend(loc="center right")
words = ", ".join(f"{name} from {c[0]:.3g} to {c[-1]:.3g}" for name, c in curves.items())
show_figure(fig, alt=f"Two panels over 100 steps: {words}.")

# %% [markdown]
# The loss starts at 2.30, as it must, and falls to about 0.28. One matrix and your functions
# recognise about 94 % of the test images.
#
# The accuracy is faster. After 5 steps it is already near 0.9, while the loss is still about 1.5.
# The true class gets the largest logit early. That the network becomes *sure* of it takes longer,
# and only the loss sees that.
#
# There is a handy way to read a loss. Since $L$ is the mean of $-\log p_y$, the true class
# typically gets the probability $e^{-L}$ (the geometric mean): $e^{-2.30} = 0.10$ at the start,
# $e^{-0.28} = 0.76$ at the end.

# %% [markdown]
# ## When the answer is a number
#
# A network that predicts a temperature or a price answers with a number, and "how wrong" is a
# distance. Write $\hat y_i$ for a prediction and $y_i$ for its target, and count all $n$ entries of
# the array, rows times columns. The **mean squared error** is
#
# $$L = \frac{1}{n} \sum_i (\hat y_i - y_i)^2$$
#
# Three predictions 2, 5, 1 for the targets 1, 5, 3: the differences are 1, 0, $-2$, their squares
# 1, 0, 4, and the loss is $5/3 \approx 1.667$.
#
# The derivative of $(\hat y_i - y_i)^2$ with respect to $\hat y_i$ is $2 (\hat y_i - y_i)$, and no
# other term contains $\hat y_i$:
#
# $$\frac{\partial L}{\partial \hat y_i} = \frac{2}{n} (\hat y_i - y_i)$$
#
# For the three predictions: $2/3 \cdot (1, 0, -2) = (0.667, 0, -1.333)$.

# %% [markdown]
# ### Exercise: `mse`
#
# Some books divide by the number of rows, or put a factor one half in front. Ours is PyTorch's mean
# over **all entries**, without the half. Return an ordinary `float`.

# %% role="exercise" name="mse"

# %% [markdown]
# ### Exercise: `mse_backward`
#
# Write the last formula above, for arrays of any shape.

# %% role="exercise" name="mse_backward"

# %% [markdown]
# ### Why not use it for classes, too?
#
# One could compare probabilities with one-hot labels by their squared differences. Take two
# classes, and give the true one a logit that is $z$ ahead, so $p_y = 1 / (1 + e^{-z})$.
# **Predict**: at $z = -8$ the network is sure and wrong. Which of the two losses pulls harder?

# %%
z = np.linspace(-8, 8, 161)
p_y = 1 / (1 + np.exp(-z))
slope_squares = -2 * (1 - p_y) ** 2 * p_y  # the mse is (1 - p_y) ** 2; by the chain rule

fig, ax = plt.subplots(figsize=(7, 4))
ax.plot(z, p_y - 1, color=BLUE, linestyle="-", label="cross-entropy")
ax.plot(z, slope_squares, color=ORANGE, linestyle="--", label="squared error of probabilities")
ax.set(xlabel="logit of the true class, minus the other", ylabel="slope of the loss")
ax.set_title("How hard each loss pulls")
ax.legend()
show_figure(
    fig,
    alt="Slopes of two losses against the lead of the true logit, from -8 to 8. Cross-entropy: "
    "near -1 on the left, rising smoothly to 0 on the right. Squared error: almost 0 at both ends, "
    "with a dip to about -0.3 near a lead of -0.7.",
)

# %% [markdown]
# At $z = -8$ cross-entropy pulls with almost 1, the squared error with less than 0.001. Softmax is
# flat out there, and the squared error has no logarithm that would undo it. So a network that is
# sure and wrong hardly learns. That is why classifiers are trained with cross-entropy, and the mean
# squared error is kept for numbers.

# %% [markdown]
# ## A question to answer in writing
#
# A friend dislikes exponentials and proposes
#
# $$p_k = \frac{z_k^2}{\sum_j z_j^2}$$
#
# instead of softmax. These numbers, too, are never negative and sum to 1. Name **two** things that
# go wrong when a classifier is trained with them and the loss $-\log p_y$. Support each with a
# reason or with a small example in numbers. Three to five sentences will do. (2 points)

# %% [markdown] role="answer" id="squares_for_exponentials" points=2
# **Model answer.** Any two of these:
#
# * *The order is lost.* $z = (-3, 2)$ gives $p = (0.69, 0.31)$: the class with the lowest logit
#   wins, and raising a negative logit makes its class less likely.
# * *Zero is forbidden.* A logit of 0 means $p_k = 0$ exactly, so the loss is infinite if that is
#   the true class; if all logits are 0, as with weights of zero, $p = 0/0$.
# * *Differences of logits mean nothing.* There is no shift invariance: $(2, 1, 0)$ gives
#   $(0.80, 0.20, 0)$, but $(3, 2, 1)$ gives $(0.64, 0.29, 0.07)$. It is scale invariant instead:
#   doubling all logits changes nothing, so larger logits can't express more certainty.
# * *The gradient is worse.* For the true class it is $-2/z_y + 2 z_y / \sum_j z_j^2$ instead of
#   $p_y - 1$: not bounded, and it explodes near $z_y = 0$.
#
# **Marking.** 1 point for each valid defect with its reason or a correct example, at most 2. So one
# supported defect, or the same defect said twice, earns 1. No point for a bare claim ("it
# isn't stable", "it trains worse"), for "it is not softmax", or for saying that the numbers are
# negative or don't sum to 1.

# %% [markdown]
# ## The answer to the question at the top
#
# * **2.30** is $\log 10$: small weights give each of the 10 classes about 0.1 for any image.
# * **5.0** means that the true class typically gets $e^{-5} \approx 0.007$. Only a network that is
#   sure *and* wrong gets there. If it is untrained, its weights or inputs are too large.
# * **0.1** means $e^{-0.1} \approx 0.90$ for the true class. After training, that is good news.
#   Before training, nobody can know the answers: look for the bug, such as labels that have slipped
#   into the inputs.
#
# A loss that *stays* at 2.30 during training says that the network learns nothing about the labels.
# Perhaps images and labels were shuffled separately.

# %% [markdown]
# ## What to remember
#
# 1. **Softmax**: exponentials divided by their row's sum. Only differences of logits count, so
#    subtract each row's maximum first.
# 2. **Cross-entropy**: the mean of $-\log p_y$ over the batch.
# 3. **Stay in log space**: $\log p_k = z_k - \log \sum_j e^{z_j}$; the logarithm of a finished
#    softmax comes too late.
# 4. **The gradient** is probabilities minus one-hot label, divided by $N$ once. Rows sum to zero.
# 5. **First loss $\approx \log C$.** If not, find out why before you train.

# %% [markdown]
# ## References
#
# * J. S. Bridle (1990). Probabilistic interpretation of feedforward classification network outputs,
#   with relationships to statistical pattern recognition. In *Neurocomputing:
#   Algorithms, Architectures and Applications*, Springer, 227-236. The normalised exponential as an
#   output layer, under the name softmax.
# * I. Goodfellow, Y. Bengio and A. Courville (2016). *Deep Learning*, MIT Press, section 6.2.2.3,
#   <https://www.deeplearningbook.org>. Why a logarithm in the loss suits a softmax output.
# * P. Blanchard, D. J. Higham and N. J. Higham (2021). Accurately computing the log-sum-exp and
#   softmax functions. *IMA Journal of Numerical Analysis* 41(4), 2311-2330,
#   <https://doi.org/10.1093/imanum/draa038>. Subtracting the maximum costs hardly any accuracy.
