"""Tests for nnkit.parameter."""

import copy

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nnkit.parameter import Parameter, flatten


@pytest.fixture
def parameters():
    return [Parameter([[1.0, 2.0], [3.0, 4.0]]), Parameter([5.0]), Parameter(6.0)]


def test_a_parameter_does_not_share_memory_with_what_it_was_made_from():
    """Nobody else's array is trained."""
    start = np.ones(3)
    Parameter(start).data += 1
    assert_array_equal(start, 1)


@pytest.mark.parametrize(("dtype", "expected"), [("f4", "f4"), ("f8", "f8"), ("i8", "f8")])
def test_floats_keep_their_type_and_integers_become_float64(dtype, expected):
    parameter = Parameter(np.ones(2, dtype))
    assert parameter.data.dtype == parameter.grad.dtype == np.dtype(expected)


def test_the_gradient_is_zero_before_anything_came_and_after_zero_grad(parameters):
    """Although no zeros are written: whoever looks sees them."""
    weight = parameters[0]
    assert_array_equal(weight.grad, 0)
    weight.grad += 7
    weight.zero_grad()
    assert_array_equal(weight.grad, 0)


def test_add_to_grad_writes_first_and_adds_then(parameters):
    weight = parameters[0]
    a, b = np.array([[1.0], [2.0]]), np.array([[3.0, 4.0]])
    for times in (1, 2, 3):
        weight.add_to_grad(np.matmul, a, b)
        assert_array_equal(weight.grad, times * a @ b)
    weight.zero_grad()
    weight.add_to_grad(np.matmul, a, b)
    assert_array_equal(weight.grad, a @ b)


def test_what_is_put_into_grad_by_hand_after_zero_grad_is_added_to(parameters):
    """The same with an assignment, an addition, and a look in between."""
    weight = parameters[0]
    for put in (
        lambda: setattr(weight, "grad", np.full((2, 2), 5.0)),
        lambda: weight.grad.__iadd__(5.0),
    ):
        weight.zero_grad()
        put()
        weight.add_to_grad(np.multiply, 1.0, np.ones((2, 2)))
        assert_array_equal(weight.grad, 6.0)


def test_assigning_copies_into_the_array_that_is_there(parameters):
    data, grad = flatten(parameters)
    parameters[0].data = [[7, 7], [7, 7]]
    parameters[0].grad = np.full((2, 2), 8)
    parameters[1].data -= 1.0
    assert_array_equal(data, [7, 7, 7, 7, 4, 6])
    assert_array_equal(grad, [8, 8, 8, 8, 0, 0])


@pytest.mark.parametrize("name", ["data", "grad"])
def test_another_shape_is_refused(parameters, name):
    with pytest.raises(ValueError, match=rf"expected {name} of shape \(2, 2\), got \(2,\)"):
        setattr(parameters[0], name, np.zeros(2))


def test_flatten_keeps_values_and_gradients_and_makes_views(parameters):
    parameters[1].grad += 9
    data, grad = flatten(parameters)

    assert_array_equal(data, [1, 2, 3, 4, 5, 6])
    assert_array_equal(grad, [0, 0, 0, 0, 9, 0])
    assert [p.data.shape for p in parameters] == [(2, 2), (1,), ()]
    data += 10
    grad -= 1
    assert_array_equal(parameters[0].data, [[11, 12], [13, 14]])
    assert_array_equal(parameters[2].grad, -1)


def test_flatten_converts(parameters):
    data, grad = flatten(parameters, np.float32)
    assert data.dtype == grad.dtype == parameters[0].data.dtype == np.float32


def test_flatten_converts_what_lies_in_a_row_already(parameters):
    flatten(parameters, np.float32)
    data, grad = flatten(parameters, np.float64)
    assert data.dtype == grad.dtype == parameters[0].grad.dtype == np.float64
    assert np.shares_memory(data, parameters[0].data)


def test_arrays_that_only_happen_to_be_neighbours_are_moved():
    """Two arrays side by side in memory that do not know of each other."""
    buffer = bytearray(64)
    pair = [Parameter(np.ones(2)), Parameter(np.ones(2))]
    for i, p in enumerate(pair):
        p._data = np.frombuffer(buffer, offset=16 * i, count=2)[:]
        p._grad = np.frombuffer(buffer, offset=32 + 16 * i, count=2)[:]
    data, grad = flatten(pair)
    assert data.size == grad.size == 4
    assert np.shares_memory(data, pair[1].data)


def test_flatten_takes_the_type_that_holds_all():
    both = [Parameter(np.ones(1, np.float32)), Parameter(np.ones(1))]
    assert flatten(both)[0].dtype == np.float64


def test_parameters_that_lie_in_a_row_stay_where_they_are(parameters):
    """All of them, and also a part: an optimizer for one layer of a network."""
    data, grad = flatten(parameters)
    views = [p.data for p in parameters]
    for first, stop in [(0, 3), (0, 1), (1, 3)]:
        part_data, part_grad = flatten(parameters[first:stop])
        assert np.shares_memory(part_data, data)
        assert np.shares_memory(part_grad, grad)
        assert part_data.size == part_grad.size == sum(p.data.size for p in parameters[first:stop])
        assert_array_equal(part_data[:1], parameters[first].data.ravel()[:1])
    assert all(p.data is view for p, view in zip(parameters, views, strict=True))


@pytest.mark.parametrize("chosen", [[0, 2], [1, 0, 2], [2, 1]], ids=["gap", "order", "reverse"])
def test_parameters_that_lie_in_another_order_are_moved(parameters, chosen):
    flatten(parameters)
    parts = [parameters[i] for i in chosen]
    data, _ = flatten(parts)
    assert_array_equal(data, np.concatenate([p.data.ravel() for p in parts]))
    assert all(np.shares_memory(p.data, data) for p in parts)


def test_copies_are_moved_into_an_array_of_their_own(parameters):
    data, _ = flatten(parameters)
    copies = copy.deepcopy(parameters)
    copied_data, _ = flatten(copies)
    copied_data += 1
    assert_array_equal(data, copied_data - 1)
    assert_array_equal(copies[0].data, parameters[0].data + 1)


def test_no_parameters_make_empty_arrays():
    assert [array.size for array in flatten([])] == [0, 0]
