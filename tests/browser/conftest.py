"""JupyterLab on a private home, and Chromium that reaches nothing but this machine."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from autograder.lab import SETTINGS, jupyterlab_command, lab_environment, working_copy
from autograder.samples import ASSIGNMENT

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
SERVER_FLAGS = [
    "--ServerApp.port=0",
    "--ServerApp.allow_root=True",  # in a container the tests may run as root
    "--LabApp.expose_app_in_browser=True",
    "--LabApp.extension_manager=readonly",  # the other kind asks PyPI
]
GIVE_UP = 60_000  # milliseconds, for what takes a few seconds
BODY_WITH_HEIGHT = "body { height: 100vh }"  # axe takes what is in JupyterLab's flat one for hidden
ACCESSIBILITY_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

KERNEL_IS_IDLE = """() =>
    window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"""
SELECT_CELL = """async id => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const index = notebook.widgets.findIndex(cell => cell.model.id === id);
    notebook.activeCellIndex = index;
    notebook.deselectAll();
    await notebook.scrollToItem(index);
}"""
CODE_CELLS = """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
    .filter(cell => cell.cell_type === 'code')"""


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"Chromium is not installed: {CHROMIUM} is missing")
    sync_api.expect.set_options(timeout=GIVE_UP)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def outside_requests():
    """What a page asked of other machines; none of it was answered."""
    return []


@pytest.fixture
def page(chromium, outside_requests):
    """A fresh browser window."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(GIVE_UP)

    def answer(route):
        address = urlsplit(route.request.url)
        if address.scheme == "file" or address.hostname in ("localhost", "127.0.0.1"):
            route.continue_()
        else:
            outside_requests.append(route.request.url)
            route.abort()

    context.route("**/*", answer)
    yield context.new_page()
    context.close()


@pytest.fixture
def accessibility_problems(page):
    """A function: what axe-core finds on the page, or in a part of it, by level A and AA."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )

    def problems(part=None):
        page.add_style_tag(content=BODY_WITH_HEIGHT)
        options = {"runOnly": ACCESSIBILITY_RULES, "resultTypes": ["passes", "violations"]}
        give_up = time.monotonic() + GIVE_UP / 1000
        while True:
            found = axe.Axe().run(page, context=part, options=options).response
            decided = [*found["passes"], *found["violations"]]
            if "color-contrast" in {rule["id"] for rule in decided}:
                return [(r["id"], [n["html"] for n in r["nodes"]]) for r in found["violations"]]
            assert time.monotonic() < give_up, "axe could not decide about the contrast of colours"
            page.wait_for_timeout(200)  # something still covered the text, or moved

    return problems


@dataclass(frozen=True)
class Server:
    """A running JupyterLab."""

    folder: Path
    url: str
    token: str

    def address(self, path):
        return f"{self.url}{path}?token={self.token}"


@pytest.fixture(scope="session")
def student_server(chromium, tmp_path_factory):
    """JupyterLab as `nnkit lab` starts it."""
    folder = tmp_path_factory.mktemp("notebooks")
    with _jupyterlab(folder, tmp_path_factory.mktemp("home"), lab_environment({})) as server:
        yield server


@pytest.fixture(scope="session")
def demo_course(tmp_path_factory):
    """The course folder of `nnkit demo --keep`."""
    folder = tmp_path_factory.mktemp("demo")
    command = [Path(sys.executable).with_name("nnkit"), "demo", "--keep", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "course"


@pytest.fixture(scope="session")
def instructor_server(chromium, demo_course, tmp_path_factory):
    """JupyterLab started in the course folder."""
    with _jupyterlab(demo_course, tmp_path_factory.mktemp("home")) as server:
        yield server


@contextmanager
def _jupyterlab(folder, home, settings=None):
    news = home / "config" / "labconfig" / "default_setting_overrides.json"
    if settings is None:
        news.parent.mkdir(parents=True)
        shutil.copy(SETTINGS / "labconfig" / news.name, news)  # without hiding the menus
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON"))}
    own = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
    }
    command = [*jupyterlab_command(folder, browser=False), *SERVER_FLAGS]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**inherited, **own, **(settings or {})},
            stdout=log,
            stderr=log,
        )
    try:
        info = _when_ready(process, home)
        yield Server(folder, info["url"], info["token"])
    finally:
        process.terminate()
        process.wait()


def _when_ready(process, home):
    give_up = time.monotonic() + GIVE_UP / 1000
    while time.monotonic() < give_up and process.poll() is None:
        for path in (home / "runtime").glob("jpserver-*.json"):
            if text := path.read_text():
                return json.loads(text)
        time.sleep(0.05)
    raise AssertionError(f"JupyterLab did not start:\n{(home / 'server.log').read_text()}")


class Notebook:
    """A notebook that is open in JupyterLab, as its user handles it."""

    def __init__(self, page):
        self.page = page

    def select(self, cell_id):
        """Scroll to a cell and return it."""
        self.page.evaluate(SELECT_CELL, cell_id)
        return self.page.locator(".jp-Cell.jp-mod-active")

    def type_into(self, cell_id, text):
        """Replace all that stands in a cell."""
        self.select(cell_id).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def run(self, cell_id):
        """Run one cell; return its output when it has finished."""
        cell = self.select(cell_id)
        self._command("notebook:run-cell")
        return cell.locator(".jp-OutputArea")

    def run_all_above(self, cell_id):
        self.select(cell_id)
        self._command("notebook:run-all-above")

    def run_all(self):
        self._command("notebook:run-all-cells")

    def code_cells(self):
        """The code cells with their outputs, as they would be saved."""
        return self.page.evaluate(CODE_CELLS)

    def validate(self):
        """Press nbgrader's button and return what its dialog says."""
        self.page.get_by_role("button", name="Validate", exact=True).click()
        dialog = self.page.get_by_role("dialog").filter(has_text="Validation Results")
        text = dialog.inner_text()
        dialog.get_by_role("button", name="Ok").click()
        return text

    def _command(self, name):
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)


@pytest.fixture
def open_notebook(student_server, page, request):
    """A function: open a lesson's working copy in JupyterLab; `content` is written there before."""
    folder = student_server.folder / re.sub(r"\W+", "-", request.node.name)

    def opened(content=None, name=ASSIGNMENT):
        list(working_copy(folder))
        path = folder / f"{name}.ipynb"
        if content is not None:
            path.write_bytes(content)
        workspace = f"lab/workspaces/{folder.name}/tree/{folder.name}/{path.name}"
        page.goto(student_server.address(workspace))
        page.wait_for_function(KERNEL_IS_IDLE)
        return Notebook(page)

    yield opened
    page.evaluate("window.jupyterapp?.serviceManager.sessions.shutdownAll()")
