# %% [markdown]
# # Arrays
#
# Here are 1500 images of handwritten digits. Each one has a **label**: somebody has noted which
# digit it shows. And here are 297 more images, without labels. What do they show?
#
# You don't know yet how to train a network. So take the simplest idea there is: for each new image,
# look up the most similar one among the 1500, and copy its label.
#
# * How many of the 297 answers will be right? Half? Nine in ten? More?
# * Comparing every new image with every labelled one, pixel by pixel, takes 28.5 million
#   subtractions. How do you get them in a moment, from a language that is slow at such loops?
#
# By the end of this lesson you can answer both, and three functions of yours have done the work.

# %% [markdown]
# **You need** a little Python: numbers, lists, loops and functions.
#
# **You build** `accuracy` (how many answers are right), `one_hot` (labels as rows of zeros and
# ones) and `pairwise_squared_distances` (how far apart points are, all pairs at once).
#
# **How to work.** Three cells are yours to fill in. Run your cell, then the cell below it: `check`
# tries your function on many inputs and, where it recognises a mistake, names it. Check as often as
# you like. Where the text says **Predict**, decide on an answer before you run the next cell. A
# wrong guess of your own teaches more than a right answer that you read.

# %%
import os
import time

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from course import check
from nnkit.plots import show_figure

BLUE, ORANGE = "#0072B2", "#D55E00"  # distinct for colour-blind readers too
SHORT = "NBGRADER_EXECUTION" in os.environ  # while grading, the long runs are cut short

# %% [markdown]
# ## An array is a box of numbers
#
# NumPy's **array** holds numbers of one kind in a regular grid. It has
#
# * a **shape**: how many entries there are along each direction. The directions are called
#   **axes** and are counted from 0.
# * a **dtype** ("data type"): the kind of the numbers, the same for all entries.
#
# | example | shape | number of axes |
# |---|---|---|
# | one number | `()` | 0 |
# | a list of 5 numbers | `(5,)` | 1 |
# | a table of 2 rows and 3 columns | `(2, 3)` | 2 |
# | 1797 images of 8 rows and 8 columns of pixels | `(1797, 8, 8)` | 3 |
#
# The comma in `(5,)` is Python's way to write a list of *one* length.

# %%
digits = load_digits()
images, targets = digits.images, digits.target
print("images: ", images.shape, images.dtype)
print("targets:", targets.shape, targets.dtype)

# %% [markdown]
# `float64` is a number with about 16 digits, `int64` a whole number. The **targets** are the
# labels. Axis 0 of `images` counts the images, axis 1 the rows of pixels, axis 2 the columns.
#
# An index in square brackets picks along axis 0: `images[0]` is the first image, an array of shape
# (8, 8). Here it is, as numbers and as a picture. 0 is paper, 16 is ink.

# %%
fig, ax = plt.subplots(figsize=(4, 4))
ax.imshow(images[0], cmap="Greys", vmin=0, vmax=24)
for row in range(8):
    for column in range(8):
        ax.text(column, row, f"{images[0, row, column]:.0f}", ha="center", va="center")
ax.set(xlabel="axis 2 of images: column", ylabel="axis 1 of images: row")
ax.set_title(f"images[0], a {targets[0]}")
show_figure(
    fig,
    alt="The first image as a grid of 8 by 8 numbers from 0 to 15; larger numbers have darker "
    "cells. The dark cells form a ring: a handwritten zero.",
)

# %% [markdown]
# ### Picking parts
#
# Give an index for each axis, separated by commas. A **slice** `start:stop` takes a range without
# its end; a bare `:` takes all; a negative index counts from the end.
#
# **Predict** each shape: an axis with a single index disappears, an axis with a slice stays.

# %%
print("images[5]         ", images[5].shape)
print("images[5, 2]      ", images[5, 2].shape)
print("images[5, 2, 3]   ", images[5, 2, 3].shape)
print("images[10:20]     ", images[10:20].shape)
print("images[:, 0, -1]  ", images[:, 0, -1].shape)
print("images[:, 0:1, -1]", images[:, 0:1, -1].shape)

# %% [markdown]
# The last two pick the same pixels, the upper right corner of each image. Yet the shapes differ:
# `0` removes the axis, `0:1` leaves an axis of length 1.
#
# ### Changing the shape
#
# `reshape` keeps the numbers and their order, and cuts them into other rows. A network wants one
# row for each image: shape (1797, 64). The order is "last axis fastest": first the 8 pixels of row
# 0, then those of row 1, and so on. With $-1$ NumPy works out the length by itself.

# %%
x = images.reshape(len(images), -1) / 16  # pixels from 0 to 1
print(x.shape, "first row equal to first image:", (x[0] == images[0].reshape(64) / 16).all())

# %% [markdown]
# `images.reshape(64, -1)` would also run, and mix pixels of different images without a word.
#
# `/ 16` divided every entry: arithmetic on arrays works **entry by entry**. So do comparisons; `==`
# gave an array of True and False, and `.all()` asked whether all of them are True.
#
# Each dtype has its limits. Image files often come as `uint8`, whole numbers from 0 to 255.
# **Predict** what $3 - 5$ is there.

# %%
dark, light = np.array([3], dtype=np.uint8), np.array([5], dtype=np.uint8)
print(dark - light)

# %% [markdown]
# It wraps round below 0, without a warning. Turn such data into floats first: `x.astype(float)`.
#
# ## Working along an axis
#
# Sums, means and maxima can run over the whole array or along one axis. Take a table of two rows:
#
# | | column 0 | column 1 | column 2 | `sum(axis=1)` |
# |---|---|---|---|---|
# | row 0 | 1 | 2 | 3 | 6 |
# | row 1 | 10 | 20 | 30 | 60 |
# | `sum(axis=0)` | 11 | 22 | 33 | |
#
# **The axis that you name is the one that disappears.** Shape (2, 3) without axis 0 is (3,), and
# without axis 1 it is (2,). With `keepdims=True` the axis stays, with length 1.

# %%
table = np.array([[1, 2, 3], [10, 20, 30]])
print("axis=0:", table.sum(axis=0), " axis=1:", table.sum(axis=1), " all:", table.sum())
print("axis=1, keepdims=True, shape", table.sum(axis=1, keepdims=True).shape)
print(table.sum(axis=1, keepdims=True))

# %% [markdown]
# `mean`, `max`, `min` and others obey the same rule. So does `argmax`, which tells *where* the
# largest entry stands. In `np.array([7, 9, 8])` the maximum is 9 and the argmax is 1. If several
# entries are the largest, argmax takes the first of them.
#
# True counts as 1 and False as 0, so the mean of an array of them is the **share** of True.
#
# ### Exercise: `accuracy`
#
# A classifier gives every image (row) a score for every class (column). Such scores are often
# called **logits**. The answer is the class with the largest score. The **accuracy** is the share
# of rows with a right answer. With $s_{ik}$ for the score of class $k$ and $y_i$ for the target:
#
# $$\text{accuracy} = \frac{1}{N} \sum_{i=1}^{N} [\, \arg\max_k s_{ik} = y_i \,]$$
#
# where $[\ ]$ is 1 if the statement inside is true, and 0 if not. Three steps: find each row's
# answer, compare, take the share. Think about:
#
# * Which axis disappears when a row becomes one answer?
# * The task asks for a Python number, not an array or a NumPy number; `float(...)` makes one.

# %% role="exercise" name="accuracy"

# %% [markdown]
# ## Index arrays
#
# An index can itself be an array of integers. On one axis it picks these entries in this order, and
# it may repeat some. **Predict** the three lines.

# %%
letters = np.array(["a", "b", "c", "d"])
print(letters[np.array([3, 0, 0])])
table = np.array([[11, 12, 13], [21, 22, 23], [31, 32, 33]])
print(table[np.array([2, 0])])
print(table[np.array([0, 1, 2]), np.array([2, 0, 1])])

# %% [markdown]
# The second line picked whole rows. In the third, **two index arrays of the same length are
# paired**: it picked the entries (0, 2), (1, 0) and (2, 1), three numbers.
#
# A slice and an index array are *not* paired: `table[:, np.array([2, 0, 1])]` takes all rows, and
# from each of them the columns 2, 0, 1. That gives nine numbers.
#
# Both forms can also stand on the left of `=`. Then they write into these entries.
#
# ### Masks
#
# An array of True and False, a **mask**, picks the entries where it is True. Here it picks all
# images of one digit; their mean along axis 0 is the average image of that digit.

# %%
fig, axes = plt.subplots(1, 10, figsize=(10, 1.5), layout="constrained")
for digit, ax in enumerate(axes):
    ax.imshow(images[targets == digit].mean(axis=0), cmap="Greys", vmin=0, vmax=16)
    ax.set_title(f"{digit}: {(targets == digit).sum()}")
    ax.axis("off")
show_figure(
    fig,
    alt="Ten blurred images, the averages of all images of the digits 0 to 9. Each digit can be "
    "recognised. Above each stands how many images it comes from, between 174 and 183.",
)

# %% [markdown]
# ### Exercise: `one_hot`
#
# A label such as 7 is only a name. Nothing about a 7 is larger than about a 6. So networks get
# labels in another form, called **one-hot**: a row with a column for each class, 1 at the right
# class and 0 elsewhere. With three classes, the targets $2, 0$ become
#
# $$\begin{pmatrix} 0 & 0 & 1 \\ 1 & 0 & 0 \end{pmatrix}$$
#
# Start from zeros and write N ones, one in each row: row 0 at column $y_0$, row 1 at column $y_1$,
# and so on. Think about:
#
# * Which of the two forms above hits one entry in each row, and not whole columns?
# * `np.arange(4)` is the array 0, 1, 2, 3.
# * How many columns are there if the last class doesn't occur among the targets?

# %% role="exercise" name="one_hot"

# %% [markdown]
# A one-hot matrix can do sums. Its transpose (`.T`, rows and columns exchanged) has a row for each
# class; in that row stand ones at the images of the class. So the matrix product (`@` in Python)
# with `x` adds up the images of each class. **Predict** the shape of the result.

# %%
encoded = one_hot(targets, 10)
print("shapes:", encoded.T.shape, "@", x.shape)
class_sums = encoded.T @ x
print("result:", class_sums.shape)
print("same as with a mask:", np.allclose(class_sums[3], x[targets == 3].sum(axis=0)))

# %% [markdown]
# ## Views and copies
#
# A slice does not copy anything. It is a **view**: a second name for the same numbers. Writing into
# the view writes into the original. An index array or a mask makes a **copy**.
#
# **Predict** the three arrays that the next two cells print.

# %%
numbers = np.array([0, 1, 2, 3, 4])
part = numbers[1:3]
part[0] = 99
print(numbers)

picked = numbers[np.array([3, 4])]
picked[0] = 77
print(numbers)


# %%
def minus_mean(values):
    values -= values.mean()  # works in place: it writes into the caller's array
    return values


heights = np.array([1.0, 2.0, 6.0])
minus_mean(heights)
print(heights)

# %% [markdown]
# The last one is a classic: `values -= ...` changes the array that the caller still needs, while
# `values = values - ...` makes a new array and leaves the caller's alone. So `check` always looks
# whether your function has left its arguments as they were. Also `b = a` copies nothing; it is one
# array with two names. When you need a copy, say `a.copy()`.

# %% [markdown]
# ## Broadcasting
#
# What is (4, 3) plus (3,)? Add the row to each of the four rows. NumPy's rules for shapes that
# differ are called **broadcasting**:
#
# 1. Write the shapes below each other, **aligned at the right**. Fill the shorter one with 1s on
#    the left.
# 2. Compare the axes one by one. Two lengths fit if they are **equal**, or if one of them is **1**.
#    If any axis does not fit, there is an error.
# 3. An axis of length 1 is used again and again, as if it were copied to the other length.
#
# ```text
#   table      4  3         column     4  1         table      4  3
#   row           3         row           3         per row       4
#   --------------------    --------------------    --------------------
#   filled up  1  3         filled up  1  3         filled up  1  4
#   result     4  3         result     4  3         error: 3 and 4
# ```
#
# In the second case, each number of the column meets each number of the row.
#
# **Predict** the shape of each sum, or "error".

# %%
pairs = [
    ((5, 3), (3,)),
    ((5, 3), (5,)),
    ((5, 3), (5, 1)),
    ((5, 1), (5,)),
    ((2, 1, 4), (3, 1)),
    ((1,), (6, 7)),
]
for first, second in pairs:
    try:
        result = (np.zeros(first) + np.zeros(second)).shape
    except ValueError:
        result = "error"
    print(f"{first!s:10} + {second!s:7} = {result}")

# %% [markdown]
# Look at the second and third: one number for each *row* needs the shape (5, 1). That is what
# `keepdims` is for. To give each row of a table the mean 0, write
# `table - table.mean(axis=1, keepdims=True)`. Without `keepdims` you get an error, **or, if the
# table is square, a wrong result without any warning**.
#
# The fourth is a common mistake without an error: you wanted 5 sums and got all $5 \cdot 5$.

# %% [markdown]
# ### All pairs on purpose
#
# Often all pairs are just what we want. Take 3 numbers $a$ and 4 numbers $b$ on a line, and ask for
# every squared difference. `np.newaxis` inside the brackets inserts an axis of length 1.

# %%
a, b = np.array([0.0, 1.0, 5.0]), np.array([0.0, 2.0, 4.0, 6.0])
print("shapes:", a[:, np.newaxis].shape, b.shape)
print((a[:, np.newaxis] - b) ** 2)

# %% [markdown]
# Row $i$ belongs to $a_i$, column $j$ to $b_j$: $(1 - 4)^2 = 9$ stands in row 1, column 2.
#
# ## Why not a loop?
#
# A loop in Python could do all this, too. What does it cost? Both functions below add up squares.
# The first goes through the numbers in Python. The second hands whole arrays to NumPy, which is
# called **vectorised** code.
#
# **Predict** how many times as fast the second is: for 10 numbers, and for 100,000.


# %%
def loop_sum(values):
    total = 0.0
    for value in values:
        total += value * value
    return total


def array_sum(values):
    return (values * values).sum()


def seconds(function, *arguments, repeats=5):
    """The shortest of several runs; the others were disturbed by something else."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)


rng = np.random.default_rng(0)
for size in [10, 100, 1000, 10_000, 100_000]:
    values = rng.standard_normal(size)
    ratio = seconds(loop_sum, values) / seconds(array_sum, values)
    print(f"{size:6} numbers: NumPy is {ratio:.1f} times as fast")

# %% [markdown]
# The ratios depend on your computer, the pattern doesn't. A call of NumPy has a fixed price, so for
# ten numbers there is little to gain. For large arrays NumPy wins by far:
#
# * For each number, the loop in Python must find out what kind of object it has before it can
#   multiply. NumPy finds out once for the whole array, since all entries have one dtype.
# * The numbers of an array lie side by side in memory, and the loop over them is machine code.
#
# So: **few calls, large arrays.**

# %% [markdown]
# ## Similar means near
#
# Back to the digits. An image of 64 pixels is a list of 64 numbers: a point in a space of 64
# dimensions. Call two images similar if their points are near each other. The squared distance of
# two points $a$ and $b$ is, as for points in a plane (Pythagoras),
#
# $$\sum_{d=1}^{D} (a_d - b_d)^2$$
#
# For $a = (0, 0)$ and $b = (3, 4)$ that is $9 + 16 = 25$ (the distance is its root, 5). To find the
# *nearest* point, the root isn't needed: the smallest square has the smallest root.
#
# ### Exercise: `pairwise_squared_distances`
#
# Given are N points (the rows of `a`) and M points (the rows of `b`), each with D coordinates. Fill
# a table of shape (N, M):
#
# $$\text{distances}_{ij} = \sum_{d} (a_{id} - b_{jd})^2$$
#
# "All pairs on purpose" does it for points on a line. Now there are D coordinates. Think in shapes:
#
# * The formula has three indices: $i$, $j$ and $d$. Which shape would hold a difference for each
#   combination?
# * Which shapes must `a` and `b` have, so that broadcasting makes that shape? Where does each of
#   them need an axis of length 1?
# * Over which axis is the sum?

# %% role="exercise" name="pairwise_squared_distances"

# %% [markdown]
# ## Recognise digits by looking them up
#
# First split the data, in a random order, so that both parts are alike. The same index array picks
# the images *and* their targets, so they stay together.

# %%
order = np.random.default_rng(0).permutation(len(x))
train, test = order[:1500], order[1500:]
if SHORT:
    test = test[:60]
x_train, targets_train = x[train], targets[train]
x_test, targets_test = x[test], targets[test]
print(x_train.shape, x_test.shape)

# %% [markdown]
# ### First try: compare with ten averages
#
# The score of a class is *minus* the squared distance to its average image, so that the nearest one
# has the largest score. **Predict** the accuracy. (Guessing gets about 0.1.)

# %%
encoded = one_hot(targets_train, 10)
counts = encoded.sum(axis=0)[:, np.newaxis]  # shape (10, 1): one number for each class
averages = encoded.T @ x_train / counts
scores = -pairwise_squared_distances(x_test, averages)
assert scores.shape == (len(x_test), 10), "pairwise_squared_distances isn't right yet"
print(f"scores: {scores.shape}, accuracy: {accuracy(scores, targets_test):.3f}")

# %% [markdown]
# Ten blurred pictures recognise almost nine in ten. But people write the same digit in different
# ways, and an average of two ways is neither of them.
#
# ### Second try: the nearest neighbour
#
# Now compare with all 1500 images. `argmin(axis=1)` finds the nearest one for each row, and an
# index array picks the targets of these. **Predict** the shape of `distances`, and the accuracy.


# %%
def accuracy_of_nearest(distances):
    answers = targets_train[distances.argmin(axis=1)]
    return (answers == targets_test).mean()


start = time.perf_counter()
distances = pairwise_squared_distances(x_test, x_train)
your_seconds = time.perf_counter() - start
assert distances.shape == (len(x_test), 1500), "pairwise_squared_distances isn't right yet"
print(f"distances: {distances.shape}, accuracy: {accuracy_of_nearest(distances):.3f}")

# %% [markdown]
# 99 %, without any training. There is your first answer.
#
# And the second? Take 300 pairs of images with a loop over the pixels, and work out from that how
# long all pairs would have taken. **Predict** how many times as long as your function.


# %%
def loop_over_pixels(first, second):
    for one, other in zip(first, second, strict=True):  # a pair of images
        total = 0.0
        for p, q in zip(one, other, strict=True):
            total += (p - q) * (p - q)


num_pairs = len(x_test) * len(x_train)
loop_seconds = seconds(loop_over_pixels, x_train[:300], x_train[300:600]) / 300 * num_pairs
print(f"{num_pairs} pairs of 64 pixels: {num_pairs * 64 / 1e6:.1f} million subtractions")
print(f"the loop would take {loop_seconds / your_seconds:.0f} times as long as your function")

# %% [markdown]
# The ratio depends on your computer and on how you wrote your function. (A function with loops is
# right, too, and earns its points. It only takes its time.)
#
# Speed has a price: memory. A table of all differences, with an axis for each of $i$, $j$ and $d$,
# has 28.5 million entries of 8 bytes each. That is 228 MB, for quite small images.
#
# ### How many examples does it need?
#
# **Predict**: with only one tenth of the labelled images, 150 of them, is the accuracy one tenth,
# half, or almost the same?

# %%
sizes = [10, 20, 50, 100, 150, 300, 600, 1000, 1500]
curve = [accuracy_of_nearest(distances[:, :size]) for size in sizes]
words = ", ".join(f"{a:.3f} with {size}" for size, a in zip(sizes, curve, strict=True))
print("accuracy", words)
of_averages = accuracy(scores, targets_test)

fig, ax = plt.subplots(figsize=(7, 3.8))
ax.semilogx(sizes, curve, color=BLUE, marker="o", label="nearest neighbour")
ax.axhline(of_averages, color=ORANGE, linestyle="--", label="ten averages")
ax.set_xticks([10, 30, 100, 300, 1000], ["10", "30", "100", "300", "1000"])
ax.minorticks_off()
ax.set(xlabel="labelled images", ylabel="accuracy", ylim=(0, None))
ax.legend()
show_figure(
    fig,
    alt=f"Accuracy of the nearest neighbour against the number of labelled images: {words}. A "
    f"dashed line marks the ten averages at {of_averages:.3f}.",
)

# %% [markdown]
# Almost the same: 150 labelled images reach 0.926. From there on, each further step costs ever more
# images. (One answer moves the accuracy by 0.003, so the dip at 1000 is three images.)
#
# ### Look at the mistakes
#
# Here are the wrong answers: above, the image; below, the neighbour that it was taken for.

# %%
nearest = distances.argmin(axis=1)
wrong = np.flatnonzero(targets_train[nearest] != targets_test)[:6]  # their positions
fig, axes = plt.subplots(2, max(len(wrong), 2), figsize=(6, 4.4), layout="constrained")
for ax in axes.ravel():
    ax.axis("off")
for (above, below), i in zip(axes.T, wrong, strict=False):
    above.imshow(x_test[i].reshape(8, 8), cmap="Greys")
    above.set_title(targets_test[i])
    below.imshow(x_train[nearest[i]].reshape(8, 8), cmap="Greys")
    below.set_title(f"nearest: {targets_train[nearest[i]]}")
pairs = ", ".join(f"{targets_test[i]} above {targets_train[nearest[i]]}" for i in wrong)
show_figure(fig, alt=f"Wrong answers, each a test image above its nearest neighbour: {pairs}.")

# %% [markdown]
# ### What the nearest neighbour can't do
#
# Move every test image by a single pixel to the right. For you it shows the same digit as before.
# **Predict** the accuracy.

# %%
moved = np.zeros((len(x_test), 8, 8))
moved[:, :, 1:] = x_test.reshape(-1, 8, 8)[:, :, :-1]
distances_moved = pairwise_squared_distances(moved.reshape(-1, 64), x_train)
print(f"moved by one pixel: accuracy {accuracy_of_nearest(distances_moved):.3f}")

# %% [markdown]
# From 0.99 to 0.66. Near in pixels and similar in meaning are not the same. The method has no idea
# of what makes a 3.
#
# Even the 99 % came easily. The images were centred and scaled before we got them. Only 13 people
# wrote them, so a test image often finds one by its own writer. And for every answer the method
# compares with all examples; a network takes long to train, and then answers fast.

# %% [markdown]
# ## Two questions to answer in writing
#
# **Question 1.** You want to compare 10,000 images with 60,000, each of 784 pixels, in float64 (8
# bytes a number). A friend's function first makes a table of all differences, with one axis for
# each of $i$, $j$ and $d$. How many bytes is that? You have 4 GB of memory (1 GB is a billion
# bytes). Say how to find each image's nearest neighbour all the same with the friend's function,
# and with which numbers. Three or four sentences. (2 points)

# %% [markdown] role="answer" id="memory_of_all_pairs" points=2
# **Model answer.** $10\,000 \cdot 60\,000 \cdot 784 \cdot 8$ bytes are about
# $3.8 \cdot 10^{12}$, or 3800 GB. One of the 10,000 images alone needs $60\,000 \cdot 784 \cdot 8$
# bytes, 376 MB, so at most 10 of them fit into 4 GB (the squares want room as well, so rather 5).
# So I call the function for 10 (or 5) rows of `a` at a time, take `argmin(axis=1)` of each result,
# and keep only these numbers. All distances together would be 4.8 GB, so I don't keep them either.
#
# **Marking.** 1 point for the size, 3.8 TB within rounding (half a point if only the factor 8 is
# missing). 1 point for portions of the rows (of either array, with the minimum carried along) with
# a portion that fits: from 1 to 10 whole images. Half a point if the portions come without a
# number. Another right way with its numbers, such as multiplying the square out, so that only
# tables of shape (portion, 60,000) are needed, earns the point too.

# %% [markdown]
# **Question 2.** A model predicts one number for each example. `predictions` has the shape (N, 1),
# `targets` the shape (N,). The loss is `((predictions - targets) ** 2).mean()`. For N = 3 the
# predictions are 1, 2, 3 and the targets are 1, 2, 3 as well. Which number does this line give, and
# how does it come about? Repair the line. (2 points)

# %% [markdown] role="answer" id="a_loss_of_all_pairs" points=2
# **Model answer.** (3, 1) and (3,) are broadcast to (3, 3): the line subtracts every target from
# every prediction. The nine differences are 0, $-1$, $-2$; 1, 0, $-1$; 2, 1, 0. Their squares add
# up to 12, so the result is $12/9 = 1.33$, although all predictions are right and the loss should
# be 0. Repair: give both the same shape, for example `predictions[:, 0] - targets` (or
# `predictions.ravel()`, or `targets[:, np.newaxis]`).
#
# **Marking.** 1 point for the shape (3, 3), all pairs, *and* the number $4/3$ (half a point for one
# of the two). 1 point for a repair that gives both the same shape, (N,) or (N, 1). Nothing for a
# loop around the old line or for `keepdims` in the mean.

# %% [markdown]
# ## The answer to the questions at the top
#
# * **How many are right?** 294 of 297, or 99 %. Move the images by one pixel, and a third of the
#   answers is wrong. Networks are there to learn what matters, and not only to remember.
# * **How do you get 28.5 million subtractions in a moment?** With axes of length 1 in the right
#   places, one line of NumPy describes all of them, and machine code goes through the numbers.

# %% [markdown]
# ## What to remember
#
# 1. **Know your shapes.** Print them whenever in doubt; the first axis is the examples.
# 2. **The axis that you name disappears**; with `keepdims=True` it stays, with length 1.
# 3. **Broadcasting**: align at the right; equal or 1 fits. (N, 1) with (N,) silently makes (N, N).
# 4. **Two index arrays are paired**; a slice with an index array is not. Slices are views, index
#    arrays copy, and `+=` writes into the caller's array.
# 5. **Few calls, large arrays**: that is fast, and memory is the price.

# %% [markdown]
# ## References
#
# * C. R. Harris et al. (2020). Array programming with NumPy. *Nature* 585, 357-362,
#   <https://doi.org/10.1038/s41586-020-2649-2>. What an array is, by its makers.
# * NumPy's documentation on broadcasting,
#   <https://numpy.org/doc/stable/user/basics.broadcasting.html>, and on copies and views,
#   <https://numpy.org/doc/stable/user/basics.copies.html>.
# * T. M. Cover and P. E. Hart (1967). Nearest neighbor pattern classification. *IEEE Transactions
#   on Information Theory* 13(1), 21-27, <https://doi.org/10.1109/TIT.1967.1053964>. With ever more
#   examples, the nearest neighbour errs at most twice as often as the best rule possible.
# * E. Alpaydin and C. Kaynak (1998). *Optical Recognition of Handwritten Digits*, UCI Machine
#   Learning Repository. The images; scikit-learn's copy is its test part.
