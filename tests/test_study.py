"""A study: its figures agree with counting, it goes on where it stopped, and chance is not called a difference."""

import json
import math
import shutil
import threading
from dataclasses import asdict, replace

import numpy as np
import pytest
from click.testing import CliRunner

from mnist_model import cli
from mnist_model.images import dataset, shifting
from mnist_model.networks import classifier, positions, study
from mnist_model.networks.places import Figures, summarise_figures
from mnist_model.networks.registry import NETWORKS
from mnist_model.networks.run_folder import RunFolder, find
from mnist_model.networks.study import CONDITIONS, Spread, differ, spread
from mnist_model.runs import lives, measuring, queue, studying
from mnist_model.runs.jobs import Train
from mnist_model.runs.messages import Begun, Progress

FIGURES = Figures((0.9,) * 15, 0.8, 0.1, 0.2, 0.7)
SPARE = {"breaking.npy", "shift.json", "places.json", "shuffled.json", "learned.npy", "layers.tflite", "model.keras"}


class Engine:
    """Trains at once, by giving back a shipped network as if trained so; keeps what it was asked to do."""

    def __init__(self) -> None:
        self.slots, self.asked, self.fail, self.paused = 1, [], "", ""

    def begin(self, key, job, files, hear, end) -> None:
        name = job.folder.name
        self.asked.append((type(job).__name__, name))
        hear(Begun())
        if name == self.paused:
            hear(Progress(0.25))
            return
        made = RuntimeError("out of luck") if name == self.fail else self.made(job)
        threading.Thread(target=end, args=(made,), daemon=True).start()

    def made(self, job):
        if isinstance(job, Train):
            folder = find("dense-shifted" if job.network == "own" else job.network)
            report = folder.report()
            report = replace(report, network=job.network, recipe=job.recipe, epochs=job.recipe.epochs, seconds=2.0)
            kept = {name: content for name, content in folder.files().items() if name not in SPARE}
            return kept | {"report.json": json.dumps(report.to_json()).encode()}
        seed = float(job.folder.name.rpartition("-")[2])
        figures = json.dumps(FIGURES._replace(nearby=0.8 + seed / 100)._asdict()).encode()
        return {"figures.json": figures, "figures-centred.json": figures}

    def prepare(self) -> None: ...
    def rest(self) -> None: ...
    def stop(self, key) -> None: ...
    def abandon(self, key) -> None: ...
    def close(self) -> None: ...


@pytest.fixture
def engine(tmp_path, monkeypatch):
    made = Engine()
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(queue, "GLANCE", 0.02)
    monkeypatch.setattr(cli, "GLANCE", 0.02)
    monkeypatch.setattr("mnist_model.engine.cluster.chosen", lambda: made)
    return made


@pytest.fixture
def home(tmp_path):
    return tmp_path / "study"


def invoke(home, *arguments):
    return CliRunner().invoke(cli.main, ["study", *map(str, arguments), "--out", str(home)])


def test_the_figures_agree_with_counting_image_by_image():
    mnist, network = dataset.load(), classifier.load("dense")
    images, labels = dataset.scale(mnist.test_images[:40]), mnist.test_labels[:40]
    found = summarise_figures(positions.ask(network, images, positions.STUDIED), labels)

    def right(dx, dy):
        return [
            network.probabilities(shifting.shift(i, dx, dy)).argmax() == n for i, n in zip(images, labels, strict=True)
        ]

    for k in (0, 3, 9, 14):
        assert found.by_shift[k] == pytest.approx(np.mean([right(k, 0), right(-k, 0), right(0, k), right(0, -k)]))
    near = [right(dx, dy) for dx in range(-4, 5) for dy in range(-4, 5)]
    assert found.nearby == pytest.approx(np.mean(near))
    within_3 = [right(dx, dy) for dx in range(-3, 4) for dy in range(-3, 4)]
    assert found.everywhere == pytest.approx(np.mean(np.all(within_3, 0)))
    assert found.shown == (*(found.by_shift[k] for k in (0, 2, 4, 6)), *found[1:])


@pytest.mark.parametrize(("name", "centred"), [("dense", False), ("dense", True), ("conv", False)])
def test_the_shipped_networks_figures_are_those_of_the_shift_command(name, centred):
    """Of a few images, all offsets: both ways to the same figures."""
    mnist, network = dataset.load(), classifier.front(classifier.load(name), centred)
    images, labels = dataset.scale(mnist.test_images[:50]), mnist.test_labels[:50]
    answers = positions.ask(network, images, positions.MEASURED)
    found, known = summarise_figures(answers, labels), positions.summarise(answers, labels)
    assert found.by_shift == pytest.approx(known.by_shift) and found.nearby == pytest.approx(known.nearby)


def test_measuring_keeps_the_figures_with_and_without_centring(tmp_path, monkeypatch):
    folder = RunFolder(shutil.copytree(find("dense").path, tmp_path / "dense-0"))
    mnist, shown = dataset.load(), []
    few = mnist._replace(test_images=mnist.test_images[:30], test_labels=mnist.test_labels[:30])
    measuring.measure_figures(folder.path, few, shown.append)
    assert shown == sorted(shown) and shown[-1] == 1 and len(shown) == 2 * (9 * 9 + 10 * 4)
    plain, centred = folder.figures(), folder.figures(centred=True)
    assert plain.by_shift[4] < 0.6 < centred.by_shift[4]


def test_a_variant_differs_from_its_network_in_one_thing():
    def change(name, base):
        recipe, usual = asdict(CONDITIONS[name].network.recipe), asdict(NETWORKS[base].recipe)
        return {field: value for field, value in recipe.items() if value != usual[field]}

    assert change("dense-shifted-256", "dense-shifted") == {"hidden": 256}
    assert change("dense-shifted-512", "dense-shifted") == {"hidden": 512}
    assert change("conv-shifted", "conv") == {"shift": 6}
    blurred = change("conv-blur", "conv")["layers"].split(",")
    assert [each for each in blurred if each != "blur"] == ["conv-16", "max-2-1", "conv-32", "max-2-1", "flatten"]
    assert blurred[blurred.index("max-2-1") + 1] == "blur"
    assert set(NETWORKS) < set(CONDITIONS)


def test_means_and_deviations_are_those_of_a_sample():
    assert spread([0.1, 0.2, 0.6]) == Spread(pytest.approx(0.3), pytest.approx(np.std([0.1, 0.2, 0.6], ddof=1)), 3)
    assert math.isnan(spread([0.5]).deviation)


def test_a_difference_within_chance_is_none():
    one = Spread(0.98, 0.002, 5)
    error = math.sqrt(0.002**2 / 5 + 0.001**2 / 3)
    assert differ(one, Spread(0.98 - 3.1 * error, 0.001, 3)) and differ(Spread(0.98 - 3.1 * error, 0.001, 3), one)
    assert not differ(one, Spread(0.98 - 2.9 * error, 0.001, 3))
    assert not differ(one, spread([0.5])), "of one seed nothing is known of chance"


def test_each_seed_is_trained_measured_and_kept_in_one_file(engine, home):
    done = invoke(home, "conv-blur", "dense-shifted-256", "conv-blur", "--seeds", 2)
    assert done.exit_code == 0 and not done.stderr and "saved in" in done.stdout
    names = ["conv-blur-0", "dense-shifted-256-0", "conv-blur-1", "dense-shifted-256-1"]
    assert [name for what, name in engine.asked if what == "Train"] == names
    assert sorted(name for what, name in engine.asked if what == "MeasureFigures") == sorted(names)
    assert RunFolder(home / "conv-blur-1").report().recipe == replace(CONDITIONS["conv-blur"].network.recipe, seed=1)
    rows = study.from_json((home / "study.json").read_bytes())
    assert list(rows) == ["dense-shifted-256", "conv-blur"], "in the study's order"
    assert rows["conv-blur"].seeds == (0, 1)
    assert rows["conv-blur"].shown[4] == Spread(pytest.approx(0.805), pytest.approx(0.01 / math.sqrt(2)), 2)
    assert len(rows["conv-blur"].by_shift) == 15


def test_what_is_done_is_not_done_again_and_what_is_half_done_is(engine, home):
    invoke(home, "conv-blur", "--seeds", 3)
    (home / "conv-blur-1" / "figures.json").write_text('{"by_shift": [0.5')
    (home / "conv-blur-2" / "report.json").write_text("{}")
    (home / "conv-blur-3.partial").mkdir()
    lives.sign(home / "conv-blur-3.partial")
    engine.asked.clear()
    assert invoke(home, "conv-blur", "--seeds", 4).exit_code == 0
    again = {("MeasureFigures", f"conv-blur-{seed}") for seed in (1, 2, 3)}
    assert set(engine.asked) == again | {("Train", "conv-blur-2"), ("Train", "conv-blur-3")}
    assert study.from_json((home / "study.json").read_bytes())["conv-blur"].seeds == (0, 1, 2, 3)


def test_a_shipped_network_is_one_of_its_seeds_and_centring_has_a_row_of_its_own(engine, home):
    invoke(home, "dense", "--seeds", 2)
    assert ("Train", "dense-1") in engine.asked and ("Train", "dense-0") not in engine.asked
    assert RunFolder(home / "dense-0").report() == find("dense").report()
    assert list(study.from_json((home / "study.json").read_bytes())) == ["dense", "centring + dense"]


def test_a_run_that_was_copied_there_is_measured_and_another_training_is_not_touched(engine, home):
    for name in ("dense-0", "dense-1"):
        shutil.copytree(find("dense").path, home / name)
    done = invoke(home, "dense", "--seeds", 2)
    assert done.exit_code == 1 and "dense-1 holds another training: move it away." in done.output
    assert engine.asked == [("MeasureFigures", "dense-0")] and (home / "dense-1" / "weights.npz").exists()


def test_a_trial_that_fails_is_said_and_the_others_go_on(engine, home):
    engine.fail = "conv-blur-0"
    done = invoke(home, "conv-blur", "--seeds", 2, "--progress", "json")
    assert done.exit_code == 1
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["trial"], bool(each["error"])) for each in said[:-1]] == [
        ("conv-blur-0", True),
        ("conv-blur-1", False),
    ]
    assert study.from_json((home / "study.json").read_bytes())["conv-blur"].seeds == (1,)


def test_ctrl_c_keeps_what_is_done(engine, home, monkeypatch):
    engine.paused, engine.slots = "conv-blur-1", 2
    stopping, state, said = threading.Event(), studying.state, "1 of 2 done, conv-blur-1 measured 25%"

    def shown(asked):
        if state(asked) == said:
            stopping.set()
        return state(asked)

    monkeypatch.setattr(cli, "stop_on_signals", lambda: stopping)
    monkeypatch.setattr(studying, "state", shown)
    done = invoke(home, "conv-blur", "--seeds", 2)
    assert done.exit_code == 130 and done.stderr.endswith("stopped\n")
    assert study.from_json((home / "study.json").read_bytes())["conv-blur"].seeds == (0,)
    assert not (home / "conv-blur-1").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("conv9000",), 2, "'conv9000' is not one of 'dense'"),
        (("dense", "--seeds", "0"), 2, "0 is not in the range 1<=x<=100"),
        (("dense", "--seeds", "many"), 2, "'many' is not a valid integer"),
    ],
)
def test_mistakes_get_one_line(engine, home, arguments, code, sentence):
    done = invoke(home, *arguments)
    assert done.exit_code == code and sentence in done.output and not home.exists()


def test_a_folder_that_is_a_file_gets_one_line(engine, tmp_path):
    (tmp_path / "file").write_text("")
    done = invoke(tmp_path / "file", "conv-blur", "--seeds", 1)
    assert done.exit_code == 1 and "Traceback" not in done.output and "file" in done.output


def test_a_file_is_read_as_it_was_written(engine, home):
    invoke(home, "conv-blur", "--seeds", 1)
    text = (home / "study.json").read_text()
    assert study.to_json(study.from_json(text.encode())) == text
