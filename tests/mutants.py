"""Plants faults in a copy of the project, one by one, and reports those that no test notices.

    python -m tests.mutants [WORD …]        all of them, or those whose name has one of the words

A mutant names the tests that ought to notice it; they are run first. Where they do not, the whole suite has its turn.
Ends with status 1 where more than two survive.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
ALLOWED = 2


class Mutant(NamedTuple):
    """A fault: in a file, the text `old`, which is there once, becomes `new`; `tests` ought to notice."""

    name: str
    file: str
    old: str
    new: str
    tests: str


PACKAGE, PAGES, FRONTEND = "mnist_model/", "mnist_model/pages/", "mnist_model/frontend/"
MUTANTS = [
    Mutant(
        "the runs' columns swapped",
        PACKAGE + "render/tables.py",
        "[found.train_accuracy, found.test_accuracy]",
        "[found.test_accuracy, found.train_accuracy]",
        "test_render.py",
    ),
    Mutant(
        "parameters and seconds swapped",
        PACKAGE + "render/tables.py",
        'f"{report.parameters:,}", f"{report.seconds:.1f}"',
        'f"{report.seconds:.1f}", f"{report.parameters:,}"',
        "test_render.py",
    ),
    Mutant(
        "the verdict's columns swapped",
        PACKAGE + "networks/places.py",
        "SHIFTS = (0, 2, 4, 6)",
        "SHIFTS = (0, 4, 2, 6)",
        "test_study.py",
    ),
    Mutant(
        "deviations of a population",
        PACKAGE + "networks/study.py",
        "statistics.stdev(values)",
        "statistics.pstdev(values)",
        "test_study.py",
    ),
    Mutant(
        "chance of single networks for means",
        PACKAGE + "networks/study.py",
        "each.deviation / math.sqrt(each.seeds)",
        "each.deviation",
        "test_study.py",
    ),
    Mutant(
        "a study's measured trial is measured again",
        PACKAGE + "runs/studying.py",
        "return None if is_measured else MeasureFigures(self.folder.path)",
        "return None if self.run else MeasureFigures(self.folder.path)",
        "test_study.py",
    ),
    Mutant(
        "covers stay lifted for another question",
        FRONTEND + "covers.js",
        "if (question !== asked || !hidden()) forget()",
        "if (!hidden()) forget()",
        "test_projector.py",
    ),
    Mutant(
        "a label in what a screen reader says of a picture",
        PAGES + "data/sample.py",
        "picture(image, source)",
        'picture(image, f"{source}, labelled {label}")',
        "test_projector.py",
    ),
    Mutant(
        "high and low swapped", PACKAGE + "render/words.py", "'low' if down > 0", "'low' if down < 0", "test_render.py"
    ),
    Mutant(
        "left and right swapped",
        PACKAGE + "render/words.py",
        "'right' if right > 0",
        "'right' if right < 0",
        "test_render.py",
    ),
    Mutant(
        "a difference negated",
        PACKAGE + "render/tables.py",
        "round(100 * after, 1) - round(100 * before, 1)",
        "round(100 * before, 1) - round(100 * after, 1)",
        "test_render.py",
    ),
    Mutant(
        "captions of the metrics swapped",
        PAGES + "train/result.py",
        'a.metric("training images"',
        'a.metric("test images"',
        "test_pages.py",
    ),
    Mutant(
        "the caption of the shifted digit altered",
        PAGES + "shift/mover.py",
        'f"shifted by ({shown.dx}, {shown.dy})"',
        'f"shifted by ({shown.dy}, {shown.dx})"',
        "test_pages.py",
    ),
    Mutant(
        "bars before and after swapped",
        PAGES + "shift/mover.py",
        'captioned(bars(chosen.before), f"{chosen.title} before")',
        'captioned(bars(shown.after(chosen)), f"{chosen.title} before")',
        "test_pages.py",
    ),
    Mutant(
        "colours of weights inverted",
        PACKAGE + "render/maps.py",
        "values[..., None] > 0, _rgb([POSITIVE]), _rgb([NEGATIVE])",
        "values[..., None] < 0, _rgb([POSITIVE]), _rgb([NEGATIVE])",
        "test_maps.py",
    ),
    Mutant(
        "accuracy colours inverted",
        PACKAGE + "render/maps.py",
        "np.interp(fractions, stops, channel)",
        "np.interp(1 - fractions, stops, channel)",
        "test_maps.py",
    ),
    Mutant(
        "a sum above 0 called lost",
        PAGES + "shift/why.py",
        "'gained' if now > 0 else 'lost'",
        "'lost' if now > 0 else 'gained'",
        "test_pages.py",
    ),
    Mutant(
        "a file that may change is kept",
        PACKAGE + "server/streamlit_files.py",
        'if "immutable" in answer',
        'if "" in answer',
        "test_server.py",
    ),
    Mutant(
        "whole pages wait for nobody",
        PACKAGE + "server/limits.py",
        "if is_new else self._lanes.pages",
        "if is_new else None",
        "test_server.py",
    ),
    Mutant(
        "large blocks come from the heap",
        PACKAGE + "heap.py",
        "-3: 128_000",
        "-3: 32_000_000",
        "test_server.py",
    ),
    Mutant(
        "a lesson's number is right however far off",
        PACKAGE + "lesson/marking.py",
        "abs(said - right) <= question.tolerance + 1e-9",
        "abs(said - right) >= 0",
        "test_lesson.py",
    ),
    Mutant(
        "a step uncovers from the start what it hides",
        PAGES + "shared/lessons.py",
        '{"hide": at.step.hide or UNCOVERED, **values}',
        '{"hide": UNCOVERED, **values}',
        "test_lesson.py",
    ),
    Mutant(
        "a step of one's own shows another digit",
        PAGES + "shared/lessons.py",
        'values.pop("digit", None)',
        "pass",
        "test_lesson.py",
    ),
    Mutant("LOST × 100 in JavaScript", FRONTEND + "follow.js", "LOST = 0.005", "LOST = 0.5", "test_moving.py"),
    Mutant(
        "percent of a tenth in JavaScript",
        FRONTEND + "show.js",
        "(100 * fraction)",
        "(10 * fraction)",
        "test_live.py test_browser.py",
    ),
    Mutant(
        "the other units' part with the bias in it",
        FRONTEND + "stages.js",
        "signed(sums[digit] - own - biases[digit])",
        "signed(sums[digit] - own)",
        "test_forward.py",
    ),
    Mutant(
        "the place of the maximum turned",
        FRONTEND + "stages.js",
        "[at % x.width, Math.floor(at / x.width)]",
        "[Math.floor(at / x.width), at % x.width]",
        "test_forward.py",
    ),
    Mutant(
        "the notebook's order of another seed",
        PACKAGE + "networks/notebook.py",
        "np.random.default_rng({seed})",
        "np.random.default_rng({seed} + 1)",
        "test_notebook.py",
    ),
    Mutant(
        "a remedy's frame beside the maximum",
        PACKAGE + "render/remedies.py",
        "divmod(int(found.argmax()), found.shape[1])",
        "divmod(int(found.argmax()) + 1, found.shape[1])",
        "test_pages.py",
    ),
    Mutant(
        "centring's box in JavaScript", FRONTEND + "drawing.js", "const BOX = 20", "const BOX = 21", "test_frontend.py"
    ),
    Mutant(
        "an arrow key the wrong way",
        FRONTEND + "show.js",
        "ArrowLeft: [-1, 0], ArrowRight: [1, 0]",
        "ArrowLeft: [1, 0], ArrowRight: [-1, 0]",
        "test_browser.py",
    ),
    Mutant(
        "is_there always true",
        PAGES + "shared/owner.py",
        "return any(is_active(session)",
        "return True or any(is_active(session)",
        "test_pages.py",
    ),
    Mutant(
        "MNIST_RUNS_AT_ONCE=0 is taken",
        PACKAGE + "runs/settings.py",
        "int(text) > 0",
        "int(text) >= 0",
        "test_store.py",
    ),
    Mutant(
        "a transposed confusion matrix",
        PACKAGE + "networks/evaluation.py",
        "np.add.at(matrix, (labels, answers), 1)",
        "np.add.at(matrix, (answers, labels), 1)",
        "test_evaluation.py",
    ),
    Mutant(
        "a transposed confusion table",
        PACKAGE + "render/tables.py",
        "count = int(matrix[true, predicted])",
        "count = int(matrix[predicted, true])",
        "test_render.py",
    ),
    Mutant(
        "the images behind a confusion transposed",
        PAGES + "train/result.py",
        "(mnist().test_labels == true) & (predictions == predicted)",
        "(mnist().test_labels == predicted) & (predictions == true)",
        "test_browser.py",
    ),
    Mutant(
        "similarity taken after softmax",
        PACKAGE + "networks/activations.py",
        "network.activations(np.stack(moved))[-2]",
        "network.activations(np.stack(moved))[-1]",
        "test_activations.py",
    ),
    Mutant(
        "a turn to one side only",
        PACKAGE + "training/augmentation.py",
        "rng.uniform(-hand.turn, hand.turn, count)",
        "rng.uniform(0, hand.turn, count)",
        "test_epochs.py",
    ),
    Mutant(
        "a slant to one side only",
        PACKAGE + "training/augmentation.py",
        "rng.uniform(-hand.slant, hand.slant, count)",
        "rng.uniform(0, hand.slant, count)",
        "test_epochs.py",
    ),
    Mutant(
        "layer code hidden",
        PAGES + "train/layers.py",
        'st.code(as_keras(network()), language="python", wrap_lines=True)',
        "as_keras(network())",
        "test_pages.py",
    ),
    Mutant(
        "the decay left out of the code shown",
        PACKAGE + "networks/keras_code.py",
        "if not recipe.decay:",
        "if True:",
        "test_keras_code.py",
    ),
    Mutant(
        "the doubt's remark of the wrong network",
        PACKAGE + "networks/doubt.py",
        "_doubt(chosen, said) or _doubt(beside, also_said)",
        "_doubt(chosen, also_said) or _doubt(beside, said)",
        "test_doubt.py",
    ),
    Mutant(
        "breaking points of the test set off by one",
        PACKAGE + "networks/positions.py",
        "reach = np.arange(1, furthest + 1)",
        "reach = np.arange(0, furthest)",
        "test_positions.py",
    ),
    Mutant(
        "compass turned",
        PAGES + "shift/breaking.py",
        '"→↘↓↙←↖↑↗"',
        '"←↖↑↗→↘↓↙"',
        "test_pages.py",
    ),
    Mutant(
        "the accuracy map's offset transposed",
        PAGES + "shift/accuracy.py",
        "map[dy + MAP_REACH, dx + MAP_REACH]",
        "map[dx + MAP_REACH, dy + MAP_REACH]",
        "test_pages.py",
    ),
    Mutant(
        "surest mistakes last",
        PACKAGE + "networks/ranking.py",
        "least_sure(probabilities)[::-1]",
        "least_sure(probabilities)",
        "test_ranking.py",
    ),
    Mutant(
        "the density's axes swapped",
        PACKAGE + "render/maps.py",
        "np.histogram2d(points[:, 1], points[:, 0]",
        "np.histogram2d(points[:, 0], points[:, 1]",
        "test_maps.py",
    ),
    Mutant(
        "a run is anybody's to delete",
        PAGES + "train/compare.py",
        "details(selected, own=selected in mine)",
        "details(selected, own=True)",
        "test_pages.py",
    ),
    Mutant(
        "a stopped run goes last",
        PACKAGE + "runs/queue.py",
        "alive=run.alive, first=True)",
        "alive=run.alive)",
        "test_queue.py",
    ),
    Mutant(
        "behind nginx a phone names its own address",
        PACKAGE + "many/nginx.conf",
        '            proxy_set_header X-Forwarded-For "";\n',
        "",
        "test_many.py",
    ),
    Mutant(
        "who has lost a server goes back to it",
        PACKAGE + "many/nginx.conf",
        '        "~^(\\d+) .*:\\1$" "";\n',
        '        "~^(\\d+) " "";\n',
        "test_many.py",
    ),
    Mutant(
        "kill -9 leaves servers running",
        PACKAGE + "many/serve.py",
        '"--pdeathsig", "TERM"',
        '"--pdeathsig", "clear"',
        "test_many.py",
    ),
    Mutant(
        "all servers hear of all runs",
        PACKAGE + "engine/cluster.py",
        'f"nudge-{secrets.token_hex(8)}"',
        '"nudge"',
        "test_lab.py",
    ),
]


def main(words: list[str]) -> int:
    chosen = [mutant for mutant in MUTANTS if not words or any(word in mutant.name for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder))
        survivors = [mutant.name for mutant in chosen if not notices(copy, mutant)]
    print(f"{len(survivors)} of {len(chosen)} survive: {'; '.join(survivors) or 'none'}")
    return int(len(survivors) > ALLOWED)


def copied(to: Path) -> Path:
    """The project's files, those that git does not know yet too, but none that it ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    return to


def notices(copy: Path, mutant: Mutant) -> bool:
    """Plant a mutant, run the tests, take it out again; whether one of them has failed."""
    file = copy / mutant.file
    whole = file.read_text()
    if whole.count(mutant.old) != 1:
        raise ValueError(f"{mutant.file} has not exactly once: {mutant.old}")
    file.write_text(whole.replace(mutant.old, mutant.new))
    try:
        named = [f"tests/{name}" for name in mutant.tests.split()]
        noticed = fails(copy, *named) or fails(copy)
    finally:
        file.write_text(whole)
    print(f"{'dies    ' if noticed else 'SURVIVES'}  {mutant.name}", flush=True)
    return noticed


def fails(copy: Path, *tests: str) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=copy, capture_output=True, check=False).returncode == 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
