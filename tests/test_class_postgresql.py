"""One class on a database that many servers share: Debian's PostgreSQL, in a folder of the test's own."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.applications import Starlette

from mnist_model.classroom import digits, room, view
from mnist_model.classroom.database import reading
from mnist_model.server import class_routes
from mnist_model.server.listeners import Listeners
from tests.asgi import asked
from tests.conftest import free_port
from tests.test_class import ASKING, DIGIT, LESSON, told

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
VOTE = """
import sys
from starlette.applications import Starlette
from mnist_model.classroom import view
from mnist_model.server import class_routes
from mnist_model.server.listeners import Listeners
from tests.asgi import asked
app = Starlette(routes=class_routes.routes(Listeners(view.version, view.views)))
for number in range(20):
    vote = {"question": sys.argv[1], "round": 1, "answer": "0"}
    assert asked(app, "/api/vote", vote, cookie=f"nudge={int(sys.argv[2]) + number:016x}").status == 200
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Its address, as MNIST_CLASS takes it."""
    if not PROGRAMS:
        message = "no PostgreSQL: install Debian's `postgresql`"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    folder, port = tmp_path_factory.mktemp("postgresql"), free_port()
    nobody = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    if nobody:  # it does not run as root, and has to reach its folder
        shutil.chown(folder, "postgres")
        for each in (folder, *(above for above in folder.parents if above.name.startswith(("pytest-", "popen-")))):
            each.chmod(0o755)

    def run(program: str, *arguments: str) -> None:
        command = [*nobody, str(PROGRAMS[-1] / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run("initdb", "--auth=trust", "--username=nudge", "--no-sync")
    settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", settings, "start")
    yield f"postgresql+psycopg://nudge@127.0.0.1:{port}/postgres"
    run("pg_ctl", "-w", "-m", "immediate", "stop")


@pytest.fixture(autouse=True)
def shared(monkeypatch, database, tmp_path):
    monkeypatch.setenv("MNIST_CLASS", database)
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path))


def server() -> Starlette:
    return Starlette(routes=class_routes.routes(Listeners(view.version, view.views)))


def teach(app: Starlette, act: str, **sent) -> None:
    with reading() as connection:
        cookie = f"nudge_teacher={room.secret(connection)}"
    assert asked(app, "/api/teach", {"act": act, **sent}, cookie=cookie).status == 200


def test_two_servers_on_one_database_are_one_class(tmp_path):
    here = server()
    teach(here, "go", lesson=LESSON, step=ASKING)
    teach(here, "ask")
    teach(here, "collect", on=True)
    question = told()["asks"]
    others = [subprocess.Popen([sys.executable, "-c", VOTE, question, str(first)], env=os.environ) for first in (0, 20)]

    def vote(number: int) -> int:
        sent = {"question": question, "round": 1, "answer": "1"}
        return asked(here, "/api/vote", sent, cookie=f"nudge={40 + number:016x}").status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(vote, range(20))) == {200}
    assert [each.wait(120) for each in others] == [0, 0]
    assert told(is_teacher=True)["answered"] == {"1": 60} and told(is_teacher=True)["joined"] == 60
    for app in (here, server()):  # sent to one, and again to the other
        assert asked(app, "/api/digit", DIGIT, cookie=f"nudge={0:016x}").status == 200
    with reading() as connection:
        (digit,) = digits.digits(connection)
    assert digit.label == 7 and digit.ink.sum() == 84
    teach(here, "reveal")
    assert [bar["votes"] for bar in told()["rounds"][0]["bars"]][:2] == [40, 20]
    teach(server(), "erase")
    assert told(is_teacher=True)["joined"] == 0 and told(is_teacher=True)["digits"] == 0
    assert not list(tmp_path.iterdir()), "nothing is kept beside it"
