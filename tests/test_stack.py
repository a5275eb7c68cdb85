"""A stack of one's own layers: what it is, says and costs; the same network in Keras, in LiteRT and in the browser."""

import base64
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from mnist_model import cli
from mnist_model.images import dataset
from mnist_model.networks import browser as for_browser
from mnist_model.networks import classifier, stack
from mnist_model.networks import editing as editing_module
from mnist_model.networks.errors import BadRecipe, BadStack, NetworkError
from mnist_model.networks.keras_code import LOADING, keras_code
from mnist_model.networks.notebook import notebook
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.registry import OWN, TRAINABLE
from mnist_model.networks.run_folder import RunFolder, find
from mnist_model.render.stack import editor
from mnist_model.runs import durations
from tests.test_frontend import BASE64, FRONTEND

MNIST = dataset.load()
FEW = MNIST._replace(test_images=MNIST.test_images[:200], test_labels=MNIST.test_labels[:200])
STACKS = {  # every kind of layer, and every value of a word
    "same": "conv-6-5-2-same-tanh,max-3-1,conv-8-4-3-same-none,flatten,dense-12-tanh",
    "blur": "conv-6,max-2-1,blur,drop-30,conv-7-3-1-same,gavg",
    "margin": "pad-2-3,blur,conv-5-2-1-valid-tanh,gmax,drop-50,dense-9,dense-5-none",
    "row": "drop-10,max-3-2,max-3,flatten,dense-7",
    "none": "flatten",
}
FAULTS = {
    "": "The last layer, Dense(10, softmax): it needs a row of numbers, and gets 28×28×1: put Flatten or a global "
    "pooling before it.",
    "max-4,max-3,conv-8": "Layer 3, Conv2D: the image is 2×2 here: a 3×3 kernel does not fit.",
    "conv-8,max-8,max-4": "Layer 3, MaxPooling2D: the image is 3×3 here: a 4×4 square does not fit.",
    "flatten,conv-8": "Layer 2, Conv2D: it needs an image, and gets a row of 784 numbers.",
    "conv-8,dense-4": "Layer 2, Dense: it needs a row of numbers, and gets 26×26×8: put Flatten or a global pooling "
    "before it.",
    "flatten,dense-9999": "Layer 2: units: 9999 is not a whole number from 1 to 4096.",
    "conv-8-3-1-valid-elu": "Layer 1: activation: 'elu' is not one of relu, tanh, none.",
    "flatten,swish": "Layer 2: “swish” is none of conv, max, blur, gmax, gavg, pad, flatten, dense, drop.",
    "gmax-2": "Layer 1: “gmax-2” has more than 0 values.",
    "flatten,dense-1000": "These are 795,010 parameters, most of them in layer 2; at most 500,000 may be.",
    "conv-64,conv-64,gmax": "Layer 2, Conv2D: up to here 80,128 numbers are made of an image; at most 60,000 may be.",
    "conv-32-7-2-same,conv-96-9-1-same,gmax": "These are 49,",
    "blur," * 12 + "gmax": "A stack has at most 12 layers, and this has 13.",
    "x" * 401: "A stack's text has at most 400 characters.",
}


@pytest.fixture(scope="module", params=STACKS)
def folder(request, tmp_path_factory) -> RunFolder:
    """A run of a stack, hardly trained."""
    from mnist_model.training import run

    recipe = Recipe(epochs=3, examples=640, learning_rate=0.01, layers=STACKS[request.param])
    target = tmp_path_factory.mktemp("runs") / request.param
    run.run("own", recipe, FEW, target, lambda said: None, lambda: False)
    return RunFolder(target)


def outputs(text: str) -> list[stack.Made]:
    return list(stack.walk(stack.parse(text)))


@pytest.mark.parametrize("text", [*STACKS.values(), *(each.stack(each.recipe) for each in TRAINABLE.values())])
def test_a_text_comes_back_as_it_was(text):
    assert stack.text_of(stack.parse(text)) == text
    stack.check(text)


def test_a_text_of_the_most_layers_with_the_longest_fields_fits_into_a_link():
    widest = [
        stack.layer(
            kind, **{name: row.choices[-1] if row.choices else row.most for name, (row, _) in about.fields.items()}
        )
        for kind, about in stack.KINDS.items()
    ]
    longest = max(widest, key=lambda each: len(each.text))
    assert len(stack.text_of([longest] * stack.LAYERS)) <= stack.CHARACTERS


@pytest.mark.parametrize("text", FAULTS)
def test_a_stack_that_cannot_be_says_in_one_sentence_where_and_why(text):
    with pytest.raises(BadStack) as fault:
        stack.check(text)
    said = str(fault.value)
    assert said.startswith(FAULTS[text]) and said.count("\n") == 0
    if "Layer" in said:
        assert fault.value.at == int(said.split()[1].strip(",:")) - 1
    with pytest.raises(BadRecipe):
        Recipe(layers=text or "max-2")


def test_a_batch_must_fit_into_the_memory_too():
    large = "conv-64,conv-16-3-4,gmax"
    with pytest.raises(BadRecipe, match=r"^Batch size: 4096 is too much for so large layers; at most 1,367 fits"):
        Recipe(layers=large, batch=4096)
    assert Recipe(layers=large, batch=1024)


def test_shapes_and_parameters_are_those_of_keras(folder):
    report = folder.report()
    made = outputs(report.recipe.layers)
    assert sum(each.parameters for each in made) == report.parameters
    kept = [layer for layer in report.layers if layer.kind not in ("Reshape", "AveragePooling2D")]
    walked = [layer.output_shape for layer in report.layers]
    assert [each.shape for each in made if each.shape not in walked] == []
    weighted = [each.parameters for each in made if each.parameters]
    assert [layer.parameters for layer in kept if layer.parameters] == weighted


def test_multiplications_are_those_that_a_plain_count_finds():
    (conv, *_) = outputs("conv-4-5-3-same,gmax")
    places = len(range(0, 28, 3)) ** 2
    assert conv.multiplications == places * 4 * 5 * 5 and math.prod(conv.shape) == places * 4


def test_keras_litert_and_browser_agree(folder, page):
    import keras

    images = dataset.scale(MNIST.test_images[:50])
    network = classifier.load(folder.path)
    said = network.probabilities(images)
    assert np.abs(keras.models.load_model(folder.keras_file).predict(images, verbose=0) - said).max() <= 0.001
    code = base64.b64encode(for_browser.packed(network, "chosen")).decode()
    outputs = [
        np.stack(each) for each in zip(*page.evaluate(OUTPUTS, [code, images.reshape(-1, 784).tolist()]), strict=True)
    ]
    assert np.abs(outputs[-1] - said).max() <= 0.001
    for theirs, ours, layer in zip(outputs, network.activations(images), network.report.layers, strict=True):
        assert ours.shape[1:] == layer.output_shape and ours.std() > 0
        assert np.abs(theirs.ravel() - ours.ravel()).max() <= 0.001, layer


OUTPUTS = """([packed, images]) => {
    const { outputs } = network(bytes(packed))
    return images.map(image => outputs(Float32Array.from(image)).map(({ values }) => Array.from(values)))
}"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    for name in ("show", "network"):
        page.add_script_tag(path=FRONTEND / f"{name}.js")
    page.add_script_tag(content=BASE64)
    yield page
    page.close()


def test_the_keras_that_is_shown_and_the_notebook_build_it(folder, monkeypatch):
    import tensorflow as tf

    few = (MNIST.train_images[:64], MNIST.train_labels[:64]), (MNIST.test_images[:64], MNIST.test_labels[:64])
    monkeypatch.setattr(tf.keras.datasets.mnist, "load_data", lambda: few)
    report = folder.report()
    network, scope = classifier.load(folder.path), {}
    exec(compile(LOADING + keras_code(folder.keras_layers(), report.recipe), "pasted", "exec"), scope)
    model = scope["model"]
    assert [layer.output.shape[1:] for layer in model.layers] == [layer.output_shape for layer in report.layers]
    model.set_weights(network.weights)
    images = dataset.scale(MNIST.test_images[:50])
    assert model.predict(images, verbose=0) == pytest.approx(network.probabilities(images), abs=1e-5)
    cells = json.loads(notebook(folder.keras_layers(), report, None))["cells"]
    assert any("tf.keras.Sequential" in "".join(cell["source"]) for cell in cells)


def test_the_same_seed_gives_the_same_network_with_dropout_too():
    from mnist_model.training import loop, models

    recipe = Recipe(epochs=1, examples=64, seed=4, layers=STACKS["row"])
    ends = []
    for _ in range(2):
        model = models.build("own", recipe)
        list(loop.train(model, recipe, FEW))
        ends.append([weights.copy() for weights in model.get_weights()])
    assert all(np.array_equal(*pair) for pair in zip(*ends, strict=True))


@pytest.mark.parametrize("layers", ["max-9,flatten", "", 7, None])
def test_a_report_with_a_stack_that_is_none_cannot_be_read(folder, tmp_path, layers):
    kept = folder.report().to_json()
    kept["recipe"]["layers"] = layers
    (tmp_path / "report.json").write_text(json.dumps(kept))
    with pytest.raises(NetworkError, match="cannot be read"):
        RunFolder(tmp_path).report()


def test_a_stack_as_toml_is_trained_by_the_command_line(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('[[layers]]\nkind = "Conv2D"\nfilters = 4\nstride = 3\n[[layers]]\nkind = "GlobalMaxPooling2D"\n')
    command = ["train", "--layers", str(file), "--epochs", "1", "--examples", "64", "--out", str(tmp_path / "run")]
    done = CliRunner().invoke(cli.main, command)
    assert done.exit_code == 0, done.output
    report = RunFolder(tmp_path / "run").report()
    assert report.recipe == replace(OWN.recipe, layers="conv-4-3-3,gmax", epochs=1, examples=64)
    assert "--layers=conv-4-3-3,gmax" in report.command


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("layers = 3", "Each layer must be a table [[layers]]."),
        ("[[layer]]", "There is no [[layers]] in it."),
        ("[[layers]]\nkind = ", "That is not TOML"),
        ('[[layers]]\nkind = "LSTM"', "Layer 1: “LSTM” is none of Conv2D"),
        ('[[layers]]\nkind = "Flatten"\nunits = 4', "Layer 1: it has no “units”."),
        ('[[layers]]\nkind = "Flatten"\n[[layers]]\nkind = "Dense"\nunits = true', "Layer 2: units: True is not"),
    ],
)
def test_a_file_that_is_no_stack_is_one_sentence(tmp_path, text, said):
    file = tmp_path / "bad.toml"
    file.write_text(text)
    done = CliRunner().invoke(cli.main, ["train", "--layers", str(file)])
    assert done.exit_code == 2 and f"bad.toml: {said}" in done.output and "Traceback" not in done.output


def test_layers_are_for_a_network_of_ones_own():
    for command in (["train"], ["train", "dense", "--layers", "flatten"], ["shuffle", "dense", "--layers", "flatten"]):
        done = CliRunner().invoke(cli.main, command)
        assert done.exit_code == 2 and "--layers are for own" in done.output


def test_more_work_is_expected_to_take_longer_and_conv_s_own_layers_what_conv_takes():
    own = durations.training("own", OWN.recipe)
    assert own == pytest.approx(find("conv").report().seconds, rel=0.2)
    assert durations.training("own", replace(OWN.recipe, layers="conv-32,max-2,conv-64,max-2,flatten")) > 2 * own


REMADE = """html => {
    document.body.innerHTML = html
    const before = document.body.innerHTML
    remake(document.body)
    return [before, document.body.innerHTML]
}"""


@pytest.fixture
def editing(browser):
    page = browser.new_page()
    for name in ("show", "shapes"):
        page.add_script_tag(path=FRONTEND / f"{name}.js")
    yield page
    page.close()


def random_stack(rng: np.random.Generator) -> list[stack.Layer]:
    def value(row):
        return str(rng.choice(row.choices)) if row.choices else int(rng.integers(row.least, min(row.most, 9) + 1))

    kinds = rng.choice(list(stack.KINDS), rng.integers(0, 7))
    return [stack.layer(k, **{n: value(row) for n, (row, _) in stack.KINDS[k].fields.items()}) for k in kinds]


def test_the_editor_shows_the_same_shapes_in_the_browser_at_once(editing):
    rng = np.random.default_rng(0)
    stacks = [*map(stack.parse, STACKS.values()), *(random_stack(rng) for _ in range(200))]
    for layers in stacks:
        made, _ = stack.survey(stack.text_of(layers))
        markup = editor(layers, made, {}, ["dense"])
        before, after = editing.evaluate(REMADE, markup)
        assert after == before, stack.text_of(layers)


PRESSED = """([html, name]) => {
    document.body.innerHTML = html
    rearrange(document.body, name)
    return document.body.innerHTML
}"""
AS_MADE = "html => (document.body.innerHTML = html, document.body.innerHTML)"


def test_a_layer_moves_and_goes_in_the_browser_at_once_as_on_the_server(editing):
    rng = np.random.default_rng(1)
    for layers in (random_stack(rng) for _ in range(60)):
        for i, act in [(i, act) for i in range(len(layers)) for act in ("up", "down", "remove")]:
            if (i, act) in ((0, "up"), (len(layers) - 1, "down")):
                continue
            edited = editing_module.edited(layers, f"{i}.{act}")
            before, after = (
                editor(each, stack.survey(stack.text_of(each))[0], {}, ["dense"]) for each in (layers, edited)
            )
            shown = editing.evaluate(PRESSED, [before, f"{i}.{act}"])
            assert shown == editing.evaluate(AS_MADE, after), (stack.text_of(layers), i, act)


def test_edits_add_where_it_fits_move_remove_and_set():
    layers = stack.parse("conv-16,max-2,flatten")
    for edit, text in {
        "add=Conv2D": "conv-16,max-2,conv-16,flatten",
        "add=Dense": "conv-16,max-2,flatten,dense-64",
        "0.down": "max-2,conv-16,flatten",
        "2.up": "conv-16,flatten,max-2",
        "0.up": "conv-16,max-2,flatten",
        "1.remove": "conv-16,flatten",
        "0.filters=4": "conv-4,max-2,flatten",
        "0.padding=same": "conv-16-3-1-same,max-2,flatten",
        "0.kind=Dense": "dense-64,max-2,flatten",
        "1.kind=BlurPool2D": "conv-16,blur,flatten",
    }.items():
        assert stack.text_of(editing_module.edited(layers, edit)) == text
    for nonsense in ("", "9.up", "-1.remove", "0.filters=0", "0.units=3", "add=LSTM", "0.kind=LSTM", "x.up"):
        with pytest.raises(ValueError):
            editing_module.edited(layers, nonsense)
