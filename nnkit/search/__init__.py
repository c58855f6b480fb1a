"""Hyperparameter search in parallel, which goes on where it was interrupted.

`nnkit.functional.random_search` shows the idea in ten lines. This package runs it on all cores,
or on a Dask cluster, and keeps a log.

A trial's randomness comes from the search's seed and the trial's number alone. So the trials are
the same whatever the number of workers, and more trials can be added later.

Worker processes are started afresh (by loky), not forked: a fork copies locks of threads that it
doesn't copy, such as those of BLAS or of a Jupyter kernel, and can hang. Loky also sends functions
that were defined in a notebook, and needs no ``if __name__ == "__main__"`` in a script.
"""

from nnkit.search.log import LogError
from nnkit.search.searches import grid_search, random_search, run_trials
from nnkit.search.trials import NoTrialSucceededError, SearchResult, Trial

__all__ = [
    "LogError",
    "NoTrialSucceededError",
    "SearchResult",
    "Trial",
    "grid_search",
    "random_search",
    "run_trials",
]
