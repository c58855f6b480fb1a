# %% [markdown]
# # Capstone: a classifier of your own
#
# A network with a single layer recognises 96 % of handwritten digits. Now print half of the
# pictures as **negatives**: dark becomes light, light becomes dark. You can still read them. The
# same network, trained on these pictures, falls to 26 %.
#
# * Why does it fail so badly? What does it take to read both?
# * You will build a classifier that can. It will be graded on pictures that nobody shows you. How
#   do you know how good it is, before anybody tells you? And which mistakes will it make?
#
# By the end of this lesson you can answer all of this, for a classifier that is yours from the
# first line to the last.

# %% [markdown]
# **You need** all that went before, above all minibatches (lesson 05), standardised data (lesson
# 06) and one update rule, such as Adam (lesson 09). Functions of earlier lessons are given below.
# You may put your own in their place.
#
# **You build** one function, `train_classifier`. This time nobody tells you how.
#
# **How to work.** One cell is yours to fill in. Run your cell, then the cell below it: `check`
# trains your classifier on many data sets and, where it recognises a mistake, names it. Where the
# text says **Predict**, decide on an answer before you run the next cell.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from course import check
from nnkit.data import DownloadError, fashion_mnist
from nnkit.functional import (
    accuracy,
    adam_step,
    cross_entropy,
    cross_entropy_backward,
    dropout_backward,
    dropout_forward,
    fit_standardizer,
    kaiming_normal,
    linear,
    linear_backward,
    minibatches,
    mlp_backward,
    mlp_forward,
    mlp_loss,
    momentum_step,
    relu,
    relu_backward,
    sgd_step,
    softmax,
    standardize,
)
from nnkit.plots import confusion_matrix, show_figure

BLUE, ORANGE = "#0072B2", "#D55E00"  # distinct for colour-blind readers too
SHORT = "NBGRADER_EXECUTION" in os.environ  # while grading, the long runs are cut short

# %% [markdown]
# ## The task
#
# Write a function that trains, and returns a function that predicts:
#
#     predict = train_classifier(x_train, y_train, x_val, y_val, rng)
#     classes = predict(x)
#
# | name | shape | what it is |
# |---|---|---|
# | `x_train`, `y_train` | (N, D), (N,) | training examples, and their classes from 0 to C - 1 |
# | `x_val`, `y_val` | (M, D), (M,) | validation examples: for decisions, never for a gradient |
# | `rng` | | the generator that all randomness comes from |
# | `predict(x)` | (K, D) → (K,) | a class for each row of `x`, as a whole number |
#
# In Python a function can return a function that was defined inside it. The inner one keeps access
# to the variables of the outer one, here to the trained weights:
#
#     def adder(n):
#         def add(x):
#             return x + n
#         return add          # without parentheses: the function itself
#
#     adder(3)(4)             # 7

# %% [markdown]
# ### The rules
#
# * **NumPy only.** What you import from `nnkit.functional` above is allowed, and so is your own
#   code.
# * **A time limit.** One check trains 11 times, on at most 700 examples with 64 features. When it
#   is graded, all of this together may take **60 seconds** (those that `check` asks for, and again
#   60 for those that only grading asks for). The grader's machine may be slower than yours. So aim
#   at less than 2 seconds for one training.
# * **Hidden pictures.** Your classifier is trained on 700 digits, may use 200 more for validation,
#   and is then asked for 897 that nobody has shown you. The pixels come in a random order, with a
#   little noise, and the classes have other names each time. So nothing can be learnt by heart.
# * **Partial credit.** There are points for ordinary digits from 80 % on, for digits of which half
#   are negatives from 75 % on, and more from 90 % on. The other points are for what any classifier
#   should do: answer for one row as for many, leave its arguments alone, use `rng`, cope with other
#   numbers of features and classes, also when the examples come class by class.
# * **Leave a margin.** The pictures are drawn anew when it is graded, and an accuracy moves by
#   about 1 % from draw to draw. So aim at 94 %, not at 91.

# %% [markdown]
# ## The data
#
# A pixel of a digit is a number from 0 (paper) to 16 (ink). In a negative it is 16 minus that
# number.


# %%
def parts_of_digits(share_negative, seed=0):
    """Pictures and classes, each in three parts: 700 to train, 200 to validate, 897 to test."""
    digits, rng = load_digits(), np.random.default_rng(seed)
    order = rng.permutation(1797)
    x, y = digits.data[order], digits.target[order]
    negative = rng.random(1797) < share_negative
    x[negative] = 16 - x[negative]
    return np.split(x, [700, 900]), np.split(y, [700, 900])


(x_train, x_val, x_test), (y_train, y_val, y_test) = parts_of_digits(share_negative=0.5)
fig, axes = plt.subplots(1, 8, figsize=(8, 1.4), layout="constrained")
for ax, image, target in zip(axes, x_train, y_train, strict=False):
    ax.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=16)
    ax.set(title=f"{target}", xticks=[], yticks=[])
show_figure(
    fig,
    alt="Eight pictures of handwritten digits, 8 by 8 pixels each. Five show dark ink on light "
    "paper; three are negatives, light ink on dark paper.",
)

# %% [markdown]
# ## Baselines first
#
# A **baseline** is a simple answer that yours has to beat. Without one, no number means anything:
# 90 % is bad where 95 % of the examples are of one class.
#
# * **The majority class**: always say the class that is most frequent in the training set.
# * **Softmax regression**: a single layer with softmax, the network of lesson 02. `mlp_loss` gives
#   its gradients when it gets one weight matrix.
#
# **Predict** what the majority class gets, and what softmax regression gets on its own *training*
# pictures when half of them are negatives.


# %%
def softmax_regression(x_train, y_train, num_steps=200):
    """One layer, trained by gradient descent on all examples at once."""
    centre, spread = fit_standardizer(x_train)
    z = standardize(x_train, centre, spread)
    weight, bias = np.zeros((z.shape[1], 10)), np.zeros(10)
    for _ in range(num_steps):
        _, (grad_weight,), (grad_bias,) = mlp_loss(z, y_train, [weight], [bias])
        weight, bias = sgd_step(weight, grad_weight, 0.5), sgd_step(bias, grad_bias, 0.5)
    return lambda x: (standardize(x, centre, spread) @ weight + bias).argmax(axis=1)


for name, share in [("ordinary digits", 0.0), ("half negatives", 0.5)]:
    (a, _, b), (a_targets, _, b_targets) = parts_of_digits(share)
    majority = np.bincount(a_targets).argmax()
    regression = softmax_regression(a, a_targets)
    seen, unseen = np.mean(regression(a) == a_targets), np.mean(regression(b) == b_targets)
    print(f"{name}: majority {np.mean(b_targets == majority):.3f}, ", end="")
    print(f"softmax regression {unseen:.3f} (on its training pictures {seen:.3f})")

# %% [markdown]
# ### Why one layer can't read negatives
#
# 0.964 on ordinary digits, 0.260 with negatives. Look at the *training* accuracy there: 0.406. So
# this isn't overfitting. The single layer can't even get the pictures right that it has seen. The
# reason is short.
#
# Shift the pixels so that they run from $-8$ to 8. Then the negative of a picture $x$ is $-x$. With
# the weights $w_c$ and the bias $b_c$ of class $c$, the logits of the two are
#
# $$ z_c(x) = w_c \cdot x + b_c \qquad\qquad z_c(-x) = -w_c \cdot x + b_c $$
#
# Their mean is $b_c$, whatever the picture shows. So what a pixel says *for* a class in the one, it
# says *against* it in the other. If all biases are equal, the order of the logits is turned round:
# the class that is first for a picture is **last** for its negative. Whatever the weights are, a
# class can't come first in both. (Different biases help only one class, for all pictures alike.)
#
# With a hidden layer the way is open. ReLU cuts off one side, so some units can look for ink and
# others for its negative, and the output layer adds up both. It needs no new idea. It only needs
# to be trained.

# %% [markdown]
# ## Fifty by heart
#
# Before you train on everything, train on 50 examples, until the network knows them by heart. That
# takes a second, and it is the best test for mistakes: a network with 100 hidden units and some
# thousand weights *must* reach a loss near 0 on 50 pictures. If it doesn't, don't tune anything:
# there is a mistake in the code.
#
# Below it is done twice, by plain gradient descent. The second time there is a common mistake: the
# pictures are shuffled in every step, and the classes aren't.
#
# **Predict** both losses at the end. (A network that knows nothing has a loss of $\log 10 = 2.30$.)


# %%
def loss_on_fifty(with_mistake, num_steps=300):
    rng = np.random.default_rng(0)
    z, targets = (x_train[:50] - 8) / 8, y_train[:50]
    weights = [kaiming_normal(64, 100, rng), kaiming_normal(100, 10, rng)]
    biases, losses = [np.zeros(100), np.zeros(10)], []
    for _ in range(num_steps):
        order = rng.permutation(50)
        loss, grad_weights, grad_biases = mlp_loss(
            z[order], targets if with_mistake else targets[order], weights, biases
        )
        weights = [sgd_step(w, g, 0.2) for w, g in zip(weights, grad_weights, strict=True)]
        biases = [sgd_step(b, g, 0.2) for b, g in zip(biases, grad_biases, strict=True)]
        losses.append(loss)
    return losses


fig, ax = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
for name, with_mistake, style in [("right", False, "-"), ("classes not shuffled", True, "--")]:
    losses = loss_on_fifty(with_mistake)
    print(f"{name}: loss {losses[0]:.2f} at the start, {losses[-1]:.3f} at the end")
    ax.plot(losses, style, color=ORANGE if with_mistake else BLUE, label=name)
ax.axhline(np.log(10), color="black", linestyle=":", label="log 10: knows nothing")
ax.set(xlabel="step", ylabel="loss on 50 pictures", ylim=(0, 3.5))
ax.legend()
show_figure(
    fig,
    alt="Loss on 50 pictures over 300 steps. The right network falls smoothly from 3.1 to almost "
    "0. The one whose classes are not shuffled with the pictures falls from 2.8 to about 2.3, "
    "which is log 10, and then jitters around it to the end.",
)

# %% [markdown]
# 0.009 against 2.279. The right network knows the 50 pictures by heart. The other one can't do
# better than guess: it is told another class for the same picture in every step.
#
# When a loss stays at $\log C$, first suspect that inputs and classes don't belong together, or
# that the gradients don't reach the weights. Training longer repairs neither.

# %% [markdown]
# ### Exercise: `train_classifier`
#
# Begin with the smallest thing that can work, and check it. Then improve it, one change at a time.
#
# 1. **Prepare**: standardise by the training examples. `predict` must do the same to what it gets.
# 2. **Build**: one hidden layer. How many inputs, how many classes? Read both off the arguments.
# 3. **Train**: minibatches, and an update rule. In which order do the examples come?
# 4. **Choose**: the weights of which epoch do you keep? The validation examples can tell.
# 5. **Predict**: from logits to classes. What if a single row comes?
#
# You may do something else entirely, as long as it is yours and NumPy is all that it takes.

# %% role="exercise" name="train_classifier"

# %% [markdown]
# Now the digits above, half of them negatives. **Predict** three accuracies: on the training
# pictures, on the validation pictures, on the test pictures.

# %%
predict = train_classifier(x_train, y_train, x_val, y_val, np.random.default_rng(0))
for name, pictures, classes in [
    ("training", x_train, y_train),
    ("validation", x_val, y_val),
    ("test", x_test, y_test),
]:
    share = np.mean(predict(pictures) == classes)
    error = np.sqrt(share * (1 - share) / len(classes))
    print(f"{name:10} {share:.3f}, standard error {error:.3f}")

# %% [markdown]
# ### How exact is an accuracy?
#
# Every picture is a draw: right with a probability $p$, wrong with $1 - p$. The share of hits among
# $n$ pictures then has the standard error
#
# $$\sqrt{\frac{p (1 - p)}{n}}$$
#
# With $p = 0.95$: 0.015 for 200 pictures, 0.007 for 897. Two thirds of the time the share lies
# within one standard error of $p$; nearly always within three.
#
# This answers one question of the beginning. **Pictures that played no part in the training tell
# you how good your classifier is, up to about three standard errors.** The classifier that this
# lesson was written with got 0.969 on the test pictures, so between 0.95 and 0.99 on such pictures
# in general. The validation pictures say nearly the same. But you have chosen by them, so on
# average they are a little too kind (lesson 10).
#
# It also tells you what not to do. With 200 validation pictures a gain of 0.01 is two pictures.
# That may well be chance.

# %% [markdown]
# ## Two layers against one
#
# Now let the share of negatives grow from 0 to a half, and train both classifiers each time.
# **Predict** the two curves.

# %%
shares = [0.0, 0.5] if SHORT else [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
curves = {"softmax regression": [], "your classifier": []}
for share in shares:
    (a, a_val, b), (a_targets, a_val_targets, b_targets) = parts_of_digits(share, seed=1)
    mine = train_classifier(a, a_targets, a_val, a_val_targets, np.random.default_rng(1))
    regression = softmax_regression(a, a_targets)
    for name, classify in zip(curves, [regression, mine], strict=True):
        curves[name].append(np.mean(classify(b) == b_targets))

fig, ax = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
for (name, values), colour, style in zip(
    curves.items(), [ORANGE, BLUE], ["--o", "-s"], strict=True
):
    ax.plot(shares, values, style, color=colour, label=name)
    print(f"{name}: {np.round(values, 2).tolist()}")
ax.set(xlabel="share of negatives", ylabel="accuracy on test pictures", ylim=(0, 1.02))
ax.legend(loc="lower left")
show_figure(
    fig,
    alt="Accuracy on test pictures against the share of negatives, 0 to 0.5. Softmax regression "
    "falls nearly in a straight line, from 0.95 to 0.19. A network with a hidden layer stays "
    "between 0.94 and 0.96.",
)

# %% [markdown]
# Softmax regression falls from 0.95 to 0.19. With few negatives it reads the others and gives up
# the negatives; at a half it can read neither. A network with 100 hidden units stays between 0.94
# and 0.96. (Yours may lie a little higher or lower.)

# %% [markdown]
# ## Better: what to try, and in which order
#
# | what you see | what to try | lesson |
# |---|---|---|
# | the loss is NaN, or jumps | a smaller learning rate; look at the largest gradient | 05, 06 |
# | it stays at $\log C$ | look for the mistake: 50 by heart, a gradient check | 03, 04 |
# | training accuracy is low | more epochs, a larger learning rate, Adam, more units | 05, 09 |
# | deep, and it hardly moves | the scale of the first weights, batch normalization | 06, 07 |
# | training 100 %, validation much less | early stopping, L2, dropout, more data | 08 |
# | it depends on the seed | average the probabilities of several networks | 08 |
# | all is well, and you want more | random search: learning rate first, on a log scale | 10 |
#
# Change one thing at a time, write down what came, and use several seeds before you believe a
# difference.

# %% [markdown]
# ## A harder data set
#
# **Fashion-MNIST** has ten kinds of clothing, 28 by 28 pixels: 784 features instead of 64. If the
# computer has it, the next cell takes 4000 of its pictures to train on. Set `DOWNLOAD = True` to
# fetch it once (31 MB). Otherwise the cell goes on with the digits, half of them negatives, and
# all that follows works with these, too.

# %%
DOWNLOAD = False  # True fetches Fashion-MNIST, once; it is kept for next time


def pictures_to_analyse():
    """Names, size, and pictures and classes in three parts: Fashion-MNIST, or else digits."""
    if (DOWNLOAD or "NNKIT_DATA_DIR" in os.environ) and not SHORT:
        try:
            data = fashion_mnist()
        except DownloadError:
            print("Fashion-MNIST can't be had here.")
        else:
            x = data.x_train[:4000], data.x_train[4000:5000], data.x_test[:2000]
            y = data.targets_train[:4000], data.targets_train[4000:5000], data.targets_test[:2000]
            return data.names, 28, x, y
    print("Going on with the digits.")
    return tuple("0123456789"), 8, *parts_of_digits(share_negative=0.5)


names, size, (x_train, x_val, x_test), (y_train, y_val, y_test) = pictures_to_analyse()

# %% [markdown]
# Baseline first. Then train five times, with five seeds. One answer may be chance; where all five
# networks make the same mistake, there is a reason. As a sixth answer we take the **vote**: the
# class that most of the five name.
#
# **Predict**: is the vote better than the five networks are on average?

# %%
votes = np.zeros((len(x_test), 10), dtype=int)  # for each picture and class: how many networks
print(f"baseline:   {np.mean(softmax_regression(x_train, y_train)(x_test) == y_test):.3f}")
shares_right = []
for seed in range(2 if SHORT else 5):
    predict = train_classifier(x_train, y_train, x_val, y_val, np.random.default_rng(seed))
    classes = predict(x_test)
    votes[np.arange(len(x_test)), classes] += 1
    shares_right.append(np.mean(classes == y_test))
answers = votes.argmax(axis=1)
print("each alone:", np.round(shares_right, 3), f"on average {np.mean(shares_right):.3f}")
print(f"the vote:   {np.mean(answers == y_test):.3f}")

# %% [markdown]
# This is what the lesson's own classifier got (100 hidden units, Adam with a learning rate of 0.02,
# 12 epochs), measured when this was written:
#
# | | baseline | five networks | on average | vote |
# |---|---|---|---|---|
# | digits, half negatives | 0.260 | 0.963 to 0.971 | 0.967 | 0.972 |
# | Fashion-MNIST | 0.809 | 0.798 to 0.818 | 0.808 | 0.836 |
# | Fashion-MNIST, learning rate 0.002 | 0.809 | 0.832 to 0.842 | 0.838 | 0.847 |
#
# * **The vote is better** than the average. Networks from different seeds make different
#   mistakes. Where one of five is wrong, the others outvote it.
# * **Settings don't travel.** What was good for digits is no better than a single layer on
#   clothing. Without the baseline nobody would have noticed. A tenth of the learning rate repairs
#   it. The validation pictures told so: 0.855 on average, against 0.835 with 0.02.

# %% [markdown]
# ## Which mistakes?
#
# The **confusion matrix** counts them. A row stands for the right class, a column for the answer;
# what is right lies on the diagonal. **Predict** which two classes are confused most often.

# %%
confusion_matrix(y_test, answers, names=names)

# %% [markdown]
# ### The worst ones
#
# The matrix says how often. The pictures say why. Here are the mistakes that most of the networks
# agree on, first those that all make: such mistakes are hardly a matter of chance.

# %%
wrong = np.flatnonzero(answers != y_test)
worst = wrong[np.argsort(-votes[wrong].max(axis=1), kind="stable")][:12]
fig, axes = plt.subplots(2, 6, figsize=(8, 3.4), layout="constrained")
for ax in axes.ravel():
    ax.set_axis_off()
for ax, i in zip(axes.ravel(), worst, strict=False):
    ax.imshow(x_test[i].reshape(size, size), cmap="gray_r")
    ax.set_title(f"{names[y_test[i]]}, not {names[answers[i]]}", fontsize=8)
described = "; ".join(f"{names[y_test[i]]} taken for {names[answers[i]]}" for i in worst)
show_figure(
    fig,
    alt=f"The {len(worst)} worst mistakes, each picture with its right class first: {described}.",
)

# %% [markdown]
# ## Two questions to answer in writing
#
# **Question 1.** Analyse the errors of your classifier on the data above.
#
# * Name the two confusions that are most frequent, with their counts.
# * For each of them look at some of the pictures, and sort what you see: can *you* read them? Is
#   the label wrong, is the picture bad, or is the classifier to blame?
# * Propose **one** change that your findings speak for, and say how you would find out whether it
#   helped. (3 points)

# %% [markdown] role="answer" id="error_analysis" points=3
# **Model answer.** (Digits, the lesson's own classifier.) *8 taken for 1, 3 times; 9 taken for 8, 3
# times.* The three 8s are narrow, and at 8 by 8 pixels no hole is left in their loops. I would
# hesitate, too. So the picture is to blame, and more training doesn't bring the hole back. The 9s
# have a dark upper part and a bent stem. I can read them, so here the classifier is to blame. The
# labels look right. *Change*: add copies of the training pictures that are shifted by one pixel, so
# that it sees more kinds of 9. I would train with and without them, with five seeds each, and
# compare the mean accuracies on the validation pictures, next to their standard error.
#
# (Fashion-MNIST: *pullover taken for coat, 28 times; shirt taken for coat, 25 times.* The outlines
# are alike, and at 28 by 28 pixels a zip or a row of buttons is hardly there.)
#
# **Marking.** 1 point: two confusions with counts that fit the student's own matrix. 1 point: for
# both, what the pictures show, with at least one of the three causes given for a reason one can
# see. 1 point: a change that follows from it ("more data of these classes", "shifted copies",
# "look through the labels") *and* a comparison on validation pictures, with several seeds or the
# standard error. "Train longer" or "a larger network" without a finding that speaks for it earns
# nothing.

# %% [markdown]
# **Question 2.** A friend's classifier is right on 100 % of the 700 training pictures and on 95.0 %
# of the 200 validation pictures. She tries a network twice as large: 96.0 %. She keeps it, tries 30
# more variants in the same way, and reports the best: 98.5 % on the validation pictures. Name two
# mistakes in this, each with a number or a reason, and say what she should report. (2 points)

# %% [markdown] role="answer" id="the_best_of_thirty" points=2
# **Model answer.** *The first step was chance.* One percent of 200 is two pictures. The standard
# error of one accuracy is $\sqrt{0.95 \cdot 0.05 / 200} = 0.015$, so a difference of 0.01 says
# nothing. Several seeds, or more pictures, could have told. *The best of 32 is too good.* All were
# compared on the same 200 pictures, and the largest of many numbers with an error of 0.015 lies
# above its true value; three standard errors are enough for 98.5 instead of 95 %. She should
# report the accuracy of the chosen network on pictures that played no part in any choice, once,
# with its standard error.
#
# **Marking.** 1 point: a difference of 0.01 lies within chance, with the standard error or the two
# pictures. 1 point: the best of many on the same pictures is too good, *and* fresh test pictures as
# the repair (half a point for one of the two). "Overfitting, because training is at 100 %" alone
# earns nothing: on the validation pictures she is still good.

# %% [markdown]
# ## To read: the same network elsewhere
#
# You have written by hand what libraries do for you. Here is the same network three times: 784
# inputs, 100 hidden units, ReLU, 10 classes, Adam, batches of 100, and the weights of the best
# epoch. You need none of these libraries now, and nothing here is run. Look for what you know.
#
# (When this was written, each was run once on the Fashion-MNIST pictures of this lesson: 0.833 with
# PyTorch 2.13, 0.837 with Keras 3.15, 0.840 with JAX 0.10. Ours got 0.838 on average.)
#
# ### PyTorch
#
# Closest to this course: layers are objects, and the loop is yours. `loss.backward()` is all of
# lesson 04.
#
# ```python
# import copy
#
# import torch
# from torch import nn
# from torch.utils.data import DataLoader, TensorDataset
#
# model = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
# loss_function = nn.CrossEntropyLoss()
# optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
# loader = DataLoader(TensorDataset(x_train, y_train), batch_size=100, shuffle=True)
#
# smallest = float("inf")
# for epoch in range(12):
#     model.train()
#     for x, y in loader:
#         loss = loss_function(model(x), y)
#         optimizer.zero_grad()
#         loss.backward()
#         optimizer.step()
#     model.eval()
#     with torch.no_grad():
#         val_loss = loss_function(model(x_val), y_val).item()
#     if val_loss < smallest:
#         smallest, best = val_loss, copy.deepcopy(model.state_dict())
# model.load_state_dict(best)
#
# with torch.no_grad():
#     classes = model(x_test).argmax(dim=1)
# ```

# %% [markdown]
# ### Keras
#
# The loop has gone into `fit`. You say what you want, and the library does it.
#
# ```python
# import keras
#
# model = keras.Sequential([
#     keras.Input(shape=(784,)),
#     keras.layers.Dense(100, activation="relu", kernel_initializer="he_normal"),
#     keras.layers.Dense(10),
# ])
# model.compile(
#     optimizer=keras.optimizers.Adam(learning_rate=0.001),
#     loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
#     metrics=["accuracy"],
# )
# keep_best = keras.callbacks.EarlyStopping(
#     monitor="val_loss", patience=12, restore_best_weights=True
# )
# model.fit(
#     x_train, y_train, validation_data=(x_val, y_val),
#     batch_size=100, epochs=12, callbacks=[keep_best],
# )
#
# classes = model.predict(x_test).argmax(axis=1)
# ```

# %% [markdown]
# ### JAX
#
# Functions without state, as in `nnkit.functional`: parameters go in, gradients and new parameters
# come out. `jax.value_and_grad` writes the backward pass for you, and `jax.jit` compiles it. Adam
# comes from the library Optax.
#
# ```python
# import jax
# import jax.numpy as jnp
# import numpy as np
# import optax
#
#
# def forward(params, x):
#     h = jax.nn.relu(x @ params["w1"] + params["b1"])
#     return h @ params["w2"] + params["b2"]
#
#
# def loss_function(params, x, y):
#     logits = forward(params, x)
#     return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()
#
#
# optimizer = optax.adam(learning_rate=0.001)
#
#
# @jax.jit
# def step(params, state, x, y):
#     loss, grads = jax.value_and_grad(loss_function)(params, x, y)
#     updates, state = optimizer.update(grads, state, params)
#     return optax.apply_updates(params, updates), state, loss
#
#
# key1, key2 = jax.random.split(jax.random.key(0))
# normal = jax.nn.initializers.he_normal()
# params = {
#     "w1": normal(key1, (784, 100)), "b1": jnp.zeros(100),
#     "w2": normal(key2, (100, 10)), "b2": jnp.zeros(10),
# }
# state, smallest, rng = optimizer.init(params), np.inf, np.random.default_rng(0)
# for epoch in range(12):
#     for batch in np.array_split(rng.permutation(len(x_train)), len(x_train) // 100):
#         params, state, loss = step(params, state, x_train[batch], y_train[batch])
#     val_loss = loss_function(params, x_val, y_val)
#     if val_loss < smallest:
#         best, smallest = params, val_loss
#
# classes = forward(best, x_test).argmax(axis=1)
# ```

# %% [markdown]
# ### Words that stay, words that change
#
# These stay: logits, cross-entropy, ReLU, batch, epoch, gradient, parameters, Adam, dropout. For
# others each library has words of its own:
#
# | here | PyTorch | Keras | JAX with Optax |
# |---|---|---|---|
# | `linear` | `nn.Linear` | `Dense` | `x @ w + b` |
# | `kaiming_normal` | `kaiming_normal_` | `"he_normal"` | `he_normal` |
# | gradients by hand | `loss.backward()` | inside `fit` | `jax.grad` |
# | `m`, `v` and `t` of Adam | in the optimizer | in the optimizer | `state`, handed on |
# | `lr` | `lr` | `learning_rate` | `learning_rate` |
# | `training=True` | `model.train()` | `training=True` | you write it |
# | `rng`, handed on | one generator for all | one seed for all | `key`, split for each use |

# %% [markdown]
# ### The same word for another thing
#
# Here one has to take care. Most of it makes no error, only another result.
#
# | | here | PyTorch | Keras |
# |---|---|---|---|
# | shape of `weight` | (in, out) | **(out, in)** | (in, out), called `kernel` |
# | first weights, if you say nothing | you must say | uniform, small | Xavier, uniform |
# | gradients of the next step | new | **added** to the old | new |
# | cross-entropy takes | logits | logits | **probabilities**, unless told |
# | `eps` of Adam | 1e-8 | 1e-8 | **1e-7** |
# | `momentum` of batch norm | weighs the new batch | the same | weighs **the old average** |
# | its default | 0.1 | 0.1 | 0.99 |
# | L2 adds | $\frac{\lambda}{2} \sum w^2$ | the same, **biases too** | $\lambda \sum w^2$ |
#
# For PyTorch, L2 is the optimizer's `weight_decay`; "uniform, small" is between
# $-1 / \sqrt{n}$ and $1 / \sqrt{n}$ for $n$ inputs. The `he_normal` of Keras and JAX cuts off the
# tails of the normal distribution, and `kaiming_normal` doesn't. JAX has hardly any defaults: what
# you don't write isn't there. Its library Optax has 1e-8 for Adam's `eps`.

# %% [markdown]
# ## The answer to the questions at the top
#
# * **Why one layer fails.** The logits of a picture and of its negative have a fixed mean. What
#   speaks for a class in one speaks against it in the other. A hidden layer with ReLU can look for
#   both, and the same training then reads both.
# * **How you know how good it is.** Count on pictures that played no part in training or choosing.
#   897 of them tell the accuracy up to 0.02 (three standard errors).
# * **Which mistakes it makes.** The confusion matrix counts them, the pictures explain them, and
#   several seeds separate chance from reason.

# %% [markdown]
# ## What to remember
#
# 1. **Baseline first.** A number means something next to a simpler answer.
# 2. **Fifty by heart** before anything else. A loss that stays at $\log C$ is mostly a mistake.
# 3. **Look at the training accuracy.** Low: learn more. High, and validation lower: overfitting.
# 4. **An accuracy has a standard error**, $\sqrt{p (1 - p) / n}$. Smaller differences are chance.
# 5. **Look at the mistakes**, not only at their number.

# %% [markdown]
# ## References
#
# * A. Karpathy (2019). A recipe for training neural networks,
#   <https://karpathy.github.io/2019/04/25/recipe/>. Baselines, a single batch by heart, one change
#   at a time.
# * H. Xiao, K. Rasul and R. Vollgraf (2017). Fashion-MNIST: a novel image dataset for benchmarking
#   machine learning algorithms, <https://arxiv.org/abs/1708.07747>.
# * C. G. Northcutt, A. Athalye and J. Mueller (2021). Pervasive label errors in test sets
#   destabilize machine learning benchmarks, <https://arxiv.org/abs/2103.14749>. What one finds when
#   one looks at the mistakes.
# * The libraries' own first steps: <https://pytorch.org/tutorials/beginner/basics/intro.html>,
#   <https://keras.io/getting_started/>, <https://docs.jax.dev/en/latest/quickstart.html>,
#   <https://optax.readthedocs.io/en/latest/getting_started.html>.
