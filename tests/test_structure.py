"""Arrows point one way: the library knows nothing of Streamlit, and what serves pages nothing of TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mnist_model"
SERVED = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
for page in ("data", "train", "shift"):
    app.switch_page(f"mnist_model/pages/{page}.py").run()
assert not app.exception
print(sorted({"tensorflow", "keras", "altair", "matplotlib"} & set(sys.modules)))
"""


def imports(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in plain | {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}}


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda p: p.name)
def test_the_library_does_not_import_streamlit(path):
    assert not {"streamlit", "streamlit_drawable_canvas"} & imports(path)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.name)
def test_only_networks_and_training_import_tensorflow_at_the_top(path):
    tree = ast.parse(path.read_text())
    top = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    top |= {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}
    heavy = {name.split(".")[0] for name in top} & {"tensorflow", "keras"}
    assert not heavy or path.name in {"networks.py", "training.py"}


def test_a_process_that_has_served_every_page_has_no_tensorflow():
    run = subprocess.run([sys.executable, "-c", SERVED], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert run.stdout.strip().splitlines()[-1] == "[]"
