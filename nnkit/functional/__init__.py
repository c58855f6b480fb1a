"""The pure functions that students write: arrays in, new arrays out, no state.

float64 in gives float64 out, float32 gives float32, integers become float64; arguments
are never changed.
"""

from nnkit.functional.activations import (
    leaky_relu,
    leaky_relu_backward,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    tanh,
    tanh_backward,
)
from nnkit.functional.adaptive import adagrad_step, adam_step, adamw_step, rmsprop_step
from nnkit.functional.arrays import accuracy, one_hot, pairwise_squared_distances
from nnkit.functional.data import fit_standardizer, minibatches, split_indices, standardize
from nnkit.functional.gradient_checking import (
    check_gradient,
    complex_step_gradient,
    numerical_gradient,
    relative_error,
)
from nnkit.functional.initialization import (
    dead_unit_fraction,
    kaiming_normal,
    kaiming_uniform,
    xavier_normal,
    xavier_uniform,
)
from nnkit.functional.linear import linear, linear_backward
from nnkit.functional.losses import (
    cross_entropy,
    cross_entropy_backward,
    log_softmax,
    mse,
    mse_backward,
    softmax,
)
from nnkit.functional.networks import mlp_backward, mlp_forward, mlp_loss
from nnkit.functional.normalization import (
    batchnorm_backward,
    batchnorm_forward,
    layernorm_backward,
    layernorm_forward,
)
from nnkit.functional.regularization import (
    dropout_backward,
    dropout_forward,
    early_stopping_epoch,
    l2_penalty,
    l2_penalty_backward,
)
from nnkit.functional.schedules import cosine_schedule, step_decay
from nnkit.functional.search import (
    grid,
    random_search,
    sample_log_uniform,
    successive_halving,
)
from nnkit.functional.sgd import clip_gradients, momentum_step, nesterov_step, sgd_step

__all__ = [
    "accuracy",
    "adagrad_step",
    "adam_step",
    "adamw_step",
    "batchnorm_backward",
    "batchnorm_forward",
    "check_gradient",
    "clip_gradients",
    "complex_step_gradient",
    "cosine_schedule",
    "cross_entropy",
    "cross_entropy_backward",
    "dead_unit_fraction",
    "dropout_backward",
    "dropout_forward",
    "early_stopping_epoch",
    "fit_standardizer",
    "grid",
    "kaiming_normal",
    "kaiming_uniform",
    "l2_penalty",
    "l2_penalty_backward",
    "layernorm_backward",
    "layernorm_forward",
    "leaky_relu",
    "leaky_relu_backward",
    "linear",
    "linear_backward",
    "log_softmax",
    "minibatches",
    "mlp_backward",
    "mlp_forward",
    "mlp_loss",
    "momentum_step",
    "mse",
    "mse_backward",
    "nesterov_step",
    "numerical_gradient",
    "one_hot",
    "pairwise_squared_distances",
    "random_search",
    "relative_error",
    "relu",
    "relu_backward",
    "rmsprop_step",
    "sample_log_uniform",
    "sgd_step",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "split_indices",
    "standardize",
    "step_decay",
    "successive_halving",
    "tanh",
    "tanh_backward",
    "xavier_normal",
    "xavier_uniform",
]
