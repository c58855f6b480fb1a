"""What all layers have in common, and networks as a sequence of layers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from nnkit.parameter import Array, Parameter, flatten

ForwardHook = Callable[["Module", Array, Array], None]


class Module(ABC):
    """A layer, or a network made of layers: something with a `forward` and a `backward`.

    A subclass writes both. Its parameters and parts are found by themselves: they are the
    attributes that are a `Parameter` or a `Module`.

    Attributes
    ----------
    training : bool
        Whether the module is in training mode; so it starts. Change it by `train` and `eval`.
    dtype : dtype or None
        What `astype` was called with last; a `Sequential` calls it for its layers.
    buffer_names : tuple of str
        Attributes with arrays that are no parameters, but part of the state: running averages.

    Notes
    -----
    `backward` uses what the last `forward` kept. It adds to the gradients of the parameters, so
    call `zero_grad` first, and returns the gradient with respect to the input.

    Examples
    --------
    >>> class Scale(Module):
    ...     def __init__(self):
    ...         self.weight = Parameter(3.0)
    ...
    ...     def forward(self, x):
    ...         self._x = x
    ...         return self.weight.data * x
    ...
    ...     def backward(self, grad_output):
    ...         self.weight.grad += (grad_output * self._x).sum()
    ...         return self.weight.data * grad_output
    >>> layer = Scale()
    >>> layer(np.array([1.0, 2.0]))
    array([3., 6.])
    >>> layer.backward(np.array([1.0, 1.0]))
    array([3., 3.])
    >>> layer.state_dict()
    {'weight': array(3.)}
    """

    training: bool = True
    dtype: np.dtype[Any] | None = None
    buffer_names: tuple[str, ...] = ()
    forward_hooks: tuple[ForwardHook, ...] = ()

    def __call__(self, x: Array) -> Array:
        """`forward`, and then every function of `forward_hooks` with (module, input, output)."""
        y = self.forward(x)
        for hook in self.forward_hooks:
            hook(self, x, y)
        return y

    @abstractmethod
    def forward(self, x: Array) -> Array:
        """Output for a batch; keeps what `backward` will need."""

    @abstractmethod
    def backward(self, grad_output: Array) -> Array:
        """Add to the gradients of the parameters; return that of the input."""

    def backward_parameters(self, grad_output: Array) -> None:
        """`backward` for a first layer: nobody asks for the gradient of the data.

        A layer that saves work by it says how (`Linear` saves a third).
        """
        self.backward(grad_output)

    def children(self) -> dict[str, Module]:
        """The modules that this one is made of, by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Module)}

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """The module itself (its name is empty), its parts, their parts and so on."""
        yield prefix, self
        for name, child in self.children().items():
            yield from child.named_modules(f"{prefix}.{name}" if prefix else name)

    def named_parameters(self) -> dict[str, Parameter]:
        """All parameters by name, such as ``0.weight``; one that is shared has its first name."""
        name_of: dict[Parameter, str] = {}
        for prefix, module in self.named_modules():
            for name, value in vars(module).items():
                if isinstance(value, Parameter):
                    name_of.setdefault(value, f"{prefix}.{name}" if prefix else name)
        return {name: parameter for parameter, name in name_of.items()}

    def parameters(self) -> list[Parameter]:
        """All parameters, in the order of the layers."""
        return list(self.named_parameters().values())

    def train(self, mode: bool = True) -> Self:
        """Go into training mode (or into evaluation mode, for False), with all parts."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Go into evaluation mode: no dropout, and normalisation by running averages."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def astype(self, dtype: DTypeLike) -> Self:
        """Convert all parameters and buffers; afterwards all parameters lie in one array."""
        flatten(self.parameters(), dtype)
        for _, module in self.named_modules():
            module.dtype = np.dtype(dtype)
            for name in module.buffer_names:
                setattr(module, name, getattr(module, name).astype(dtype))
        return self

    def buffers(self) -> dict[str, Array]:
        """All arrays that are part of the state and not learned, by name."""
        return {
            f"{prefix}.{name}" if prefix else name: getattr(module, name)
            for prefix, module in self.named_modules()
            for name in module.buffer_names
        }

    def state_dict(self) -> dict[str, Array]:
        """Copies of all parameters and buffers, by name."""
        return {name: array.copy() for name, array in self._arrays().items()}

    def load_state_dict(self, state: Mapping[str, Array]) -> None:
        """Copy the values of `state_dict` into the parameters and buffers.

        Raises
        ------
        ValueError
            If names or shapes differ; nothing has been changed then.
        """
        targets = self._arrays()
        _expect_same_names(set(targets), set(state))
        for name, target in targets.items():
            if np.shape(state[name]) != target.shape:
                raise ValueError(
                    f"expected {name} of shape {target.shape}, got {np.shape(state[name])}; "
                    "build the model with the sizes that it had when it was saved"
                )
        for name, target in targets.items():
            target[...] = state[name]

    def _arrays(self) -> dict[str, Array]:
        return {n: p.data for n, p in self.named_parameters().items()} | self.buffers()

    def __repr__(self) -> str:
        settings = [
            f"{name}={value!r}"
            for name, value in vars(self).items()
            if isinstance(value, int | float | str) and name[0] != "_" and name != "training"
        ]
        head = f"{type(self).__name__}({', '.join(settings)}"
        parts = [f"({name}): {child!r}" for name, child in self.children().items()]
        if not parts:
            return f"{head})"
        return "\n".join([head, *parts]).replace("\n", "\n  ") + "\n)"

    def generators(self) -> list[np.random.Generator]:
        """The random generators of all parts, such as dropout's, each once."""
        found = {
            id(value): value
            for _, module in self.named_modules()
            for value in vars(module).values()
            if isinstance(value, np.random.Generator)
        }
        return list(found.values())


class Sequential(Module):
    """Layers one after another: what one gives, the next one takes.

    Parameters
    ----------
    *layers : Module
        In the order in which data passes through them.
    dtype : dtype, default=float32
        What the network computes in. float32 is twice as fast; float64 is for checking.

    Attributes
    ----------
    layers : tuple of Module
        They are also attributes called ``0``, ``1`` and so on, hence the names of parameters.

    Raises
    ------
    TypeError
        If one of the layers is no `Module`.

    Notes
    -----
    All parameters of the network lie in one array, all gradients in another, see `flatten`.

    Examples
    --------
    >>> from nnkit.layers import Linear, ReLU
    >>> rng = np.random.default_rng(0)
    >>> model = Sequential(Linear(4, 5, rng), ReLU(), Linear(5, 3, rng))
    >>> model(np.ones((2, 4))).shape
    (2, 3)
    >>> list(model.named_parameters())
    ['0.weight', '0.bias', '2.weight', '2.bias']
    """

    def __init__(self, *layers: Module, dtype: DTypeLike = np.float32) -> None:
        for position, layer in enumerate(layers):
            if not isinstance(layer, Module):
                raise TypeError(
                    f"expected layers, got {type(layer).__name__} at position {position}; "
                    "pass them one by one, and functions within a FunctionLayer"
                )
            setattr(self, str(position), layer)
        self.layers = layers
        has_parameters = [bool(layer.parameters()) for layer in layers]
        self._first = has_parameters.index(True) if any(has_parameters) else None
        self.astype(dtype)

    def forward(self, x: Array) -> Array:
        """What the last layer gives. `x` is converted to the type of the network first."""
        x = np.asarray(x, self.dtype)
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, grad_output: Array) -> Array:
        """From the last layer to the first; returns the gradient with respect to the data."""
        for layer in reversed(self.layers):
            grad_output = layer.backward(grad_output)
        return grad_output

    def backward_parameters(self, grad_output: Array) -> None:
        """`backward` as training needs it: it ends at the first layer that has parameters."""
        if self._first is None:
            return
        for layer in self.layers[: self._first : -1]:
            grad_output = layer.backward(grad_output)
        self.layers[self._first].backward_parameters(grad_output)

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, position: int) -> Module:
        return self.layers[position]


def _expect_same_names(expected: set[str], got: set[str]) -> None:
    if expected != got:
        raise ValueError(
            f"expected a state with the names of this model; missing: {sorted(expected - got)}, "
            f"too many: {sorted(got - expected)}; build the model as it was when it was saved"
        )
