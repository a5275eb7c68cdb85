"""Many servers behind one address: how nginx shares people out, and a browser that loses its server."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import psutil
import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from mnist_model.addresses import class_addresses, reached_at
from mnist_model.many import serve
from mnist_model.many.nginx import configuration
from tests.conftest import COUNT, PATIENCE, ROOT
from tests.steps import (
    SEVEN,
    answered,
    asked,
    draw,
    go,
    idle,
    moved_to,
    open_draw,
    ready_to_move,
    sent,
    until,
)
from tests.test_class import ASKING, DIGIT, LESSON

EVERYWHERE = "0.0.0.0"
HERE, PHONE = "127.0.0.1", "127.0.0.2"  # this machine's own address, and one that may stand for another's
COOKIE = "nudge_server"
SOON = 60  # seconds, on a machine that does other things


@pytest.fixture(scope="module")
def nginx():
    """Where nginx is. Without it, skip; in CI, fail."""
    path = shutil.which("nginx", path=serve.PLACES)
    if path is None:
        pytest.fail("no nginx") if os.environ.get("CI") else pytest.skip("no nginx: apt-get install nginx")
    return path


class Echo(BaseHTTPRequestHandler):
    """A server that says at which port it is, and what it was told."""

    def do_GET(self) -> None:
        said = {"port": self.server.server_port, **{name.lower(): value for name, value in self.headers.items()}}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *_: object) -> None: ...


class Front:
    """An nginx in front of servers that echo."""

    def __init__(self, nginx: str, folder, count: int) -> None:
        self.port, *self.ports = serve.free_ports(1 + count)
        self._servers: dict[int, ThreadingHTTPServer] = {}
        for each in self.ports:
            self.start(each)
        file = folder / "nginx.conf"
        file.write_text(configuration("0.0.0.0", self.port, self.ports, folder))
        self._nginx = subprocess.Popen([nginx, "-e", "stderr", "-c", file])
        until(self._answers)

    def ask(self, source: str = HERE, **headers: str) -> tuple[int, str, str | None]:
        """Status, text, and the server that the cookie is to name from now on."""
        connection = http.client.HTTPConnection(HERE, self.port, timeout=10, source_address=(source, 0))
        with contextlib.closing(connection):
            connection.request("GET", "/", headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            named = answer.headers.get("Set-Cookie", "").partition(";")[0].removeprefix(f"{COOKIE}=")
            return answer.status, answer.read().decode(), named or None

    def told(self, source: str = HERE, **headers: str) -> dict:
        return json.loads(self.ask(source, **headers)[1])

    def start(self, port: int) -> None:
        self._servers[port] = ThreadingHTTPServer((HERE, port), Echo)
        threading.Thread(target=self._servers[port].serve_forever, args=(0.01,), daemon=True).start()

    def stop(self, port: int) -> None:
        self._servers[port].shutdown()
        self._servers.pop(port).server_close()

    def end(self) -> None:
        self._nginx.terminate()
        self._nginx.wait()
        for each in list(self._servers):
            self.stop(each)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.ask()[0] == 200
        return False


@pytest.fixture
def front(nginx, tmp_path):
    made = Front(nginx, tmp_path, 3)
    yield made
    made.end()


def test_the_configuration_names_every_server_and_where_to_listen(tmp_path):
    text = configuration("::", 8501, [7001, 7002], tmp_path)
    assert "listen [::]:8501;" in text and f"pid {tmp_path}/pid;" in text and "@" not in text
    assert "listen 0.0.0.0:80;" in configuration("0.0.0.0", 80, [7001], tmp_path)
    for first, other in ((7001, 7002), (7002, 7001)):
        assert f"{first} first_{first};" in text
        share = text.partition(f"upstream first_{first} {{")[2].partition("}")[0]
        assert f"127.0.0.1:{first} max_fails" in share and "backup" in share.partition(f"127.0.0.1:{other}")[2]


def test_a_browser_stays_at_its_server_and_a_class_is_shared_out(front):
    came = [front.ask()[2] for _ in range(30)]
    assert {came.count(str(port)) for port in front.ports} == {10}
    for port in front.ports:
        for _ in range(5):
            status, text, named = front.ask(cookie=f"a=1; {COOKIE}={port}; b=2")
            assert (status, json.loads(text)["port"], named) == (200, port, None)


def test_a_cookie_that_names_no_server_is_replaced(front):
    for wrong in ("80", "first_80", "", "127.0.0.1:80"):
        status, text, named = front.ask(cookie=f"{COOKIE}={wrong}")
        assert status == 200 and named == str(json.loads(text)["port"])


def test_who_loses_a_server_comes_to_another_and_stays_there(front):
    first = front.ports[0]
    front.stop(first)
    _, text, now = front.ask(cookie=f"{COOKIE}={first}")
    assert now == str(json.loads(text)["port"]) and now in map(str, front.ports[1:])
    front.start(first)
    assert {front.told(cookie=f"{COOKIE}={now}")["port"] for _ in range(5)} == {int(now)}
    until(lambda: front.ask()[2] == str(first))  # somebody new
    for each in front.ports:
        front.stop(each)
    status, text, _ = front.ask(cookie=f"{COOKIE}={now}")
    assert status == 503 and text.startswith("No server of the app answers at the moment")


def test_a_server_is_told_where_a_phone_is_and_no_phone_names_an_address(front):
    forged = {"x_real_ip": "10.0.0.7", "x_forwarded_for": "10.0.0.7", "x_forwarded_proto": "https", "host": "lab:8501"}
    told = front.told(PHONE, **forged)
    assert told["x-real-ip"] == PHONE and told["host"] == "lab:8501"
    assert {"x-forwarded-for", "x-forwarded-proto"} & set(told) == set()
    told = front.told(HERE, **forged)  # another proxy, on this machine
    assert told["x-real-ip"] == "10.0.0.7" and "x-forwarded-for" not in told


def test_a_server_knows_at_which_address_people_reach_it(monkeypatch):
    assert reached_at(HERE, 7001) == (HERE, 7001)
    for host in ("0.0.0.0", "192.168.7.7", "::1"):
        monkeypatch.setenv("MNIST_REACHED_AT", f"{host}:8501")
        assert reached_at(HERE, 7001) == (host, "8501")
    monkeypatch.setenv("MNIST_REACHED_AT", "192.168.7.7:8501")
    assert class_addresses(*reached_at(HERE, 7001)) == ["http://192.168.7.7:8501"]


@pytest.mark.parametrize("missing", ["nginx", "setpriv"])
def test_what_is_missing_is_one_sentence_that_says_how_to_install_it(missing, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name, path: None if name == missing else f"/usr/sbin/{name}")
    done = CliRunner().invoke(serve.main, [HERE, "8501", "2"])
    assert done.exit_code == 1 and len(done.output.splitlines()) == 1
    assert f"needs {missing}" in done.output and "apt-get install --no-install-recommends " in done.output


def test_a_port_that_is_taken_and_what_is_no_number_are_one_sentence(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name, path: name)
    with socket.create_server((HERE, 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(serve.main, [HERE, port, "2"])
    assert done.exit_code == 1 and done.output == f"Error: {HERE}:{port} cannot be served: Address already in use.\n"
    for wrong in ("0", "four", "65"):
        done = CliRunner().invoke(serve.main, [HERE, "8501", wrong])
        assert done.exit_code == 2 and "Invalid value for 'SERVERS'" in done.output


class Many:
    """`make many`, on a free port, open to a class as far as it knows; in truth these tests come from here only."""

    def __init__(self, servers: int, folder) -> None:
        (port,) = serve.free_ports(1)
        self.url = f"http://{HERE}:{port}"
        command = [sys.executable, "-m", "mnist_model.many.serve", EVERYWHERE, str(port), str(servers)]
        env = os.environ | {"MNIST_RUNS": f"{folder}/runs", "TMPDIR": str(folder)}
        self.process = psutil.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        self.said: list[str] = []
        until(lambda: self.said.append(self.process.stdout.readline()) or "servers share" in self.said[-1], SOON)

    def server(self, port: str) -> psutil.Process | None:
        """The one that listens at a port."""
        for each in self.process.children():
            with contextlib.suppress(psutil.Error):
                if port in each.cmdline():
                    return each
        return None

    def end(self, how: signal.Signals) -> list[psutil.Process]:
        """What is left running 20 s after the end."""
        processes = [self.process, *self.process.children(recursive=True)]
        self.process.send_signal(how)
        _, left = psutil.wait_procs(processes, 20)
        for each in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        return left


@pytest.fixture(scope="module")
def many(nginx, tmp_path_factory):
    made = Many(2, tmp_path_factory.mktemp("many"))
    yield made
    assert made.end(signal.SIGTERM) == []


@pytest.fixture
def page(browser, many):
    context = browser.new_context(base_url=many.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(COUNT)
    yield context.new_page()
    context.close()


def at(page) -> str:
    """The port of the server that has this browser."""
    return next(each["value"] for each in page.context.cookies() if each["name"] == COOKIE)


def moves(page, dx: int) -> None:
    """One pixel to the right, where that is so many from the middle; the server sees it, too."""
    ready_to_move(page)
    page.locator(".grab").focus()
    page.keyboard.press("ArrowRight")
    moved_to(page, dx, 0)
    expect(page.locator(".answers")).to_have_attribute("data-dx", str(dx))


def trains(page) -> None:
    for label, value in {"Epochs": 1, "Training images": 640}.items():
        before = sent(page)
        field = page.get_by_role("spinbutton", name=label)
        field.fill(str(value))
        field.press("Enter")
        asked(page, before)
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text("Your training of dense is done").wait_for(timeout=1000 * 2 * SOON)


def test_a_browser_draws_moves_and_trains_and_finds_its_runs_when_its_server_is_killed(many, page):
    open_draw(page)
    draw(page, SEVEN)
    answered(page)
    first = at(page)
    go(page, "Shift", ".grab")
    moves(page, 1)
    go(page, "Train", "table.confusion")
    trains(page)
    expect(page.locator("table.runs tr")).to_have_count(2)
    assert at(page) == first, "all of it was asked of one server"

    killed = many.server(first)
    killed.kill()
    until(lambda: at(page) != first)
    second = at(page)
    idle(page)
    go(page, "Shift", ".grab")
    moves(page, 2)
    go(page, "Train", "table.runs")
    expect(page.locator("table.runs tr")).to_have_count(2)
    page.get_by_role("button", name="Use it on every page").click()
    network = page.get_by_test_id("stSidebar").get_by_role("combobox")
    expect(network).to_have_value(re.compile("^dense "))
    assert page.get_by_test_id("stException").count() == 0

    assert at(page) == second, "it stays where it now is"
    until(lambda: many.server(first) not in (None, killed), SOON)


class Browser:
    """One of a class: what it asks, with its cookies."""

    def __init__(self, many: Many) -> None:
        self._url, self._cookies = many.url, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def get(self, path: str):
        return self._opener.open(f"{self._url}{path}", timeout=SOON)

    def ask(self, what: str, **sent: object) -> dict:
        """What is said; HTTPError where that is refused."""
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._url}/api/{what}", json.dumps(sent).encode(), headers)
        with self._opener.open(request, timeout=SOON) as answer:
            return json.load(answer)

    def told(self) -> dict:
        """The first that a new window is told."""
        with self.get("/api/events") as stream:
            return json.loads(stream.readline().removeprefix(b"data: "))

    @property
    def server(self) -> str:
        return next(each.value for each in self._cookies if each.name == COOKIE)


def test_two_servers_are_one_class_and_one_of_them_may_die(many):
    (link,) = (line.split()[-1] for line in many.said if "/teach/" in line)
    teacher, *phones = (Browser(many) for _ in range(3))
    assert teacher.get(urlsplit(link).path).status == 200
    names = [phone.ask("join")["name"] for phone in phones]
    first, second = phones
    assert first.server != second.server and names[0] != names[1]
    for act in ({"act": "go", "lesson": LESSON, "step": ASKING}, {"act": "ask"}, {"act": "collect", "on": True}):
        teacher.ask("teach", **act)
    question = second.told()["asks"]
    for phone in phones:
        phone.ask("vote", question=question, round=1, answer="0")
        phone.ask("digit", **DIGIT)
    assert teacher.told()["answered"] == {"1": 2} and teacher.told()["digits"] == 2

    died = first.server
    many.server(died).kill()
    first.ask("vote", question=question, round=1, answer="1")
    assert first.server == second.server and first.ask("join")["name"] == names[0]
    first.ask("digit", **DIGIT | {"token": "another1"})
    teacher.ask("teach", act="reveal")
    teacher.ask("teach", act="gate", on=True)
    assert [each["votes"] for each in second.told()["rounds"][0]["bars"]][:2] == [1, 1]
    assert [each["name"] for each in second.ask("wall", after=0)["digits"]] == [*names, names[0]]
    until(lambda: many.server(died) is not None, SOON)


@pytest.mark.engine
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name)
def test_however_it_ends_nothing_is_left_running(nginx, tmp_path, how):
    made = Many(1, tmp_path)
    names = {" ".join(each.cmdline()) for each in made.process.children(recursive=True)}
    for part in ("lab_scheduler", "join_lab", "streamlit", "nginx: master", "nginx: worker"):
        assert any(part in each for each in names), part
    assert made.end(how) == []
