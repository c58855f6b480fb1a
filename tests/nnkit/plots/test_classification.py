"""Tests for nnkit.plots.classification."""

import numpy as np
import pytest

from nnkit.plots import confusion_matrix, decision_boundary

X = np.array([[-1.0, 0.0], [1.0, 0.0], [0.5, 1.0], [-0.5, -1.0]], np.float32)
TARGETS = [0, 1, 0, 0]


def right_half(points):
    return (points[:, 0] > 0).astype(int)


def test_examples_and_areas_are_counted():
    """Who lies in whose region, and how large each region is."""
    plot = decision_boundary(right_half, X, TARGETS, names=("left", "right"))

    assert plot.alt == (
        "Decision regions of 2 classes and 4 examples, 3 of them (75 %) on the right side. "
        "left: 2 of 3 right, 50 % of the area. right: 1 of 1 right, 50 % of the area."
    )


def test_logits_and_classes_give_the_same_picture():
    """A network's outputs may be passed on as they are."""

    def logits(points):
        return np.stack([-points[:, 0], points[:, 0]], axis=1)

    assert (
        decision_boundary(logits, X, TARGETS).alt == decision_boundary(right_half, X, TARGETS).alt
    )


def test_predict_gets_points_of_the_examples_type():
    """A network of float32 stays one; the points cover the examples and a tenth more."""
    seen = []

    def predict(points):
        seen.append(points)
        return right_half(points)

    decision_boundary(predict, X, TARGETS)

    assert all(points.dtype == np.float32 and points.shape[1] == 2 for points in seen)
    assert seen[0].min(axis=0).tolist() == pytest.approx([-1.2, -1.2])
    assert seen[0].max(axis=0).tolist() == pytest.approx([1.2, 1.2])


def test_the_picture_is_not_turned_or_mirrored():
    """The region of class 1 is drawn where the first feature is above 0."""
    [axes] = decision_boundary(right_half, X, TARGETS).figure.axes

    border = np.concatenate([path.vertices for path in axes.collections[-1].get_paths()])
    assert np.abs(border[:, 0]).max() < 0.02
    assert border[:, 1].max() > 1


def test_examples_are_told_apart_by_marker_and_wrong_ones_are_ringed():
    """Not by colour alone."""
    [axes] = decision_boundary(right_half, X, TARGETS).figure.axes
    drawn = {line.get_label(): line for line in axes.lines}

    assert drawn["class 0"].get_marker() != drawn["class 1"].get_marker()
    assert drawn["class 0"].get_xydata().tolist() == X[[0, 2, 3]].tolist()
    assert drawn["on the wrong side"].get_xydata().tolist() == [[0.5, 1.0]]


def test_mistakes_are_counted_and_named():
    """Rows are right classes; the most frequent mistakes come first."""
    targets = [0] * 5 + [1] * 4 + [2] * 2
    predictions = [0, 0, 0, 2, 2, 1, 1, 1, 0, 2, 2]
    plot = confusion_matrix(targets, predictions, names=("cat", "dog", "cow"))

    assert plot.alt == (
        "Confusion matrix of 3 classes and 11 examples, 8 of them (72.7 %) right. Most frequent "
        "mistakes: cat taken for cow, 2 times; dog taken for cat, once. "
        "Recognised worst: cat, 3 of 5."
    )
    axes = plot.figure.axes[0]
    table = {text.get_position(): text.get_text() for text in axes.texts}
    assert [table[column, 0] for column in range(3)] == ["3", "·", "2"]
    assert [table[column, 1] for column in range(3)] == ["1", "3", "·"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted class", "right class")
    assert axes.images[0].get_array()[0].tolist() == [0.6, 0, 0.4]


def test_only_the_worst_mistakes_are_named():
    """Five of them; the picture has the others."""
    targets = np.repeat(np.arange(7), 2)
    predictions = (targets + np.tile([0, 1], 7)) % 7

    assert confusion_matrix(targets, predictions).alt.count("taken for") == 5


def test_without_mistakes_there_is_no_worst_class():
    """Nothing to name."""
    assert confusion_matrix([0, 1], [0, 1]).alt == (
        "Confusion matrix of 2 classes and 2 examples, 2 of them (100 %) right."
    )


def test_a_class_without_examples_is_not_the_worst():
    """It was not asked for, so it wasn't missed."""
    assert "Recognised worst: class 2, 0 of 1." in confusion_matrix([0, 2], [0, 0]).alt


def test_numbers_can_be_read_on_their_background():
    """White on dark, black on light."""
    axes = confusion_matrix([0, 0, 1], [0, 0, 0]).figure.axes[0]
    color = {text.get_position(): text.get_color() for text in axes.texts}

    assert color[0, 0] == "white"
    assert color[1, 0] == "black"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: decision_boundary(right_half, X[:, :1], TARGETS), r"shape \(N, 2\), got \(4, 1\)"),
        (lambda: decision_boundary(right_half, X, TARGETS[:2]), "x has 4, targets has 2"),
        (lambda: decision_boundary(right_half, X, TARGETS, names=("a",)), "expected 2 names"),
        (lambda: decision_boundary(lambda p: p[:, :1], X, TARGETS), "expected predict to return"),
        (lambda: decision_boundary(lambda p: p[:, 0], X, TARGETS), "expected predict to return"),
        (lambda: confusion_matrix([0, 1], [0]), "targets has 2, predictions has 1"),
        (lambda: confusion_matrix([0, 1], [0.0, 1.0]), "expected predictions as integers"),
        (lambda: confusion_matrix([0, -1], [0, 1]), "expected targets as integers of 0 or more"),
        (lambda: confusion_matrix([0, 1], [0, 2], names="ab"), "expected 3 names.*got 2"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    """The message names the argument."""
    with pytest.raises(ValueError, match=message):
        call()
