"""Coloured maps say what the arrays say."""

import numpy as np
import pytest

from mnist_model.render import colours, maps


def rgb(colour: str) -> list[int]:
    return list(bytes.fromhex(colour[1:]))


def test_a_place_has_its_digits_colour_and_its_probabilitys_strength():
    probabilities = np.full((2, 2, 10), 0.1)
    probabilities[0, 1] = np.eye(10)[7]
    probabilities[1, 0] = 0.4 * np.eye(10)[3] + 0.06
    picture = maps.places(probabilities)
    assert picture[0, 1].tolist() == [*rgb(colours.DIGIT_COLOURS[7]), 255]
    assert picture[1, 0, :3].tolist() == rgb(colours.DIGIT_COLOURS[3])
    assert picture[0, 0, 3] < picture[1, 0, 3] < 255


def test_only_the_cells_where_ink_is_lost_are_hatched():
    where = np.array([[False, True], [False, False]])
    cells = maps.hatching(where)[..., 3].reshape(2, maps.HATCH, 2, maps.HATCH).any((1, 3))
    assert np.array_equal(cells, where)


def test_accuracies_run_from_the_first_colour_to_the_last():
    picture = maps.accuracies(np.array([[0.0, 0.5, 1.0]]))
    assert [pixel[:3].tolist() for pixel in picture[0]] == [rgb(colours.ACCURACY_COLOURS[i]) for i in (0, 2, 4)]


def test_signed_values_are_blue_above_and_red_below():
    picture = maps.signed(np.array([[2.0, 0.0, -1.0]]), largest=2)
    assert picture[0, 0].tolist() == [*rgb(colours.POSITIVE), 255]
    assert picture[0, 1, 3] == 0 and picture[0, 2, :3].tolist() == rgb(colours.NEGATIVE)


def test_the_density_is_where_the_points_are():
    picture = maps.density(np.array([[0.9, -0.9]] * 3 + [[-0.9, 0.9]]), reach=1, bins=4)
    assert picture[0, 3, 3] == 255 and 0 < picture[3, 0, 3] < 255 and (picture[..., 3] > 0).sum() == 2


@pytest.mark.parametrize("jump", [True, False])
def test_only_some_maps_can_be_selected(jump):
    assert ("data-reach" in maps.marked("", 14, jump)) == jump


def test_a_digit_is_written_into_the_middle_of_the_largest_square_it_fills_beside_the_marks():
    answers = np.zeros((29, 29), int)
    answers[2:7, 20:25] = 4
    answers[20:22, 3:20] = 9
    answers[14, 14] = 7
    areas = maps.areas(answers)
    assert areas.keys() == {0, 4} and areas[4] == (4, 22)
    y, x = areas[0]
    assert (answers[y - 1 : y + 2, x - 1 : x + 2] == 0).all() and max(abs(y - 14), abs(x - 14)) > 2
    assert '<b style="left:77.6%;top:15.5%">4</b>' in maps.named("", answers)
    assert maps.areas(np.full((29, 29), 3)).keys() == {3}
