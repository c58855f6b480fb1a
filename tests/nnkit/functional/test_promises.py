"""What every public function promises: one table of arguments, and the promises."""

import copy
import inspect

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nnkit import functional as F

TARGETS = np.array([2, 0, 1, 2])


def generator():
    return np.random.default_rng(3)


def layers(a):
    return [a(3, 5), a(5, 3)], [a(5), a(3)]


def batchnorm_arguments(a, training=True):
    return a(4, 3), a(3), a(3), a(3), a(3) ** 2 + 1, training, 0.3, 0.1


# For each function its arguments, made of arrays that `a(*shape)` makes.
ARGUMENTS = {
    "accuracy": lambda a: (a(4, 3), TARGETS.copy()),
    "adagrad_step": lambda a: (a(4, 3), a(4, 3), a(4, 3) ** 2, 0.1, 0.05),
    "adam_step": lambda a: (a(4, 3), a(4, 3), a(4, 3), a(4, 3) ** 2, 3, 0.1, (0.7, 0.9), 0.05),
    "adamw_step": lambda a: (
        *(a(4, 3), a(4, 3), a(4, 3), a(4, 3) ** 2, 3, 0.1, (0.7, 0.9), 0.05, 0.2),
    ),
    "batchnorm_backward": lambda a: (a(4, 3), F.batchnorm_forward(*batchnorm_arguments(a))[3]),
    "batchnorm_forward": batchnorm_arguments,
    "check_gradient": lambda a: (lambda x: (x**2).sum(), lambda x: 3 * x, a(2, 3) + 9),
    "clip_gradients": lambda a: ([a(4, 3), a(3)], 0.5),
    "complex_step_gradient": lambda a: (lambda x: (x**3).sum(), a(2, 3)),
    "cosine_schedule": lambda a: (3, 10, 0.1, 0.01, 2),
    "cross_entropy": lambda a: (a(4, 3), TARGETS.copy()),
    "cross_entropy_backward": lambda a: (a(4, 3), TARGETS.copy()),
    "dead_unit_fraction": lambda a: (a(4, 3) * np.array([0, 1, 0], dtype=np.int8),),
    "dropout_backward": lambda a: (a(4, 3), a(4, 3)),
    "dropout_forward": lambda a: (a(4, 3), 0.3, True, generator()),
    "early_stopping_epoch": lambda a: ([0.9, 0.5, 0.6, 0.7], 2, 0.01),
    "fit_standardizer": lambda a: (a(4, 3),),
    "grid": lambda a: ({"lr": [0.1, 0.01], "hidden": (5, 6, 7)},),
    "kaiming_normal": lambda a: (5, 3, generator()),
    "kaiming_uniform": lambda a: (5, 3, generator()),
    "l2_penalty": lambda a: ([a(4, 3), a(3)], 0.3),
    "l2_penalty_backward": lambda a: ([a(4, 3), a(3)], 0.3),
    "layernorm_backward": lambda a: (a(4, 3), F.layernorm_forward(a(4, 3), a(3), a(3), 0.1)[1]),
    "layernorm_forward": lambda a: (a(4, 3), a(3), a(3), 0.1),
    "leaky_relu": lambda a: (a(4, 3), 0.2),
    "leaky_relu_backward": lambda a: (a(4, 3), a(4, 3), 0.2),
    "linear": lambda a: (a(4, 3), a(3, 5), a(5)),
    "linear_backward": lambda a: (a(4, 5), a(4, 3), a(3, 5)),
    "log_softmax": lambda a: (a(4, 3),),
    "minibatches": lambda a: (7, 3, generator()),
    "mlp_backward": lambda a: (a(4, 3), F.mlp_forward(a(4, 3), *layers(a))[1]),
    "mlp_forward": lambda a: (a(4, 3), *layers(a)),
    "mlp_loss": lambda a: (a(4, 3), TARGETS.copy(), *layers(a), 0.3),
    "momentum_step": lambda a: (a(4, 3), a(4, 3), a(4, 3), 0.1, 0.8),
    "mse": lambda a: (a(4, 3), a(4, 3)),
    "mse_backward": lambda a: (a(4, 3), a(4, 3)),
    "nesterov_step": lambda a: (a(4, 3), a(4, 3), a(4, 3), 0.1, 0.8),
    "numerical_gradient": lambda a: (lambda x: (x**3).sum(), a(2, 3)),
    "one_hot": lambda a: (TARGETS.copy(), 5),
    "pairwise_squared_distances": lambda a: (a(4, 3), a(5, 3)),
    "random_search": lambda a: (lambda config: config["lr"], {"lr": [3, 1, 2]}, 9, generator()),
    "relative_error": lambda a: (a(4, 3), a(4, 3)),
    "relu": lambda a: (a(4, 3),),
    "relu_backward": lambda a: (a(4, 3), a(4, 3)),
    "rmsprop_step": lambda a: (a(4, 3), a(4, 3), a(4, 3) ** 2, 0.1, 0.8, 0.05),
    "sample_log_uniform": lambda a: (0.01, 10.0, (2, 3), generator()),
    "sgd_step": lambda a: (a(4, 3), a(4, 3), 0.1),
    "sigmoid": lambda a: (a(4, 3),),
    "sigmoid_backward": lambda a: (a(4, 3), a(4, 3)),
    "softmax": lambda a: (a(4, 3),),
    "split_indices": lambda a: (10, (0.5, 0.2, 0.3), generator()),
    "standardize": lambda a: (a(4, 3), a(3), a(3) ** 2 * np.array([0, 1, 1], dtype=np.int8)),
    "step_decay": lambda a: (5, 0.1, 0.5, 2),
    "successive_halving": lambda a: (
        lambda config, budget: config["lr"],
        [{"lr": 2}, {"lr": 1}],
        1,
    ),
    "tanh": lambda a: (a(4, 3),),
    "tanh_backward": lambda a: (a(4, 3), a(4, 3)),
    "xavier_normal": lambda a: (5, 3, generator()),
    "xavier_uniform": lambda a: (5, 3, generator()),
}
MODES = {  # the same functions in evaluation mode
    "batchnorm_forward": lambda a: batchnorm_arguments(a, training=False),
    "batchnorm_backward": lambda a: (
        *(a(4, 3), F.batchnorm_forward(*batchnorm_arguments(a, training=False))[3]),
    ),
    "dropout_forward": lambda a: (a(4, 3), 0.3, False, generator()),
}
# Not differentiable, or decided by the size of real numbers.
REAL_ONLY = {
    *("accuracy", "check_gradient", "clip_gradients", "complex_step_gradient"),
    *("dead_unit_fraction", "numerical_gradient", "relative_error"),
}


def array_maker(dtype="float64", layout=np.ascontiguousarray, scale=1.0):
    """A function from a shape to an array, with the same numbers in the same order again."""
    rng = np.random.default_rng(0)
    return lambda *shape: layout((rng.integers(-6, 7, size=shape) * scale).astype(dtype))


def strided(array):
    """Every second row of a larger array."""
    return np.repeat(array, 2, axis=0)[::2]


def leaves(value):
    """The arrays and numbers in tuples, lists and dicts."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


def arrays_in(value):
    return [leaf for leaf in leaves(value) if isinstance(leaf, np.ndarray)]


def float_dtypes_in(value):
    return {str(array.dtype) for array in arrays_in(value) if array.dtype.kind in "fc"}


def called(name, arguments):
    """What the function returns; a generator is run to its end."""
    result = getattr(F, name)(*arguments)
    return list(result) if inspect.isgenerator(result) else result


def assert_same(result, expected, **tolerances):
    assert len(leaves(result)) == len(leaves(expected))
    for got, want in zip(leaves(result), leaves(expected), strict=True):
        assert_allclose(got, want, **tolerances)


CASES = [
    *((name, name, make) for name, make in ARGUMENTS.items()),
    *((f"{name}, evaluation", name, make) for name, make in MODES.items()),
]
TAKING_ARRAYS = [case for case in CASES if float_dtypes_in(case[2](array_maker()))]
DIFFERENTIABLE = [case for case in TAKING_ARRAYS if case[1] not in REAL_ONLY]
WITH_SEVERAL_ARRAYS = [
    case
    for case in TAKING_ARRAYS
    if sum(isinstance(a, np.ndarray | tuple | list) for a in case[2](array_maker())) > 1
]


def each(cases):
    return pytest.mark.parametrize(
        ("name", "make"), [pytest.param(name, make, id=title) for title, name, make in cases]
    )


def test_every_public_function_has_a_row_in_the_table():
    """A function that is added to the package gets its promises tested."""
    assert set(ARGUMENTS) == set(F.__all__)


@each(CASES)
def test_arguments_come_back_unchanged(name, make):
    """Arrays, lists and dicts hold the same values after the call."""
    arguments = [a for a in make(array_maker()) if not isinstance(a, np.random.Generator)]
    before = copy.deepcopy(arguments)
    rngs = [a for a in make(array_maker()) if isinstance(a, np.random.Generator)]

    called(name, [*arguments, *rngs])

    assert repr(arguments) == repr(before)
    for array, old in zip(arrays_in(arguments), arrays_in(before), strict=True):
        assert_array_equal(array, old)


@each(CASES)
def test_read_only_arrays_are_enough(name, make):
    """No argument is written to, not even for a moment, and results can be written to."""
    arguments = make(array_maker())
    for array in arrays_in(arguments):
        array.flags.writeable = False

    result = called(name, arguments)

    assert all(array.flags.writeable for array in arrays_in(result))


@each(CASES)
def test_results_are_new_arrays(name, make):
    """Writing into a result can't change an argument."""
    arguments = make(array_maker())

    result = called(name, arguments)

    for array in arrays_in(result):
        assert not any(np.shares_memory(array, given) for given in arrays_in(arguments))


@each(CASES)
def test_there_is_no_state(name, make):
    """The same arguments, and a generator in the same state, give the same result."""
    first = called(name, make(array_maker()))

    assert_same(first, called(name, make(array_maker())), rtol=0)


@each(CASES)
def test_numbers_are_plain_python_numbers(name, make):
    """A loss prints as 0.5 and goes to JSON: no NumPy scalar is returned."""
    for leaf in leaves(called(name, make(array_maker()))):
        assert isinstance(leaf, np.ndarray) or type(leaf) in (float, int, bool)


@each(CASES)
def test_float64_gives_float64(name, make):
    """Full precision stays, and it is what functions without array arguments return."""
    assert float_dtypes_in(called(name, make(array_maker()))) <= {"float64"}


@each(TAKING_ARRAYS)
def test_float32_gives_float32(name, make):
    """Half the memory stays half the memory, with the same values to about six digits."""
    result = called(name, make(array_maker("float32")))

    assert float_dtypes_in(result) <= {"float32"}
    assert_same(result, called(name, make(array_maker())), rtol=1e-4, atol=1e-5)


@each(TAKING_ARRAYS)
def test_settings_given_as_numpy_numbers_keep_float32(name, make):
    """A learning rate that is a NumPy float64 does not turn float32 into float64."""
    arguments = [np.float64(a) if type(a) is float else a for a in make(array_maker("float32"))]

    assert float_dtypes_in(called(name, arguments)) <= {"float32"}


@each(TAKING_ARRAYS)
def test_integers_become_float64(name, make):
    """Whole numbers count as the float64 numbers that they are, however few bits they have."""
    result, expected = (called(name, make(array_maker(dtype))) for dtype in ("int8", "float64"))

    assert [array.dtype for array in arrays_in(result)] == [a.dtype for a in arrays_in(expected)]
    assert_same(result, expected, rtol=1e-12)


@each(TAKING_ARRAYS)
@pytest.mark.parametrize("layout", [strided, np.asfortranarray])
def test_the_layout_in_memory_does_not_matter(name, make, layout):
    """Parts of larger arrays and transposed arrays give what contiguous ones give."""
    result = called(name, make(array_maker(layout=layout, scale=0.3)))

    assert_same(result, called(name, make(array_maker(scale=0.3))), rtol=1e-9, atol=1e-12)


@each(DIFFERENTIABLE)
def test_complex_numbers_flow_through(name, make):
    """Complex numbers without imaginary part give the real result; so complex steps work."""
    result = called(name, make(array_maker("complex128", scale=0.3)))

    expected = called(name, make(array_maker(scale=0.3)))
    assert_same(result, expected, rtol=1e-12, atol=1e-14)


@each(CASES)
def test_nonsense_is_refused_by_name(name, make):
    """For every argument: something that is no number, array, list or function at all."""
    arguments = make(array_maker())
    for i, parameter in enumerate(inspect.signature(getattr(F, name)).parameters):
        if parameter == "rng" and arguments[i - 1] is False:
            continue  # evaluation needs no generator
        nonsense = "no sense" if parameter == "space" else {"no": "sense"}
        changed = [*arguments[:i], nonsense, *arguments[i + 1 :]]

        with pytest.raises((TypeError, ValueError), match=rf"^expected {parameter}\b.* got .*; "):
            getattr(F, name)(*changed)


@each(WITH_SEVERAL_ARRAYS)
def test_arrays_that_do_not_fit_together_are_refused(name, make):
    """No array may grow by itself in every direction: the others set its size."""
    arguments = make(array_maker())
    for i, array in enumerate(arguments):
        if isinstance(array, np.ndarray):
            grown = [
                np.pad(array, [(0, int(k == axis)) for k in range(array.ndim)])
                for axis in range(array.ndim)
            ]
            calls = [[*arguments[:i], other, *arguments[i + 1 :]] for other in grown]

            assert any(is_refused(name, call) for call in calls)


def is_refused(name, arguments):
    try:
        called(name, arguments)
    except ValueError as error:
        return str(error).startswith("expected ")
    return False
