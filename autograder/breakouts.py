"""What `nnkit doctor` tries, what must hold, and who judges that it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder import escapes
from autograder.bait import Seen
from autograder.sandbox import BUBBLEWRAP, LEVELS
from autograder.tasks import Limits

LIMITS = Limits(seconds=4.0, memory_mb=512, file_mb=4, processes=8)
SHORT = Limits(seconds=1.0, memory_mb=512, file_mb=4, processes=8)
AROUND = 4  # processes around the student's: bubblewrap twice, the runner, itself
SPARE_MB = 128  # the runner has no limit of its own
SPARE_SECONDS = 8.0  # for starting and for a busy machine; an attempt takes 15 if nobody ends it

UNTRIED = "the attempt could not be made"
Judge = Callable[[Seen], str]  # says what got through; nothing if the wall held


@dataclass(frozen=True)
class Attempt:
    """One try to break out.

    Attributes
    ----------
    program : callable
        A function of `escapes`; its source runs in the sandbox.
    comes_back : bool
        Does it return something where the wall holds? If it then doesn't, nothing was tried.
    promised : tuple of str
        The levels of isolation that promise this.
    harmless : bool
        May it run at a level that doesn't promise it?
    """

    what: str
    program: Callable[[dict], object]
    judge: Judge
    comes_back: bool = True
    promised: tuple[str, ...] = (BUBBLEWRAP,)
    harmless: bool = True
    limits: Limits = LIMITS


def verdict(attempt: Attempt, seen: Seen) -> str:
    """What got through, or why the attempt proves nothing; nothing if the wall held."""
    through = attempt.judge(seen)
    if not through and attempt.comes_back and seen.told is None:
        return f"{UNTRIED}: {seen.error or seen.end}"
    return through


def no_connection(seen: Seen) -> str:
    return f"the server got {seen.connections} connection(s)" if seen.connections else ""


def no_secret(seen: Seen) -> str:
    return f"read {', '.join(seen.secrets)}" if seen.secrets else ""


def nothing_changed(seen: Seen) -> str:
    return f"changed {', '.join(seen.changed)}" if seen.changed else ""


def no_more_memory(seen: Seen) -> str:
    most = max(seen.memory_mb - SPARE_MB, _number(seen.told))
    return f"{most} MB; the limit is {LIMITS.memory_mb}" if most > LIMITS.memory_mb else ""


def few_processes(seen: Seen) -> str:
    most = max(seen.processes - AROUND, _number(seen.told))
    return f"{most} at one time; the limit is {LIMITS.processes}" if most > LIMITS.processes else ""


def no_orphan(seen: Seen) -> str:
    if seen.left:
        return f"{seen.left} process(es) outlived the sandbox"
    return "" if seen.marked else f"{UNTRIED}: no orphan was seen"


def parent_lives(seen: Seen) -> str:
    return "the runner was killed" if seen.end == "gone" else ""


def other_lives(seen: Seen) -> str:
    return "" if seen.other_alive else "a process outside was killed"


def not_root(seen: Seen) -> str:
    if 0 in seen.marked:
        return "it runs as root of this machine"
    return "" if seen.marked else f"{UNTRIED}: its process was not seen"


def stopped_in_time(seen: Seen) -> str:
    if seen.end != "timeout":
        return f"it was not stopped by its time limit ({seen.end})"
    slow = max(seen.seconds, seen.cpu_seconds) > SHORT.seconds + SPARE_SECONDS
    return f"stopped only after {seen.seconds:.0f} s" if slow else ""


def output_was_cut(seen: Seen) -> str:
    return "" if seen.end == "output" else f"the flood was not cut off ({seen.end})"


def at_most(megabytes: int) -> Judge:
    """A judge of how many bytes could be written."""

    def judge(seen: Seen) -> str:
        written = _number(seen.told) / 2**20
        return f"wrote {written:.0f} MB; the limit is {megabytes}" if written > megabytes else ""

    return judge


def refused(seen: Seen) -> str:
    return "" if seen.told not in ("traced", "read") else f"it could be {seen.told}"


def _number(told: object) -> int:
    return told if isinstance(told, int) else 0


ATTEMPTS = (
    Attempt("connect to a server on 127.0.0.1", escapes.tcp, no_connection),
    Attempt("connect to an abstract Unix socket", escapes.abstract_socket, no_connection),
    Attempt("read files in home, course and /tmp", escapes.read_canaries, no_secret),
    Attempt("read the grader's own source", escapes.read_checkout, no_secret),
    Attempt("import the reference solution", escapes.import_reference, no_secret),
    Attempt("read the grader's variables", escapes.own_environment, no_secret, promised=LEVELS),
    Attempt("read other processes' variables", escapes.environment_of_others, no_secret),
    Attempt("change files in home, course and /tmp", escapes.write_canaries, nothing_changed),
    Attempt("take more memory", escapes.memory, no_more_memory, promised=LEVELS),
    Attempt("start many processes", escapes.processes, few_processes, harmless=False),
    Attempt("leave a process behind", escapes.orphan, no_orphan),
    Attempt("kill the process that runs it", escapes.kill_parent, parent_lives),
    Attempt("kill a process outside", escapes.kill_other, other_lives),
    Attempt("become root", escapes.become_root, not_root),
    Attempt("compute without end", escapes.compute_without_end, stopped_in_time,
            comes_back=False, promised=LEVELS, limits=SHORT),
    Attempt("wait without end, deaf to signals", escapes.wait_without_end, stopped_in_time,
            comes_back=False, promised=LEVELS, limits=SHORT),
    Attempt("flood the grader with output", escapes.flood, output_was_cut,
            comes_back=False, promised=LEVELS),
    Attempt("write one large file", escapes.large_file, at_most(LIMITS.file_mb), promised=LEVELS),
    Attempt("write many files", escapes.many_files, at_most(64)),
    Attempt("trace the runner", escapes.trace_runner, refused),
    Attempt("read the runner's memory", escapes.memory_of_runner, refused),
)  # fmt: skip


def to_run(level: str) -> Iterator[Attempt]:
    """Those that do no harm at this level."""
    return (a for a in ATTEMPTS if level in a.promised or a.harmless)
