"""A folder is a rule: what its docstring says it may import is all that its files import, lazily too."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.mutants import MUTANTS, ROOT

PACKAGE = Path(__file__).parent.parent / "mnist_model"
FILES = sorted(PACKAGE.rglob("*.py"))
SERVED = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
for page in ("data", "train", "shift"):
    app.switch_page(f"mnist_model/pages/{page}/page.py").run()
assert not app.exception
print(sorted({"tensorflow", "keras", "altair", "matplotlib"} & set(sys.modules)))
"""


def module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(path) for path in FILES}


def imports(path: Path) -> set[str]:
    """The modules that a file imports, at its top or anywhere below."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are written out"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return found


def rule(folder: Path) -> set[str]:
    """What a folder's docstring says it may import."""
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    listed = re.search(r"May import: (.*?)\.$", docstring, re.DOTALL).group(1)
    return set(re.split(r"[,;]\s+", listed))


def ruling_folder(path: Path) -> Path:
    """The folder whose rule holds for a file: the outermost below the package, or the package itself."""
    inside = path.relative_to(PACKAGE).parts
    return PACKAGE / inside[0] if len(inside) > 1 else PACKAGE


def is_allowed(name: str, own: str, allowed: set[str]) -> bool:
    if name.split(".")[0] in sys.stdlib_module_names or name.startswith(f"{own}."):
        return True
    return any(name == each or name.startswith(f"{each}.") for each in allowed)


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_file_imports_only_what_its_folder_may(path):
    folder = ruling_folder(path)
    own = module(folder / "__init__.py") if folder != PACKAGE else module(path)
    wrong = {name for name in imports(path) if not is_allowed(name, own, rule(folder))}
    assert not wrong


def test_a_rule_is_a_rule():
    """The rules' own text would not save a wrong one: these are the arrows of the plan."""
    arrows = {
        "images": set(),
        "networks": {"images"},
        "runs": {"images", "networks"},
        "lesson": {"images", "networks"},
        "render": {"images", "lesson", "networks"},
        "engine": {"addresses", "heap", "images", "networks", "runs", "training"},
        "server": {"addresses", "browser_name", "classroom", "heap"},
        "classroom": {"addresses", "images", "lesson", "networks", "runs"},
        "many": {"addresses", "classroom", "runs"},
    }
    for folder, below in arrows.items():
        inner = {name.split(".")[1] for name in rule(PACKAGE / folder) if name.startswith("mnist_model.")}
        assert inner - {"errors", "percent"} == below
    assert [f for f in (*arrows, "training", "pages") if "streamlit" in rule(PACKAGE / f)] == ["server", "pages"]
    assert [f for f in (*arrows, "training", "pages") if "streamlit_drawable_canvas" in rule(PACKAGE / f)] == ["pages"]
    for name in ("tensorflow", "keras"):
        assert [f for f in (*arrows, "training", "pages") if name in rule(PACKAGE / f)] == ["training"]
    assert [f for f in (*arrows, "pages") if "mnist_model.training" in rule(PACKAGE / f)] == ["engine"]
    assert [f for f in (*arrows, "training", "pages") if "distributed" in rule(PACKAGE / f)] == ["engine"]


def test_no_module_is_imported_by_more_than_twelve_others():
    importers = defaultdict(set)
    for path in FILES:
        for name in imports(path) & MODULES:
            importers[name].add(module(path))
    assert {name: len(them) for name, them in importers.items() if len(them) > 12} == {}


def test_no_function_is_longer_than_thirty_lines():
    functions = [
        (f"{module(path)}.{node.name}", node.end_lineno - node.lineno + 1)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    assert {name: lines for name, lines in functions if lines > 30} == {}


def test_a_process_that_has_served_every_page_has_no_tensorflow():
    run = subprocess.run([sys.executable, "-c", SERVED], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert run.stdout.strip().splitlines()[-1] == "[]"


def test_every_mutant_has_its_place():
    gone = [each.name for each in MUTANTS if (ROOT / each.file).read_text().count(each.old) != 1]
    assert not gone and all((ROOT / "tests" / name).is_file() for each in MUTANTS for name in each.tests.split())
