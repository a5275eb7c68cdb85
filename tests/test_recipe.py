"""One table of fields: its bounds are those of the recipe, of the command line and of the form."""

import click
import pytest

from mnist_model import cli
from mnist_model.networks import recipe
from mnist_model.networks.errors import BadRecipe
from mnist_model.networks.recipe import FIELDS, Recipe
from mnist_model.networks.registry import NETWORKS, PRESETS, TRAINABLE
from mnist_model.networks.report import command
from mnist_model.training import augmentation

BEYOND = {
    "epochs": (0, 1001, 2.5, True),
    "batch": (0, 60_001),
    "examples": (0, 60_001),
    "hidden": (0, 4097, "many"),
    "shift": (-1, 15),
    "drawn": (-1, 60_001),
    "seed": (-1, 2**31),
    "learning_rate": (0, -1.0, float("nan"), float("inf"), "fast"),
    "decay": ("yes", 1),
    "imitate": ("feet", None),
    "layers": (7, None),  # what else is none: test_stack.py
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_out_of_its_bounds_is_one_sentence_with_its_name(name):
    assert set(BEYOND) == set(FIELDS)
    for value in BEYOND[name]:
        with pytest.raises(BadRecipe, match=f"^{FIELDS[name].label}: .* is not .*\\.$"):
            Recipe(**{name: value})


@pytest.mark.parametrize("name", [name for name, row in FIELDS.items() if row.kind is int])
def test_a_bound_itself_is_allowed_on_the_command_line_too(name):
    row = FIELDS[name]
    assert Recipe(**{name: row.least}) and Recipe(**{name: row.most})
    option = next(each for each in cli.train.params if each.name == name)
    assert isinstance(option.type, click.IntRange) and (option.type.min, option.type.max) == (row.least, row.most)


def test_every_field_is_an_option_of_train_and_shuffle():
    for each in (cli.train, cli.shuffle):
        assert set(FIELDS) <= {option.name for option in each.params}


def test_offered_choices_are_within_the_bounds():
    for name, row in FIELDS.items():
        for choice in row.choices:
            assert getattr(Recipe(**{name: choice}), name) == choice


def test_imitations_are_those_that_training_knows():
    assert FIELDS["imitate"].choices == ("nothing", *augmentation.HANDS)


def test_every_network_has_a_line_and_hidden_units_where_it_says_so():
    for network in TRAINABLE.values():
        narrow, wide = (network.stack(Recipe(hidden=hidden)) for hidden in (64, 65))
        assert (narrow != wide) == network.has_hidden
        assert 10 < len(network.line) <= 44
    assert PRESETS["Tutorial"] == ("dense", Recipe()), "the defaults are the tutorial's"


def test_a_recipe_is_said_in_one_line():
    said = recipe.described(Recipe(epochs=3, shift=2, decay=True, seed=7), has_hidden=True, done=1.25)
    assert said == (
        "128 hidden units, stopped after 1.25 of 3 epochs, batch 32, learning rate 0.001, falling, 60,000 images, "
        "shifts up to 2 px, seed 7"
    )
    assert recipe.described(Recipe(imitate="pens", drawn=2000), has_hidden=False) == (
        "5 epochs, batch 32, learning rate 0.001, 60,000 images, hands imitated (pens), 2,000 drawn digits, seed 0"
    )


def test_a_command_says_what_differs_from_the_networks_own_recipe():
    own = NETWORKS["conv"].recipe
    assert command("conv", own) == "python -m mnist_model train conv"
    changed = command("conv", Recipe(batch=64, learning_rate=0.1, decay=False, imitate="moves"))
    assert changed == "python -m mnist_model train conv --learning-rate=0.1 --imitate=moves --no-decay"
