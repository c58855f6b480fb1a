"""What a search tried, and what came out."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

Config = dict[str, Any]


class NoTrialSucceededError(ValueError):
    """All trials of a search failed, so that there is no best one."""


@dataclass(frozen=True)
class Trial:
    """One configuration, and its value or the reason why it has none.

    Parameters
    ----------
    index : int
        Its number in the search, from 0.
    config : dict
        The settings that were tried.
    value : float or None
        What the objective returned: the smaller the better. None if the trial failed.
    error : str or None
        Why the trial failed: an exception, a value that is not finite, or a process that died.
    seconds : float
        How long it took; 0 if that is not known. Trials that differ only in this are equal.

    Examples
    --------
    >>> trial = Trial(0, {"lr": 0.1}, value=0.25, error=None, seconds=1.5)
    >>> trial.to_json()
    '{"index": 0, "config": {"lr": 0.1}, "value": 0.25, "error": null, "seconds": 1.5}'
    >>> Trial.from_json(trial.to_json()) == trial
    True
    """

    index: int
    config: Config
    value: float | None
    error: str | None
    seconds: float = field(compare=False)

    def to_json(self) -> str:
        """The trial as one line of JSON."""
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, line: str) -> Trial:
        """The trial that `to_json` wrote."""
        return cls(**json.loads(line))


@dataclass(frozen=True)
class SearchResult:
    """All trials of a search.

    Parameters
    ----------
    trials : tuple of Trial
        In the order of their numbers.

    Examples
    --------
    >>> good = Trial(0, {"lr": 0.1}, value=0.25, error=None, seconds=1.0)
    >>> bad = Trial(1, {"lr": 99.0}, value=None, error="the objective returned nan", seconds=1.0)
    >>> result = SearchResult((good, bad))
    >>> result.best.config, len(result.failed)
    ({'lr': 0.1}, 1)
    """

    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial:
        """The trial with the smallest value, the first of them if several have it.

        Raises
        ------
        NoTrialSucceededError
            If all trials failed.
        """
        succeeded = [(trial.value, trial) for trial in self.trials if trial.value is not None]
        if not succeeded:
            raise NoTrialSucceededError(
                f"expected a trial that succeeded, got {len(self.trials)} failed ones; "
                f"the first: {self.trials[0].error}"
            )
        return min(succeeded, key=lambda pair: pair[0])[1]

    @property
    def failed(self) -> tuple[Trial, ...]:
        """The trials that have no value; `error` says why."""
        return tuple(trial for trial in self.trials if trial.value is None)
