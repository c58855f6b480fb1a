"""A search's log: a file with one line of JSON for the search and one for each finished trial.

Lines are only added, each written whole before the next trial is. A run that is killed loses
nothing but the trials that were running.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from nnkit.search.trials import Config, Trial

FORMAT = "nnkit.search 1"


class LogError(ValueError):
    """A log is damaged or belongs to another search: choose another file, or delete it."""


@contextmanager
def open_log(
    path: str | Path | None, objective: str, seed: int, configs: Sequence[Config]
) -> Iterator[Log | NoLog]:
    """Log in this file, which is closed afterwards; without a path nothing is kept."""
    if path is None:
        yield NoLog()
        return
    log = Log(path, objective, seed, configs)
    try:
        yield log
    finally:
        log.close()


class NoLog:
    """Nothing is kept, and nothing was there."""

    finished: Mapping[int, Trial] = MappingProxyType({})

    def add(self, trial: Trial) -> None:
        """Forget the trial."""


class Log:
    """A search's log, open for adding trials.

    Parameters
    ----------
    path : str or Path
        The file; it is made if need be. Trials that it holds are read.
    objective : str
        The objective's name.
    seed : int
        The search's seed.
    configs : sequence of dict
        The search's configurations.

    Attributes
    ----------
    finished : dict of int to Trial
        The trials that the file held, by number.

    Raises
    ------
    LogError
        If the file is the log of another search, or is none.
    """

    def __init__(
        self, path: str | Path, objective: str, seed: int, configs: Sequence[Config]
    ) -> None:
        self.path = Path(path)
        header = json.dumps({"format": FORMAT, "objective": objective, "seed": seed}) + "\n"
        content = self.path.read_bytes() if self.path.exists() else b""
        complete = content[: content.rfind(b"\n") + 1]  # a killed run leaves half a line
        if complete:
            self.finished = self._read(complete, header, configs)
        elif header.encode().startswith(content):
            self.finished = {}
        else:
            raise LogError(self._expected_another(header, content[:80].decode(errors="replace")))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("ab")
        self._file.truncate(len(complete))
        if not complete:
            self._write(header)

    def add(self, trial: Trial) -> None:
        """Write a trial, so that it survives whatever happens next."""
        self._write(trial.to_json() + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, line: str) -> None:
        self._file.write(line.encode())
        self._file.flush()
        os.fsync(self._file.fileno())

    def _read(self, content: bytes, header: str, configs: Sequence[Config]) -> dict[int, Trial]:
        first, *lines = content.decode(errors="replace").splitlines()
        if first != header.rstrip("\n"):
            raise LogError(self._expected_another(header, first[:200]))
        finished = {}
        for number, line in enumerate(lines, start=2):
            trial = self._trial(line, number)
            if trial.index < len(configs):
                finished[trial.index] = self._same_config(trial, configs[trial.index])
        return finished

    def _trial(self, line: str, number: int) -> Trial:
        try:
            return Trial.from_json(line)
        except (ValueError, TypeError) as error:
            raise LogError(
                f"expected a trial in line {number} of {self.path}, got {line[:80]!r}; "
                "delete that line to run its trial again"
            ) from error

    def _same_config(self, trial: Trial, config: Config) -> Trial:
        """The trial with this search's own configuration: JSON has no tuples."""
        if trial.config != json.loads(json.dumps(config)):
            raise LogError(
                f"expected trial {trial.index} in {self.path} to have tried {config}, "
                f"got {trial.config}: it is the log of another search space; "
                "choose another file, or search the same space"
            )
        return Trial(trial.index, config, trial.value, trial.error, trial.seconds)

    def _expected_another(self, header: str, got: str) -> str:
        return (
            f"expected {self.path} to begin with {header.strip()}, got {got}: "
            "it is no log of this search; choose another file"
        )
