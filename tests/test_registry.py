"""To add a network, one adds it to the registry: pages, command line and worker then have it."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT

ENTRY = """
        Network(
            "tiny",
            "eight units, to try things out",
            layers="blur,flatten,dense-{hidden}-tanh",
            recipe=Recipe(epochs=2),
        ),
    )
}
OWN"""
PAGE = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
app.switch_page("mnist_model/pages/train/page.py").run()
app.selectbox(key="kind").set_value("tiny").run()
print(app.number_input(key="recipe_epochs").value, app.number_input(key="recipe_hidden").disabled)
print([html.proto.body for html in app.get("html") if "eight units" in html.proto.body])
app.sidebar.selectbox(key="network").set_value("RUN").run()
print("AveragePooling2D(pool_size=(2, 2), strides=(1, 1))" in app.code[0].value, len(app.exception), len(app.error))
for page in ("draw", "data", "shift"):
    app.switch_page(f"mnist_model/pages/{page}/page.py").run()
    print(len(app.exception), len(app.error))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with one more network."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "mnist_model", folder / "mnist_model")
    shutil.copy(ROOT / "app.py", folder)
    (folder / "assets").symlink_to(ROOT / "assets")
    registry = folder / "mnist_model/networks/registry.py"
    registry.write_text(registry.read_text().replace("\n    )\n}\nOWN", ENTRY, 1))
    return folder


def run(project, *arguments) -> str:
    env = os.environ | {"MNIST_NETWORK": str(project / "run"), "MNIST_RUNS": str(project / "runs")}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_new_network_is_trained_shown_and_used_everywhere(project):
    assert run(project, "-m", "mnist_model", "networks").split()[-1] == "tiny"
    few = ("--epochs", 1, "--examples", 2000, "--out", project / "run")
    assert "test accuracy" in run(project, "-m", "mnist_model", "train", "tiny", *few)
    assert "test images right" in run(project, "-m", "mnist_model", "evaluate", project / "run")
    epochs, shown, chosen, *pages = run(project, "-c", PAGE.replace("RUN", str(project / "run"))).splitlines()[-6:]
    assert epochs == "2 False", "its own recipe; its hidden units can be chosen"
    assert "tiny: eight units" in shown and "about" in shown
    assert chosen == "True 0 0" and pages == ["0 0"] * 3
