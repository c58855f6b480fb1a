# %% [markdown]
# # Gradient checking
#
# Two programs train the same small network on the same images, from the same start. They differ in
# one line of their gradient. In both the loss falls steadily, and both get more than 95 % of new
# images right.
#
# One of the two gradients is **wrong**.
#
# * Which one? Can you see it in the curves?
# * How would you find out about *your* gradient, with no other program to compare it with?
#
# By the end of this lesson you have a tool that answers within seconds, and know what it can't see.

# %% [markdown]
# **You need** the derivative of simple functions, arrays in NumPy, and a rough idea of what a loss
# and gradient descent are (lesson 02). The network and its gradients are given.
#
# **You build** four functions: `numerical_gradient`, `relative_error`, `check_gradient` and
# `complex_step_gradient`.
#
# **How to work.** Fill in a cell, run it, then run the `check` below it. Where the text says
# **Predict**, decide on an answer before you run the next cell.

# %%
import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

from course import check
from nnkit.functional import cross_entropy_backward
from nnkit.plots import loss_curves, show_figure, show_live

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # distinct for colour-blind readers too

# %% [markdown]
# ## Two programs
#
# The data: 1797 images of handwritten digits, 64 pixels each, 10 classes. The network has 16 hidden
# units with the activation $\tanh$. For the checks below, all its parameters stand in **one** long
# vector `theta` of 1210 numbers; `unpack` cuts it into two weight matrices and two bias vectors.
#
# The loss is cross-entropy, the mean of $\log \sum_j e^{z_j} - z_y$. (The largest logit is not
# subtracted here: these logits are small, and the plain formula will be useful later.)

# %%
digits = load_digits()
order = np.random.default_rng(0).permutation(len(digits.data))
x, targets = digits.data[order] / 16, digits.target[order]
x_train, y_train, x_test, y_test = x[:1500], targets[:1500], x[1500:], targets[1500:]


def unpack(theta):
    w1, b1, w2, b2 = np.split(theta, [1024, 1040, 1200])
    return w1.reshape(64, 16), b1, w2.reshape(16, 10), b2


def forward(theta, x, activation=np.tanh):
    w1, b1, w2, b2 = unpack(theta)
    hidden = activation(x @ w1 + b1)
    return hidden, hidden @ w2 + b2


def loss(theta, x, y, activation=np.tanh):
    _, logits = forward(theta, x, activation)
    return (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y]).mean()


# %% [markdown]
# Now the gradient, by the chain rule; lesson 04 derives it. You needn't follow each line today.
# What matters is where the two programs differ: on the way back through the hidden units.


# %%
def backward(theta, x, y, through_hidden, activation=np.tanh):
    _, _, w2, _ = unpack(theta)
    hidden, logits = forward(theta, x, activation)
    d_logits = cross_entropy_backward(logits, y)
    d_sum = through_hidden(d_logits @ w2.T, hidden)
    parts = x.T @ d_sum, d_sum.sum(axis=0), hidden.T @ d_logits, d_logits.sum(axis=0)
    return np.concatenate([part.ravel() for part in parts])


def gradient_a(theta, x, y):
    return backward(theta, x, y, lambda d_hidden, hidden: d_hidden)


def gradient_b(theta, x, y):
    return backward(theta, x, y, lambda d_hidden, hidden: d_hidden * (1 - hidden**2))


# %% [markdown]
# **Predict**: will the wrong gradient's loss rise, stay, or fall?


# %%
def train(gradient, num_steps=300, lr=0.5):
    theta = 0.1 * np.random.default_rng(1).standard_normal(1210)
    losses = [loss(theta, x_train, y_train)]
    for _ in range(num_steps):
        theta = theta - lr * gradient(theta, x_train, y_train)
        losses.append(loss(theta, x_train, y_train))
    return theta, losses


theta_a, losses_a = train(gradient_a)
theta_b, losses_b = train(gradient_b)
for name, theta, losses in [("A", theta_a, losses_a), ("B", theta_b, losses_b)]:
    right = np.mean(forward(theta, x_test)[1].argmax(axis=1) == y_test)
    values = ", ".join(f"{losses[step]:.3f}" for step in (0, 20, 100, 300))
    print(f"program {name}: loss {values} after 0, 20, 100, 300 steps; test accuracy {right:.3f}")

curves = {"program A": losses_a, "program B": losses_b}
loss_curves(curves, x_label="step", y_label="training loss")

# %% [markdown]
# Nothing gives the wrong one away. **A falling loss does not prove that the gradient is right.** A
# wrong gradient often still leads downhill, roughly. So we need a second opinion: a way to get the
# gradient without the chain rule.

# %% [markdown]
# ## A slope is something you can measure
#
# The derivative $f'(x)$ is a slope: by how much does $f$ grow for each unit that $x$ grows? Move
# $x$ a little, look at how $f$ changes, divide. The little move is called $\varepsilon$, `eps`.
#
# | formula | code | meaning |
# |---|---|---|
# | $f$ | `f` | a function that returns **one** number, such as a loss |
# | $x$ | `x` | an array of any shape, the place where we want the slopes |
# | $\varepsilon$ | `eps` | a small positive number, the step |
# | $\partial f / \partial x_i$ | `grad[i]` | the slope of $f$ when only entry $i$ moves |
#
# All slopes together, in an array of the shape of $x$, are the **gradient**.
#
# There are two ways to measure. The **forward difference** looks to one side, the **centred
# difference** to both:
#
# $$\frac{f(x + \varepsilon) - f(x)}{\varepsilon}
#   \qquad\qquad \frac{f(x + \varepsilon) - f(x - \varepsilon)}{2\,\varepsilon}$$

# %% [markdown]
# ### Three numbers
#
# Take $f(x) = x^3$ at $x = 1$. The true slope is $3x^2 = 3$. With a calculator:
#
# | $\varepsilon$ | $f(1+\varepsilon)$ | $f(1-\varepsilon)$ | forward | error | centred | error |
# |---|---|---|---|---|---|---|
# | 0.1 | 1.331 | 0.729 | 3.31 | 0.31 | 3.01 | 0.01 |
# | 0.01 | 1.030301 | 0.970299 | 3.0301 | 0.0301 | 3.0001 | 0.0001 |
#
# Make $\varepsilon$ ten times smaller: the forward error becomes ten times smaller, and the centred
# error **a hundred times** smaller. Why?

# %% [markdown]
# ### The derivation
#
# Taylor's formula says what a smooth function does near $x$. (Smooth: it has derivatives, as many
# as we need. $f''$ is the derivative of $f'$, and $f'''$ that of $f''$.)
#
# $$f(x + \varepsilon) = f(x) + \varepsilon f'(x) + \tfrac{1}{2}\varepsilon^2 f''(x)
#   + \tfrac{1}{6}\varepsilon^3 f'''(x) + \dots$$
#
# **Forward.** Subtract $f(x)$ and divide by $\varepsilon$. What is left beside $f'$ is the error:
#
# $$\frac{f(x + \varepsilon) - f(x)}{\varepsilon}
#   = f'(x) + \tfrac{1}{2}\varepsilon f''(x) + \dots$$
#
# **Centred.** Put $-\varepsilon$ for $\varepsilon$: the terms with odd powers change their sign.
# Subtract the two lines, and those with even powers, $f$ and $f''$, cancel:
#
# $$\frac{f(x + \varepsilon) - f(x - \varepsilon)}{2\,\varepsilon}
#   = f'(x) + \tfrac{1}{6}\varepsilon^2 f'''(x) + \dots$$
#
# This error is called **truncation error**: the formula cuts off ("truncates") the rest of the
# series. For $x^3$ at 1 we have $f'' = f''' = 6$, so it is about $3\varepsilon$ (forward) and
# $\varepsilon^2$ (centred). Compare with the table: 0.31 and 0.01.

# %% [markdown]
# ### Exercise: `numerical_gradient`
#
# Write centred differences for an array of any shape. Think about:
#
# * Each entry of the gradient has its own two points. In them one entry is moved, and all others
#   are as they were. `f` gets the whole array each time.
# * The caller's `x` must not change. And what happens to the second entry if the first is never put
#   back?
# * A float32 number has only about 7 digits, so a step of `1e-5` nearly drowns. Give `f` float64.
# * `np.ndindex(shape)` runs through all indices of an array, however many axes it has.

# %% role="exercise" name="numerical_gradient"

# %% [markdown]
# ## Is smaller always better?
#
# On paper, the smaller $\varepsilon$, the better. **Predict** the centred error for $f(x) = x^3$ at
# $x = 1$ with $\varepsilon = 10^{-3}$, $10^{-5}$ and $10^{-12}$.


# %%
def cube(x):
    return (x**3).sum()


def forward_difference(f, x, eps):
    return (f(x + eps) - f(x)) / eps


def error_at_1(gradient, eps):
    return abs(gradient(cube, np.array([1.0]), eps).item() - 3)


for eps in [1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-12, 1e-15]:
    forward_error = error_at_1(forward_difference, eps)
    centred_error = error_at_1(numerical_gradient, eps)
    print(f"eps {eps:.0e}:  forward error {forward_error:.0e}  centred error {centred_error:.0e}")

# %% [markdown]
# Both get better, then worse. At $10^{-12}$ only about four digits are right, at $10^{-15}$ one.
#
# The reason is **rounding**. A float64 keeps about 16 digits, so each value of $f$ is off by up to
# $u\,|f|$, where $u = 1.1 \cdot 10^{-16}$. The two values are nearly equal. Their difference is
# tiny, and what is left of it is mostly the last, uncertain digits. Dividing by a tiny
# $\varepsilon$ makes that uncertainty large. This loss of digits is called **cancellation**.
#
# | error of the centred difference | size | when $\varepsilon$ shrinks |
# |---|---|---|
# | truncation | $\frac{1}{6}\varepsilon^2\, \lvert f''' \rvert$ | falls |
# | rounding | about $u\, \lvert f \rvert / \varepsilon$ | **grows** |
#
# Now draw the errors for many values of `eps`, with logarithmic axes.

# %%
steps = np.logspace(-15, 0, 91)
errors_forward = [error_at_1(forward_difference, eps) for eps in steps]
errors_centred = [error_at_1(numerical_gradient, eps) for eps in steps]

fig = Figure(figsize=(7.5, 4.5))
ax = fig.subplots()
ax.loglog(steps, errors_forward, color=ORANGE, linestyle="--", label="forward difference")
ax.loglog(steps, errors_centred, color=BLUE, linestyle="-", label="centred difference")
ax.loglog(steps, 1.1e-16 / steps, "k:", label=r"rounding: $u / \varepsilon$")
ax.set(xlabel="eps", ylabel="error of the slope", ylim=(1e-14, 10))
ax.set_title("Too large and too small are both bad")
ax.legend()
words = "; ".join(
    f"{name}: " + ", ".join(f"{errors[i]:.0e} at eps {steps[i]:.0e}" for i in range(0, 91, 18))
    for name, errors in [("forward", errors_forward), ("centred", errors_centred)]
)
show_figure(fig, alt=f"Error of the slope against eps, both axes logarithmic. {words}.")

# %% [markdown]
# The right arm of each V is truncation: straight lines with slope 1 and slope 2. The left arm is
# rounding, ragged since rounding errors are as good as random.
#
# **Where is the bottom?** Where the two errors are about equal. Leave out all factors like
# $\frac{1}{6}$, and let $f$ and its derivatives be of size 1:
#
# * centred: $\varepsilon^2 = u / \varepsilon$, so $\varepsilon = u^{1/3} \approx 5 \cdot 10^{-6}$,
#   and the error is about $u^{2/3} \approx 2 \cdot 10^{-11}$;
# * forward: $\varepsilon = u / \varepsilon$, so $\varepsilon = u^{1/2} \approx 10^{-8}$, and the
#   error is about $10^{-8}$ too.
#
# So `eps=1e-5` with centred differences is a good default in float64. In float32
# ($u = 6 \cdot 10^{-8}$) the best one can hope for is $u^{2/3} \approx 1.5 \cdot 10^{-5}$:
# **check gradients in float64**, even if you train in float32.

# %% [markdown]
# ### Look at it
#
# The next cell draws the straight line through the two points of a centred difference, for three
# steps. The slider below it does the same for any step, beside the V (it needs a running kernel).
# **Predict**: for which of the three does the line *look* right, and for which is its slope right?


# %%
def draw_line(ax, eps):
    at, ends = np.linspace(-0.3, 2, 100), np.array([1 - eps, 1 + eps])
    slope = numerical_gradient(cube, np.array([1.0]), eps).item()
    ax.plot(at, at**3, color=BLUE, linestyle="-")
    ax.plot(at, (ends**3).mean() + slope * (at - 1), color=ORANGE, linestyle="--")
    ax.plot(ends, ends**3, "o", color=ORANGE)
    words = f"eps = {eps:.0e}: slope {slope:.10f}"
    ax.set(xlim=(-0.3, 2), ylim=(-3, 8), xlabel="x", title=words)
    return words


fig = Figure(figsize=(10, 3.2), layout="constrained")
panels = zip(fig.subplots(1, 3), [1.0, 1e-5, 1e-14], strict=True)
words = ", ".join(draw_line(ax, eps) for ax, eps in panels)
show_figure(fig, alt=f"The curve of x cubed and the line of the measured slope at 1. {words}.")

# %%
figure = Figure(figsize=(8, 3.2), layout="constrained")
line_ax, error_ax = figure.subplots(1, 2)
slider = widgets.FloatLogSlider(
    value=0.1, min=-15, max=0, step=0.5, description="eps", readout_format=".0e"
)


def redraw(eps):
    line_ax.clear()
    error_ax.clear()
    draw_line(line_ax, eps)
    error = error_at_1(numerical_gradient, eps)
    error_ax.loglog(steps, errors_centred, color=BLUE)
    error_ax.loglog(eps, max(error, 1e-13), "o", color=ORANGE, markersize=10)
    error_ax.set(ylim=(1e-14, 10), xlabel="eps", title="error of the slope")
    return f"With eps {eps:.0e}, the measured slope is off by {error:.0e}."


show_live(figure, redraw, eps=slider)

# %% [markdown]
# With $\varepsilon = 1$ you see the truncation error: the slope is 4 instead of 3. With $10^{-14}$
# the line still looks right, but the slope is off by 0.002. **Rounding can't be seen in the
# picture, only in the digits.**

# %% [markdown]
# ## How large is an error?
#
# A measured slope and one from your formula never agree to the last digit. Say they differ by 0.01.
# That is nothing if the slope is 1000, and half of it if the slope is 0.02. So compare the
# difference with the size of the two numbers, $a$ and $b$:
#
# $$\text{error} = \max_i \frac{\lvert a_i - b_i \rvert}
#   {\max(\lvert a_i \rvert + \lvert b_i \rvert,\; 10^{-8})}$$
#
# The $10^{-8}$ saves us from $0/0$ when both are 0. The outer maximum is there because one wrong
# entry is enough to make a gradient wrong; a mean would hide it.
#
# The number even hints at the mistake. If $a$ is $c$ times $b$, the error is $(c-1)/(c+1)$:
#
# | $a$ | $b$ | error | what it suggests |
# |---|---|---|---|
# | 4 | 2 | $2/6 = 0.333$ | a factor 2 is missing |
# | 2 | $-2$ | $4/4 = 1$ | wrong sign |
# | 2 | 0 | $2/2 = 1$ | a term is missing, or not filled in |
# | 50 | 1 | $49/51 = 0.961$ | a mean instead of a sum over 50 examples |

# %% [markdown]
# ### What counts as small
#
# | error, float64, centred, `eps=1e-5` | verdict for a smooth function |
# |---|---|
# | below $10^{-7}$ | right |
# | $10^{-7}$ to $10^{-4}$ | look closer: tiny slopes, or a kink (below) |
# | $10^{-4}$ to $10^{-2}$ | suspicious: at a kink it can be harmless, otherwise a mistake |
# | above $10^{-2}$ | wrong, unless a kink is near |
#
# Why "tiny slopes"? The measured slope has a rounding error of about $u\,|f|/\varepsilon$, here
# $10^{-11}$. Next to a slope of $10^{-6}$ that is a relative error of $10^{-5}$.

# %% [markdown]
# ### Exercise: `relative_error`
#
# Write the formula above. It works entry by entry: divide each difference by the size of its *own*
# pair, and take the largest ratio at the very end. Return a Python number.

# %% role="exercise" name="relative_error"

# %% [markdown]
# ### Exercise: `check_gradient`
#
# Put your two functions together. `f` is a function, and `grad` is a function that claims to
# return the gradient of `f`. How far is its claim from what you measure?

# %% role="exercise" name="check_gradient"

# %% [markdown]
# ## Which program was wrong?
#
# Now ask your own function. 50 images are enough. All 1210 entries are moved up and down, so the
# loss is computed 2420 times: that is why gradient checks are for tests, not for training.
#
# We check twice, at the random start and at trained parameters. **Predict**: A or B?

# %%
x_few, y_few = x_train[:50], y_train[:50]
start = 0.1 * np.random.default_rng(1).standard_normal(1210)


def f(theta):
    return loss(theta, x_few, y_few)


def error_of(gradient, theta):
    error = check_gradient(f, lambda theta: gradient(theta, x_few, y_few), theta)
    assert isinstance(error, float), "check_gradient or relative_error doesn't return a number yet"
    return error


for place, theta in [("start", start), ("trained", theta_b)]:
    error_a, error_b = error_of(gradient_a, theta), error_of(gradient_b, theta)
    print(f"{place:7} parameters: error {error_a:.0e} in program A, {error_b:.0e} in program B")

# %% [markdown]
# **Program A is wrong.** Its error is as large as an error can be. B's is small: not quite below
# $10^{-7}$, since among 1210 slopes a few are tiny (see "What counts as small").
#
# Where in A is the mistake? Check part by part.

# %%
claimed, measured = gradient_a(start, x_few, y_few), numerical_gradient(f, start)
for name, a, b in zip(["w1", "b1", "w2", "b2"], unpack(claimed), unpack(measured), strict=True):
    print(f"{name}: error {relative_error(a, b):.0e}")

# %% [markdown]
# The gradients of the last layer, `w2` and `b2`, are right; those of the first layer are wrong.
# Gradients are computed from the loss backwards, so the mistake lies **between** the two: on the
# way through the hidden units. There, A forgets to multiply by the slope of $\tanh$, which is
# $1 - h^2$ for the activation $h$.
#
# That factor lies between 0 and 1, so every example's contribution keeps its sign; only the
# proportions are wrong. Thus A still finds its way down. In the first 20 steps it was even faster,
# since without the factor its steps are larger. But it ends with a loss of 0.119 instead of 0.097,
# and recognises 96.6 % of the test images instead of 98.0 %.

# %% [markdown]
# ## Kinks
#
# Taylor's formula needs a smooth function. Many networks use the activation **ReLU**,
# $\max(0, x)$: slope 0 for negative $x$, slope 1 for positive $x$, and a **kink** at 0, where there
# is no derivative at all. By convention one says 0 there.
#
# By hand, with $\varepsilon = 10^{-5}$:
#
# | $x$ | $\text{relu}(x + \varepsilon)$ | $\text{relu}(x - \varepsilon)$ | centred | true slope |
# |---|---|---|---|---|
# | $0$ | $10^{-5}$ | 0 | 0.5 | none (0 by convention) |
# | $3 \cdot 10^{-6}$ | $1.3 \cdot 10^{-5}$ | 0 | 0.65 | 1 |
# | $2 \cdot 10^{-5}$ | $3 \cdot 10^{-5}$ | $10^{-5}$ | 1 | 1 |
#
# Within $\varepsilon$ of a kink, the two points lie on different sides, and the measured slope is a
# mixture. Then your gradient is right and the *measurement* is wrong.
#
# **Predict**: put ReLU into our network. Does a larger step meet more kinks or fewer?


# %%
def relu(z):
    return np.maximum(z, 0)


claimed = backward(start, x_few, y_few, lambda d_hidden, hidden: d_hidden * (hidden > 0), relu)
for eps in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6]:
    measured = numerical_gradient(lambda theta: loss(theta, x_few, y_few, relu), start, eps)
    off = np.sum(np.abs(claimed - measured) > 1e-4)
    print(f"eps {eps:.0e}: error {relative_error(claimed, measured):.0e}, {off:3} entries off")

# %% [markdown]
# The claimed gradient is right. Still, the largest step makes it look wrong in 124 entries (which
# differ by more than $10^{-4}$): the larger the step, the more kinks lie within it. From $10^{-3}$
# on no entry is off. For the smallest steps the error grows again; that is rounding, at the tiny
# slopes.
#
# When a check of a ReLU network fails, **make `eps` smaller and look again**. An error from a kink
# goes away; a real mistake stays. Few examples help too, since each brings kinks of its own.

# %% [markdown]
# ## The complex step
#
# Subtracting two nearly equal numbers was the trouble. Complex numbers avoid it. All you need to
# know about them: there is a number $i$ with $i^2 = -1$, and a complex number has a real part and
# an imaginary part, as in $2 + 5i$. Python writes `2 + 5j`.
#
# Put $i\varepsilon$ into Taylor's formula, with $i^2 = -1$ and $i^3 = -i$:
#
# $$f(x + i\varepsilon) = \underbrace{f(x) - \tfrac{1}{2}\varepsilon^2 f''(x)}_{\text{real}}
#   + i\,\underbrace{\left(\varepsilon f'(x) - \tfrac{1}{6}\varepsilon^3 f'''(x)\right)}_{
#   \text{imaginary}} + \dots$$
#
# $f(x)$ and the slope are now in different parts, and nothing need be subtracted:
#
# $$\frac{\operatorname{Im} f(x + i\varepsilon)}{\varepsilon}
#   = f'(x) - \tfrac{1}{6}\varepsilon^2 f'''(x) + \dots$$
#
# By hand, $f(x) = x^3$ at 1 with $\varepsilon = 0.1$: $(1 + 0.1i)^3 = 1 + 0.3i - 0.03 - 0.001i =
# 0.97 + 0.299i$. Divide 0.299 by 0.1: **2.99**. The true slope is 3, the error $\varepsilon^2$.
#
# No subtraction, no cancellation. So take $\varepsilon = 10^{-20}$: the truncation error is
# $10^{-40}$, and the slope is exact up to the rounding of $f$'s own arithmetic.

# %% [markdown]
# ### Exercise: `complex_step_gradient`
#
# The loop is that of `numerical_gradient`, with one call of `f` for each entry. Two questions:
#
# * What does NumPy do if you add a complex number to an entry of an array of real numbers?
# * Where in the complex result is the slope? Why is there no 2 in the denominator?

# %% role="exercise" name="complex_step_gradient"

# %% [markdown]
# **Predict** the third curve: the error of the complex step for all these values of `eps`.

# %%
errors_complex = [error_at_1(complex_step_gradient, eps) for eps in steps]

fig = Figure(figsize=(7.5, 4))
ax = fig.subplots()
ax.loglog(steps, errors_centred, color=BLUE, linestyle="-", label="centred difference")
shown = np.maximum(errors_complex, 1e-16)
ax.loglog(steps, shown, color=GREEN, linestyle="-.", label="complex step (0 drawn as 1e-16)")
ax.set(xlabel="eps", ylabel="error of the slope")
ax.legend()
words = ", ".join(f"{shown[i]:.0e} at eps {steps[i]:.0e}" for i in range(0, 91, 18))
show_figure(fig, alt=f"The V of the centred difference. The error of the complex step: {words}.")
error = relative_error(gradient_b(start, x_few, y_few), complex_step_gradient(f, start))
print(f"program B against the complex step: error {error:.0e}")

# %% [markdown]
# The left arm is gone. The whole network can be checked this way too, because `loss` is made of
# operations that complex numbers pass through: products, sums, `tanh`, `exp`, `log`. The error of
# program B was $10^{-6}$ with centred differences. The tiny slopes are no trouble now.
#
# ### Where it fails
#
# Some operations throw the imaginary part away or treat it otherwise than a real number's step. All
# three functions below are $x_0^2 + x_1^2$ for real numbers. **Predict** which slopes are right.

# %%
two = np.array([3.0, 4.0])
print("x * x        ", complex_step_gradient(lambda x: (x * x).sum(), two))
print("abs(x) ** 2  ", complex_step_gradient(lambda x: (np.abs(x) ** 2).sum(), two))
print("np.vdot(x, x)", complex_step_gradient(lambda x: np.vdot(x, x), two))

# %% [markdown]
# The slopes are 6 and 8. `abs` of a complex number is its length, a real number: the slope is gone,
# and no error tells you so. `np.vdot` flips the sign of one imaginary part (it "conjugates"), so
# the slopes cancel. Be wary of `abs`, `np.linalg.norm`, `.real`, `float()`, and of anything that
# **compares**: `max`, `>`, sorting. NumPy compares real parts first and, if they are equal,
# imaginary parts. That does no harm, except at ReLU's kink.
#
# So the complex step is for code that you can read. Centred differences work for any function.

# %% [markdown]
# ## What a gradient check can't see
#
# A check compares two things: `f`, and what you claim about `f`. It says that they **belong
# together** at one place. It does not say that `f` is what you wanted.
#
# **1. Both wrong in the same way.** Suppose the loss should contain a penalty
# $\frac{1}{2}\lambda \sum w^2$ on large weights, a **regulariser**, and you forgot it in the loss
# *and* in the gradient. **Predict** the error.


# %%
def should_be(theta, strength=0.1):
    w1, _, w2, _ = unpack(theta)
    return f(theta) + 0.5 * strength * ((w1**2).sum() + (w2**2).sum())


print(f"both without the penalty: error {error_of(gradient_b, start):.0e}")
print(f"loss {f(start):.3f}, and it should be {should_be(start):.3f}")

# %% [markdown]
# The check passes. Only the **value** of the loss shows what is missing: compare it with a number
# that you worked out another way.
#
# **2. A quantity that can't change.** Each row of softmax sums to 1, so the sum of all its outputs
# is always $N$, and every slope is 0. A backward function that returns zeros passes. **Don't check
# with `sum()`: multiply the outputs by random numbers, then add them up.** These random numbers
# play the role of the gradient that comes from the later layers (the **upstream gradient**).


# %%
def softmax(x):
    exp = np.exp(x)
    return exp / exp.sum(axis=1, keepdims=True)


rng = np.random.default_rng(0)
place, upstream = rng.normal(size=(2, 3, 4))
lazy = check_gradient(lambda x: softmax(x).sum(), np.zeros_like, place)
careful = check_gradient(lambda x: (softmax(x) * upstream).sum(), np.zeros_like, place)
print(f"a gradient of zeros, checked with sum(): {lazy:.0e}, with random numbers: {careful:.0e}")

# %% [markdown]
# All slopes are 0 in the first check, so the zeros are right. ($2 \cdot 10^{-3}$ is rounding, about
# $10^{-11}$, divided by the bound of $10^{-8}$.) Random numbers expose the zeros at once.
#
# **3. Special places.** At an input of 0, every gradient of a first-layer weight is 0, right or
# wrong, because it is a multiple of the input. Inputs that are all positive never switch a ReLU
# off. Near 0, $\tanh x$ is almost $x$. A bias of 0 or a weight of 1 hides where it is missing. If
# all inputs are equal, so are all softmax outputs. Check at **random** places: both signs, no
# special values, different sizes for all axes.
#
# **4. Randomness.** If `f` draws random numbers at each call, two calls differ by chance, and the
# division by $2\varepsilon$ makes the chance huge. Fix what is random first.
#
# **5. Entries that you skipped.** In a network with millions of parameters one moves some entries
# only. Choose them at random, and some in **every** array, biases too.

# %% [markdown]
# ## Find the bug
#
# Seven backward functions. Each takes the upstream gradient `g` and the input `x` (shape (N, D)) of
# its forward function, and claims to return the gradient with respect to `x`. **Four are wrong.**


# %%
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


suspects = {
    "A sigmoid": (sigmoid, lambda g, x: g * sigmoid(x) * sigmoid(-x)),
    "B tanh": (np.tanh, lambda g, x: g * (1 - x**2)),
    "C relu": (lambda x: np.maximum(x, 0), lambda g, x: np.where(g > 0, g, 0)),
    "D softmax": (softmax, lambda g, x: softmax(x) * (g - g.mean(axis=1, keepdims=True))),
    "E leaky relu": (lambda x: np.maximum(x, 0.1 * x), lambda g, x: np.where(x > 0, g, 0.1 * g)),
    "F softplus": (lambda x: np.log(1 + np.exp(x)), lambda g, x: g * sigmoid(-x)),
    "G centre": (
        lambda x: x - x.mean(axis=1, keepdims=True),
        lambda g, x: g - g.mean(axis=1, keepdims=True),
    ),
}

# %% [markdown]
# The next cell checks them with your `check_gradient`. Run it. Then **improve the cell** until it
# finds all four. The numbers `x` and `g` are yours to choose; the list above says what is wrong
# with the present ones. (This cell is not graded; the question after it is.)

# %%
x_drill = np.full((3, 4), 0.1)  # yours to change
g_drill = np.ones((3, 4))  # yours to change


def drill_error(forward_of, backward_of):
    return check_gradient(
        lambda x: (forward_of(x) * g_drill).sum(), lambda x: backward_of(g_drill, x), x_drill
    )


drill_errors = {name: drill_error(*pair) for name, pair in suspects.items()}
for name, error in drill_errors.items():
    print(f"{name:13} error {error:.0e}")
accused = [name for name, error in drill_errors.items() if error > 1e-2]
print(f"Your check accuses {len(accused)} of 7: {', '.join(accused) or 'none'}.")
print("All found." if len(accused) == 4 else "Four are wrong: change x_drill and g_drill.")

# %% [markdown]
# The cell doesn't know the answers. A check may overlook a wrong gradient, but away from kinks it
# gives no right one an error above $10^{-2}$. So when it accuses four, it has found the four.

# %% [markdown]
# ## Two questions to answer in writing
#
# 1. Name the four wrong functions. For **each** one say why the check with the *first* choice of
#    `x_drill` and `g_drill` did or did not catch it, and what the factor next to `g` (or the gate)
#    should have been. (4 points)

# %% [markdown] role="answer" id="the_four_wrong_functions" points=4
# **Model answer.**
#
# * *B*: the slope of tanh is $1 - \tanh(x)^2$, not $1 - x^2$. At $x = 0.1$ that is 0.99007 and
#   0.99, an error of $3 \cdot 10^{-5}$, so the check passed; it needs larger inputs.
# * *C*: the gate is $x > 0$, not $g > 0$. With positive inputs and $g = 1$ both gates are open
#   everywhere; it needs inputs and upstream gradients of both signs.
# * *D*: the mean must be weighted with the probabilities: $p\,(g - \sum_j g_j p_j)$. With $g = 1$
#   everything is 0 anyway, and with equal inputs all $p$ are equal, so that both means agree; it
#   needs unequal inputs *and* a random $g$.
# * *F*: the slope of $\log(1 + e^x)$ is the sigmoid of $x$, not of $-x$. At 0.1 they are 0.525
#   and 0.475, an error of 0.05: caught at once. (At exactly 0 it would have passed.)
#
# **Marking.** 1 point for each function with both parts: the repair, and the reason why it was
# overlooked or caught. Half a point for one part. Minus 1 for each right function (A, E, G) that is
# accused, but not below 0.

# %% [markdown]
# 2. A friend checks a loss of about 2.3 with centred differences and `eps=1e-13`, "since smaller is
#    more exact". The largest relative error is 0.04, at a slope of about 0.05. The friend wants to
#    rewrite the backward function. How large is the rounding error of that measurement, roughly?
#    Does the result say anything about the backward function? What should your friend do?
#    (2 points)

# %% [markdown] role="answer" id="the_step_too_small" points=2
# **Model answer.** Each value of the loss is off by about $10^{-16} \cdot 2.3 \approx
# 2 \cdot 10^{-16}$. Divided by $10^{-13}$, that is an error of about 0.002 in the slope. Compared
# with a slope of 0.05, summed for both numbers to 0.1, it gives a relative error of about 0.02: the
# size of what was seen. So the result says nothing about the backward function; rounding alone
# explains it. Check again with `eps=1e-5`, where rounding is about $10^{-11}$ (or with the complex
# step).
#
# **Marking.** 1 point for an estimate of the rounding error, between 0.0005 and 0.01 or in words
# with the formula $u |f| / \varepsilon$, and the conclusion that the check says nothing. 1 point
# for a larger step near `1e-5`, or the complex step, with its reason. No point for "a smaller
# step" or for "0.04 is small enough".

# %% [markdown]
# ## The answer to the question at the top
#
# * The curves don't tell. Program A forgot a factor and still trained well, only a little worse.
# * The second opinion is the loss itself: move each parameter up and down, and measure. Your
#   `check_gradient` found an error of 1 in program A, and part by part it showed *where*.

# %% [markdown]
# ## What to remember
#
# 1. **A falling loss proves nothing** about the gradient. Measure it.
# 2. **Centred differences**: error $\varepsilon^2$ from truncation, $u|f|/\varepsilon$ from
#    rounding. Use float64 and `eps=1e-5`, near the bottom of the V.
# 3. **Relative error**, entry by entry, the largest counts: below $10^{-7}$ is right, above
#    $10^{-2}$ is wrong. Near a kink, try a smaller step.
# 4. **The complex step** subtracts nothing, so it is exact. `abs` breaks it, and `max` can.
# 5. **A check is blind** to what is missing in both, to sums that can't change, and to special
#    places. Use random inputs and upstream gradients, check every array, and compare the value too.

# %% [markdown]
# ## References
#
# * J. N. Lyness and C. B. Moler (1967). Numerical differentiation of analytic functions. *SIAM
#   Journal on Numerical Analysis* 4(2), 202-210, <https://doi.org/10.1137/0704019>. Derivatives
#   from complex numbers: the idea.
# * W. Squire and G. Trapp (1998). Using complex variables to estimate derivatives of real
#   functions. *SIAM Review* 40(1), 110-112, <https://doi.org/10.1137/S003614459631241X>. The
#   complex step, in three pages.
# * J. R. R. A. Martins, P. Sturdza and J. J. Alonso (2003). The complex-step derivative
#   approximation. *ACM Transactions on Mathematical Software* 29(3), 245-262,
#   <https://doi.org/10.1145/838250.838251>. What to do about `abs` and comparisons.
# * W. H. Press, S. A. Teukolsky, W. T. Vetterling and B. P. Flannery (2007). *Numerical Recipes*,
#   3rd edition, Cambridge University Press, section 5.7. Which step is best.
# * Stanford CS231n, course notes, "Gradient checks", <https://cs231n.github.io/neural-networks-3/>.
