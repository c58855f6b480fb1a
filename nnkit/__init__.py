"""nnkit: how neural networks are trained, built by hand in NumPy."""

from nnkit import functional, threads
from nnkit.checkpoint import load, save
from nnkit.divergence import TrainingDiverged
from nnkit.early_stopping import EarlyStopping
from nnkit.function_layer import FunctionLayer, FunctionLoss, FunctionOptimizer
from nnkit.gradient_check import gradient_check
from nnkit.history import History
from nnkit.layers import Dropout, LeakyReLU, Linear, ReLU, Sigmoid, Tanh
from nnkit.losses import CrossEntropyLoss, MSELoss
from nnkit.module import Module, Sequential
from nnkit.normalization import BatchNorm1d, LayerNorm
from nnkit.optimizer_base import Optimizer, clip_grad_norm_
from nnkit.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop
from nnkit.parameter import Parameter
from nnkit.schedules import CosineSchedule, LinearDecay, StepDecay
from nnkit.threads import get_num_threads, set_num_threads
from nnkit.training import evaluate, fit, loss_and_gradients

threads.use_one_thread_by_default()

__version__ = "0.1.0"
__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "BatchNorm1d",
    "CosineSchedule",
    "CrossEntropyLoss",
    "Dropout",
    "EarlyStopping",
    "FunctionLayer",
    "FunctionLoss",
    "FunctionOptimizer",
    "History",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LinearDecay",
    "MSELoss",
    "Module",
    "Optimizer",
    "Parameter",
    "RMSprop",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "StepDecay",
    "Tanh",
    "TrainingDiverged",
    "clip_grad_norm_",
    "evaluate",
    "fit",
    "functional",
    "get_num_threads",
    "gradient_check",
    "load",
    "loss_and_gradients",
    "save",
    "set_num_threads",
]
