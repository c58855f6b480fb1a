"""scikit-learn's MLPClassifier, one partial_fit for each batch."""

import numpy as np
from sklearn.neural_network import MLPClassifier
from workloads import LEARNING_RATES, endless_batches, make_data


def make_step(workload, num_threads):
    """One training step of scikit-learn, which knows neither dropout nor batchnorm."""
    if workload.dropout or workload.batchnorm:
        raise NotImplementedError("scikit-learn has neither dropout nor batch normalisation")
    x, targets = make_data(workload)
    model = MLPClassifier(
        workload.sizes[1:-1],
        solver="adam" if workload.optimizer == "adam" else "sgd",
        alpha=0.0,
        momentum=0.0,
        nesterovs_momentum=False,
        batch_size=workload.batch_size,
        learning_rate_init=LEARNING_RATES[workload.optimizer],
        random_state=0,
    )
    classes = np.arange(workload.sizes[-1])
    batches = endless_batches(workload.batch_size)

    def step():
        indices = next(batches)
        model.partial_fit(x[indices], targets[indices], classes=classes)
        return model.loss_

    return step
