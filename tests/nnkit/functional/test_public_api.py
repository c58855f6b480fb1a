"""The public functions as others see them: signatures, documentation, bodies."""

import ast
import builtins
import inspect
import re

import pytest

from nnkit import functional as F

# Names, arguments and defaults are what notebooks and graders rely on.
SIGNATURES = """
accuracy(logits, targets)
adagrad_step(param, grad, square_sum, lr, eps=1e-10)
adam_step(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-08)
adamw_step(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01)
batchnorm_backward(grad_output, cache)
batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-05)
check_gradient(f, grad, x, eps=1e-05)
clip_gradients(grads, max_norm)
complex_step_gradient(f, x, eps=1e-20)
cosine_schedule(step, total_steps, lr, min_lr=0.0, warmup_steps=0)
cross_entropy(logits, targets)
cross_entropy_backward(logits, targets)
dead_unit_fraction(activations)
dropout_backward(grad_output, mask)
dropout_forward(x, p, training, rng)
early_stopping_epoch(losses, patience, min_delta=0.0)
fit_standardizer(x)
grid(space)
kaiming_normal(fan_in, fan_out, rng)
kaiming_uniform(fan_in, fan_out, rng)
l2_penalty(weights, strength)
l2_penalty_backward(weights, strength)
layernorm_backward(grad_output, cache)
layernorm_forward(x, gamma, beta, eps=1e-05)
leaky_relu(z, negative_slope=0.01)
leaky_relu_backward(grad_output, z, negative_slope=0.01)
linear(x, weight, bias)
linear_backward(grad_output, x, weight)
log_softmax(logits)
minibatches(num_examples, batch_size, rng)
mlp_backward(grad_logits, cache)
mlp_forward(x, weights, biases)
mlp_loss(x, targets, weights, biases, l2=0.0)
momentum_step(param, grad, velocity, lr, momentum=0.9)
mse(predictions, targets)
mse_backward(predictions, targets)
nesterov_step(param, grad, velocity, lr, momentum=0.9)
numerical_gradient(f, x, eps=1e-05)
one_hot(targets, num_classes)
pairwise_squared_distances(a, b)
random_search(objective, space, num_trials, rng)
relative_error(a, b)
relu(z)
relu_backward(grad_output, z)
rmsprop_step(param, grad, square_avg, lr, alpha=0.99, eps=1e-08)
sample_log_uniform(low, high, size, rng)
sgd_step(param, grad, lr)
sigmoid(z)
sigmoid_backward(grad_output, y)
softmax(logits)
split_indices(num_examples, fractions, rng)
standardize(x, mean, std)
step_decay(step, lr, drop, every)
successive_halving(objective, configs, min_budget, eta=3)
tanh(z)
tanh_backward(grad_output, y)
xavier_normal(fan_in, fan_out, rng)
xavier_uniform(fan_in, fan_out, rng)
""".strip().splitlines()

every_name = pytest.mark.parametrize("name", F.__all__)


def test_names_and_signatures_are_the_agreed_ones():
    """Notebooks, exercises and graders call these functions by name and by position."""
    found = [f"{name}({bare_parameters(name)})" for name in sorted(F.__all__)]

    assert found == SIGNATURES


def bare_parameters(name):
    parameters = inspect.signature(getattr(F, name)).parameters.values()
    return ", ".join(str(p.replace(annotation=p.empty)) for p in parameters)


@every_name
def test_documentation_is_complete(name):
    """Every function explains its arguments with their defaults, its result, its formula or
    convention, its errors, and shows an example.
    """
    doc = inspect.getdoc(getattr(F, name))
    sections = dict(re.findall(r"\n(\w+)\n-{4,}\n(.*?)(?=\n\w+\n-{4,}\n|\Z)", doc, re.DOTALL))

    assert sections["Parameters"]
    assert "Returns" in sections or "Yields" in sections
    assert sections["Raises"]
    assert ">>> " in sections["Examples"]
    assert ("Notes" in sections) or name == "step_decay"
    for parameter in inspect.signature(getattr(F, name)).parameters.values():
        line = re.search(rf"^(.*, )?{parameter.name}(, .*)? : .*$", sections["Parameters"], re.M)
        assert line, f"{parameter.name} is not explained"
        if parameter.default is not parameter.empty:
            assert ast.literal_eval(line[0].split("default=")[1]) == parameter.default


@every_name
def test_bodies_stand_alone(name):
    """A body is a solution in a notebook: NumPy, other public functions, nothing else."""
    source = inspect.getsource(inspect.unwrap(getattr(F, name)))
    function = ast.parse(source).body[0]
    body = ast.Module(function.body[1:], [])
    nodes = list(ast.walk(body))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    own = {node.id for node in nodes if isinstance(node, ast.Name) and is_stored(node)}
    given = {argument.arg for argument in function.args.args}

    assert used - own - given - {"np"} - set(F.__all__) <= set(vars(builtins))
    assert not any(isinstance(node, ast.Import | ast.ImportFrom | ast.AnnAssign) for node in nodes)
    assert len(ast.unparse(body).splitlines()) <= 12


def is_stored(node):
    return isinstance(node.ctx, ast.Store)


@every_name
def test_the_task_does_not_hold_the_answer(name):
    """What students read (all but Raises, Notes and References) has no line of the body."""
    function = inspect.unwrap(getattr(F, name))
    body = ast.Module(ast.parse(inspect.getsource(function)).body[0].body[1:], [])
    hidden = r"\n(Raises|Notes|References)\n-{4,}\n.*?(?=\n\w+\n-{4,}\n|\Z)"
    task = re.sub(hidden, "", inspect.getdoc(function), flags=re.DOTALL)

    for line in ast.unparse(body).splitlines():
        answer = line.strip().removeprefix("return ").split(" = ")[-1]
        assert len(answer) < 12 or answer not in task
