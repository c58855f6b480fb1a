"""Tests for autograder.sandbox, its walls and the runner: what a task may do, and what comes back.

The submissions of `corpus/` attack the whole grader; here stands what concerns the sandbox alone.
"""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from autograder import runner, sandbox, walls
from autograder.sandbox import (
    BUBBLEWRAP,
    PROCESS,
    Sandbox,
    SandboxUnavailable,
    best_level,
    check_level,
    close_idle,
)
from autograder.seccomp import MACHINES, REFUSED, seccomp_program
from autograder.tasks import Finding, Limits, Question, Task
from course.outcome import Outcome, encode

LEVELS = [PROCESS, *([BUBBLEWRAP] if best_level() == BUBBLEWRAP else [])]
PROBES = """
def plain(f, rng):
    return f(rng.normal())

def given(f, rng, value):
    return f(value)
"""


@pytest.fixture(params=LEVELS)
def ask(request):
    """A function that runs one task with short limits."""
    with Sandbox(Limits(seconds=2.0), request.param) as box:

        def ask(code, *probes):
            probes = probes or (Question("plain", 1),)
            task = Task("f", ({"code": code, "cell": 0, "line": 1},), PROBES, probes)
            return box.ask(task)["f"]

        yield ask


def value(finding):
    (outcome,) = finding.outcomes.values()
    return outcome.value


def test_values_come_back_and_inputs_depend_on_the_seed_alone(ask):
    """The same seed gives the same numbers, here and there."""
    expected = np.random.default_rng(5).normal()

    finding = ask("f = lambda x: (x, [1])", Question("plain", 5))

    assert finding == Finding({"plain": Outcome((expected, [1]))}, "done")
    assert value(ask("f = lambda x: x", Question("plain", 6))) != expected


def test_a_probe_gets_what_it_is_given(ask):
    """Such as the cache of a forward pass, which needs the reference."""
    cache = {"x": np.arange(3.0), "shape": (1, 2)}

    finding = ask("f = lambda v: v['x'] * 2", Question("given", 1, encode(cache)))

    np.testing.assert_array_equal(value(finding), [0.0, 2.0, 4.0])


def test_an_error_comes_back_as_its_name_and_line(ask):
    """Its words stay inside: they could carry anything."""
    finding = ask("def f(x):\n    raise ValueError('told')")

    assert finding.outcomes == {"plain": Outcome(error="ValueError", line=2)}
    assert "told" not in repr(finding)


ENDS = {
    "an endless loop": ("def f(x):\n    while True: pass", "timeout"),
    "an end": ("import os\ndef f(x): os._exit(0)", "closed"),
    "a flood": ("import os\ndef f(x):\n    while True:\n        for fd in range(3, 64):\n"
                "            try: os.write(fd, b'x' * 9999)\n            except OSError: pass",
                "output"),
    "a stop": ("import os\ndef f(x): os.kill(os.getpid(), 19)", "timeout"),
    "a crash": ("import ctypes\ndef f(x): ctypes.memset(0, 1, 9)", "closed"),
}  # fmt: skip


@pytest.mark.parametrize("case", ENDS)
def test_a_task_that_ends_badly_costs_only_itself(ask, case):
    """The next one runs as if nothing had happened."""
    code, end = ENDS[case]

    assert ask(code) == Finding({}, end)
    assert value(ask("f = lambda x: 7")) == 7


def test_a_task_that_kills_its_parent_costs_only_itself(ask):
    """Behind the walls it can't even do that."""
    ask("import os, time\ndef f(x):\n    os.kill(os.getppid(), 9)\n    time.sleep(99)")

    assert value(ask("f = lambda x: 7")) == 7


@pytest.mark.parametrize("level", LEVELS)
def test_several_tasks_have_a_part_of_the_time_of_one(level):
    """An endless loop among them is found out soon, and a slow function has its time alone."""
    slow = "import time\ndef {}(x):\n    time.sleep(0.8)\n    return 7"
    f, g = (
        Task(name, ({"code": slow.format(name), "cell": 0, "line": 1},), PROBES,
             (Question("plain", 1),))
        for name in "fg"
    )  # fmt: skip
    with Sandbox(Limits(seconds=2.0), level) as box:
        assert {finding.end for finding in box.ask(f, g).values()} == {"timeout"}
        assert value(box.ask(g)["g"]) == 7


@pytest.mark.parametrize("level", LEVELS)
def test_a_submission_that_has_used_up_its_time_is_asked_nothing_more(level):
    """However many exercises it has, and however long each may take."""
    code = "import time\ndef f(x):\n    time.sleep(0.3)\n    return 7"
    task = Task("f", ({"code": code, "cell": 0, "line": 1},), PROBES, (Question("plain", 1),))
    with Sandbox(Limits(seconds=5.0, submission_seconds=0.2), level) as box:
        assert value(box.ask(task)["f"]) == 7
        assert box.ask(task) == {"f": Finding({}, "timeout")}


def test_a_process_that_was_left_behind_is_gone_before_the_next_task(ask):
    """Also one with a session of its own, which group and parent don't reach."""
    code = (
        "import os, time\ndef f(x):\n    read, write = os.pipe()\n    pid = os.fork()\n"
        "    if pid == 0:\n        os.setsid()\n        if os.fork(): os._exit(0)\n"
        "        os.write(write, str(os.getpid()).encode())\n        time.sleep(99)\n"
        "        os._exit(0)\n"
        "    os.waitpid(pid, 0)\n    return int(os.read(read, 20))"
    )
    left = value(ask(code))
    gone = "import os\ndef f(x): return not os.path.exists('/proc/{}/exe')"

    assert value(ask(gone.format(left))) is True


def descendants(pid):
    """Processes that one has started, and those that these have started."""
    found = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child, *descendants(child)}
    return found


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="this system has no /proc")
@pytest.mark.parametrize("level", LEVELS)
def test_a_sandbox_that_has_ended_leaves_no_process_not_even_a_dead_one(level):
    """Those count as processes of a user that the next sandbox runs as, until process 1 acts."""
    close_idle()
    before = descendants(os.getpid())
    with Sandbox(Limits(seconds=2.0), level) as box:
        box.ask(Task("f", ({"code": "f = abs", "cell": 0, "line": 1},), PROBES,
                     (Question("plain", 1),)))  # fmt: skip
        started = descendants(os.getpid()) - before
    close_idle()

    assert started
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


def processes_after(code, level):
    """What still runs for us after one task has been asked and its submission is through."""
    with Sandbox(Limits(seconds=2.0), level) as box:
        task = Task("f", ({"code": code, "cell": 0, "line": 1},), PROBES, (Question("plain", 1),))
        finding = box.ask(task)["f"]
    assert finding.end in ("done", "timeout", "closed")
    return descendants(os.getpid())


@pytest.mark.skipif(BUBBLEWRAP not in LEVELS, reason="needs bubblewrap")
def test_a_sandbox_in_which_nothing_was_left_serves_the_next_submission():
    """Whether the work was right, too slow or brought its process down."""
    close_idle()
    first = processes_after("f = abs", BUBBLEWRAP)
    codes = ("f = str", "def f(x):\n    while True: pass", "import os\ndef f(x): os._exit(1)")

    assert [processes_after(code, BUBBLEWRAP) - first for code in codes] == [set()] * 3
    close_idle()


@pytest.mark.skipif(BUBBLEWRAP not in LEVELS, reason="needs bubblewrap")
@pytest.mark.parametrize(
    "code",
    [
        "import os\ndef f(x): open('/tmp/left', 'w').close()",
        "import os\ndef f(x): os.mkdir('/dev/shm/left')",
        "import os\ndef f(x):\n    open('/tmp/left', 'w').close()\n    os.remove('/tmp/left')",
        "import os\ndef f(x):\n    os.symlink('/etc', '/dev/shm/left')\n    os._exit(0)",
    ],
)
def test_a_sandbox_in_which_a_file_was_made_serves_nobody_else(code):
    """Not even one that is gone again."""
    close_idle()
    before = descendants(os.getpid())

    assert processes_after(code, BUBBLEWRAP) == before


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="this system has no /proc")
def test_a_sandbox_without_walls_serves_one_submission():
    """What was left outside can't be known."""
    before = descendants(os.getpid())

    assert processes_after("f = abs", PROCESS) == before


@pytest.mark.skipif(BUBBLEWRAP not in LEVELS, reason="needs bubblewrap")
def test_a_thread_that_ends_leaves_no_sandbox():
    """Not even a dead one."""
    before = descendants(os.getpid())
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(processes_after, "f = abs", BUBBLEWRAP).result() - before

    assert descendants(os.getpid()) == before


@pytest.mark.skipif(BUBBLEWRAP not in LEVELS, reason="needs bubblewrap")
def test_a_sandbox_that_died_while_it_waited_is_replaced():
    """The next submission doesn't notice."""
    close_idle()
    before = descendants(os.getpid())
    for pid in processes_after("f = abs", BUBBLEWRAP) - before:
        os.kill(pid, signal.SIGKILL)
    with Sandbox(Limits(seconds=2.0), BUBBLEWRAP) as box:
        task = Task("f", ({"code": "f = str", "cell": 0, "line": 1},), PROBES,
                    (Question("plain", 1),))  # fmt: skip
        assert box.ask(task)["f"].end == "done"


@pytest.mark.skipif(BUBBLEWRAP not in LEVELS, reason="needs bubblewrap")
@pytest.mark.parametrize("call", [
    "libc.shmget(7, 4096, 0o1666)", "libc.semget(7, 1, 0o1666)", "libc.msgget(7, 0o1666)",
    "libc.mq_open(b'/left', 0o102, 0o666, None)",
])  # fmt: skip
def test_nothing_that_outlives_its_maker_can_be_made(ask, call):
    """Such as shared memory of System V, which is no file."""
    load = "import ctypes\nlibc = ctypes.CDLL(None)\n"

    assert value(ask(f"{load}def f(x): return {call}")) == -1


def test_lines_about_other_probes_are_left_out(ask):
    """A process speaks for the probes that it was asked, and for nobody else."""
    forged = (
        "import json, os\nvalue = {'kind': 'plain', 'value': 7}\ndef f(x):\n"
        "    for probe in ('other', 'plain'):\n"
        "        line = json.dumps({'function': 'f', 'probe': probe, 'value': value,\n"
        "                           'error': None, 'line': None})\n"
        "        for text in (line, '>' + line, json.dumps({'end': 'done'})):\n"
        "            for fd in range(1, 64):\n"
        "                try: os.write(fd, text.encode() + b'\\n')\n"
        "                except OSError: pass\n    os._exit(0)"
    )

    finding = ask(forged)

    assert set(finding.outcomes) == {"plain"}
    assert finding.end == "closed"


def test_a_task_knows_nothing_of_the_next(ask):
    """Its seed isn't in the process, the sandbox or a pipe when the first one runs."""
    search = (
        "import gc, sys\ndef f(x):\n    frame, found = sys._getframe(), ''\n"
        "    while frame:\n        found += repr(frame.f_locals) + repr(frame.f_globals)\n"
        "        frame = frame.f_back\n"
        "    found += repr([o for o in gc.get_objects() if isinstance(o, (dict, list, str))])\n"
        "    return ''.join(['56789', '8765']) in found"
    )

    assert value(ask(search, Question("plain", 567898765))) is True
    assert value(ask(search, Question("plain", 1))) is False
    assert value(ask(search, Question("plain", 567898765))) is True


def test_memory_and_files_are_limited(ask):
    """Within its process, a task may take what its limits say."""
    assert ask("import numpy as np\nf = lambda x: np.ones(10**10)").outcomes["plain"].error in (
        "MemoryError",
        "_ArrayMemoryError",
    )
    large = ask("import tempfile\nf = lambda x: tempfile.TemporaryFile().write(bytes(10**8))")
    assert large.outcomes["plain"].error == "OSError"


def test_other_programs_of_our_user_do_not_count_towards_the_limit(monkeypatch):
    """Without walls the kernel counts them, too; on a busy desktop no thread could be started."""
    assert runner.others_of_our_user() >= threading.active_count()

    monkeypatch.setenv("NNKIT_ALONE", "1")  # behind walls nobody else is there
    assert runner.others_of_our_user() == 0


@pytest.mark.parametrize("name", ["display", "plt", "tqdm"])
def test_what_only_shows_something_does_nothing(ask, name):
    """A plot that was left in a function costs no point."""
    code = {
        "display": "def f(x):\n    display(x)\n    return 7",
        "plt": "import matplotlib.pyplot as plt\ndef f(x):\n    fig, ax = plt.subplots()\n"
        "    with plt.style.context('x'):\n        ax.plot([1])[0].set_label('y')\n    return 7",
        "tqdm": "from tqdm import tqdm, trange\n"
        "f = lambda x: sum(1 for _ in tqdm(range(4), desc='x')) + sum(trange(3))",
    }[name]

    assert value(ask(code)) == 7


@pytest.mark.skipif(best_level() != BUBBLEWRAP, reason="bubblewrap is missing")
def test_walls_show_python_and_numpy_and_nothing_else():
    """No home, no project, no other package."""
    look = (
        "import os, pkgutil\ndef f(x):\n"
        "    names = {m.name for m in pkgutil.iter_modules()}\n"
        "    ours = {'nnkit', 'course', 'autograder', 'scipy', 'pip', 'pytest', 'IPython'}\n"
        "    places = ('/etc', '/var', '/home', '/srv', '/opt')\n"
        "    return sorted(names & ours), [p for p in places if os.path.exists(p)]"
    )
    with Sandbox(Limits(seconds=5.0), BUBBLEWRAP) as box:
        task = Task("f", ({"code": look, "cell": 0, "line": 1},), PROBES, (Question("plain", 1),))

        assert value(box.ask(task)["f"]) == ([], [])


def test_a_level_that_is_not_there_is_refused_with_the_remedy(monkeypatch):
    """Nobody is graded with less than was asked for."""
    sandbox.bubblewrap_variant.cache_clear()
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)

    with pytest.raises(SandboxUnavailable, match="apt-get install bubblewrap"):
        check_level(BUBBLEWRAP)
    assert best_level() == PROCESS
    check_level(PROCESS)
    sandbox.bubblewrap_variant.cache_clear()


@pytest.mark.parametrize("program", [["false"], ["sleep", "100"], ["true", "no such file"]])
def test_a_sandbox_that_does_not_start_is_no_student_s_fault(monkeypatch, program):
    """It is an error of the machine, not a grade."""
    monkeypatch.setattr(sandbox, "process_command", lambda folder: program)
    monkeypatch.setattr(sandbox, "START_SECONDS", 0.3)
    task = Task("f", (), PROBES, (Question("plain", 1),))

    with Sandbox(Limits(), PROCESS) as box, pytest.raises(SandboxUnavailable, match="to start"):
        box.ask(task)


def test_a_sandbox_without_a_task_is_never_started(monkeypatch):
    """An untouched notebook costs no time."""
    monkeypatch.setattr(sandbox.subprocess, "Popen", None)

    with Sandbox(Limits(), PROCESS):
        pass


def test_the_environment_holds_nothing_of_ours(monkeypatch):
    """Keys and tokens of whoever grades stay outside."""
    monkeypatch.setenv("AWS_SECRET", "x")

    assert set(walls.environment()) <= {
        "HOME", "LANG", "PATH", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
        "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE",
    }  # fmt: skip


@pytest.mark.parametrize("name", MACHINES)
def test_the_kernel_filter_refuses_what_it_names(monkeypatch, name):
    """A small interpreter of the filter's language stands in for the kernel."""
    monkeypatch.setattr("platform.machine", lambda: name)
    machine, program = MACHINES[name], seccomp_program()
    numbers = {numbers[machine.column] for numbers in REFUSED.values()}

    refused = {n for n in range(500) if decision(program, n, machine.audit_name) != ALLOWED}

    assert refused == numbers | {machine.clone3}
    assert decision(program, machine.clone, machine.audit_name, 0x10000000) != ALLOWED
    assert decision(program, 0, 0x40000003) != ALLOWED  # 32-bit calls have other numbers
    assert decision(program, 0x40000000, machine.audit_name) != ALLOWED


ALLOWED = 0x7FFF0000


def decision(program, number, architecture, argument=0):
    data = {0: number, 4: architecture, 16: argument}
    lines = np.frombuffer(program, dtype=[("code", "u2"), ("jt", "u1"), ("jf", "u1"), ("k", "u4")])
    at = loaded = 0
    while True:
        code, jump_true, jump_false, k = (int(x) for x in lines[at])
        if code == 0x06:
            return k
        if code == 0x20:
            loaded, at = data[k], at + 1
        else:
            true = {0x15: loaded == k, 0x35: loaded >= k, 0x45: bool(loaded & k)}[code]
            at += 1 + (jump_true if true else jump_false)


def test_a_machine_without_a_filter_gets_none(monkeypatch):
    """The walls stand all the same."""
    monkeypatch.setattr("platform.machine", lambda: "riscv64")

    assert seccomp_program() == b""


def test_starting_takes_a_moment_only():
    """A class is graded in seconds."""
    start = time.perf_counter()
    with Sandbox(Limits(), best_level()) as box:
        task = Task("f", ({"code": "f = abs", "cell": 0, "line": 1},), PROBES,
                    (Question("plain", 1),))  # fmt: skip
        assert box.ask(task)["f"].end == "done"

    assert time.perf_counter() - start < 10 * max(1, os.getloadavg()[0])
