"""What the tests share: a served app, a browser to open it in, and its pages."""

import contextlib
import functools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import ContextProxy
from streamlit.runtime.scriptrunner import script_runner

ROOT = Path(__file__).parent.parent
PATIENCE = 60_000  # ms that something in the browser may take where the machine has other things to do
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# NumPy, not yet imported: for matrices as small as ours a second thread gains nothing, and waiting for it where the
# other core is busy takes twenty times as long as the rest.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
scan_once = functools.cache(manifest_scanner.scan_component_manifests)

# Streamlit says "running" only once the server has begun. So a page counts what it sends, and notes that it has asked
# for a run (BackMsg's first field is 11, rerun_script) until one has begun (ForwardMsg's field 4, new_session) and
# ended (field 6, script_finished; 2: to begin anew).
COUNT = """const send = WebSocket.prototype.send
const sockets = new WeakSet()
let begun = false
Object.assign(window, { sent: 0, asked: false })
const fields = bytes => {  // of a message, by number: a number itself, of others how long they are
    const found = {}
    let at = 0
    const number = () => { let value = 0, unit = 1, byte
        do { byte = bytes[at++]; value += (byte & 127) * unit; unit *= 128 } while (byte > 127)
        return value }
    while (at < bytes.length) {
        const tag = number()
        found[tag >> 3] = number()
        if (tag & 7) at += found[tag >> 3]
    }
    return found
}
const hear = ({ data }) => {
    const { 4: beginning, 6: ending } = data instanceof ArrayBuffer ? fields(new Uint8Array(data)) : {}
    if (beginning !== undefined) begun = true
    if (begun && ending !== undefined && ending !== 2) window.asked = false
}
WebSocket.prototype.send = function (message) {
    if (!sockets.has(this)) this.addEventListener("message", hear)
    sockets.add(this)
    window.sent++
    if (message[0] === 0x5a) [window.asked, begun] = [true, false]
    return send.call(this, message)
}"""


def pytest_collection_modifyitems(items) -> None:
    """What has a browser among its fixtures is a browser test."""
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")


@pytest.fixture(autouse=True)
def quick_scripts(monkeypatch):
    """What AppTest does time and again. It looks for components in all that is installed, half a second for each app;
    its stand-in for cookies takes 0.2 s to be asked; and where a test before has imported Keras, Streamlit takes half
    a second after each script to clean up there, where no script has left anything."""
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", scan_once)
    monkeypatch.setattr(ContextProxy, "cookies", {})
    monkeypatch.setattr(script_runner, "_clean_problem_modules", lambda: None)


@pytest.fixture(scope="session")
def server_runs(tmp_path_factory) -> Path:
    """The folder of runs of the app below."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def server(server_runs):
    """The app as `make run` serves it, on a free port and with a folder of runs of its own; yields its URL."""
    with served(free_port(), MNIST_RUNS=str(server_runs)) as url:
        yield url


@contextlib.contextmanager
def served(port: int, **environment: str):
    """The app on a port; yields its URL."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    env = os.environ | environment
    process = subprocess.Popen([*command, "--server.headless", "true"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium: the system's, or Playwright's own. Without one, skip; in CI, fail."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        path = shutil.which("chromium") or (own if Path(own).exists() else None)
        if path is None:
            message = "no Chromium: install Debian's `chromium`, or run `.venv/bin/playwright install chromium`"
            pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def desktop(browser, server):
    """The one window of the tests: what it has loaded of the app once, it has."""
    yield from _window(browser, server, viewport={"width": 1280, "height": 900})


@pytest.fixture
def page(desktop):
    """A page in it, for somebody new."""
    yield from _page(desktop)


@pytest.fixture
def wide(page):
    """The same as on a projector or a small laptop."""
    from tests.steps import resize

    resize(page, 1280, 720)
    yield page
    resize(page, 1280, 900)


@pytest.fixture(scope="session")
def mobile(browser, server):
    """The same on a phone."""
    yield from _window(browser, server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


@pytest.fixture
def phone(mobile):
    """A page on it, for somebody new."""
    yield from _page(mobile)


@pytest.fixture
def visitor(browser, server):
    """Opens a page for one more person: `visitor()`.

    Each has a window of its own: in a shared one, a page that is shown once more gives its name back to all.
    """
    windows, pages = [], []

    def come():
        windows.append(_window(browser, server, viewport={"width": 1280, "height": 900}))
        pages.append(next(windows[-1]).pages[0])
        return pages[-1]

    yield come
    for page, window in zip(pages, windows, strict=True):
        assert page.get_by_test_id("stException").count() == 0
        next(window, None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _window(browser, server, **options):
    context = browser.new_context(base_url=server, reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(COUNT)
    context.new_page()
    yield context
    context.close()


def _page(context):
    """The window's first page, which no test closes. What a test has shown in it may not end in an exception."""
    page = context.pages[0]
    context.clear_cookies()
    page.mouse.move(0, 0)
    yield page
    page.mouse.up()
    assert page.get_by_test_id("stException").count() == 0


def _wait_for(url: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)
