"""MNIST arrives complete, or not at all."""

import time

import numpy as np
import pytest

from mnist_model.images import dataset
from mnist_model.images.errors import DatasetError


def test_all_of_mnist_is_there():
    mnist = dataset.load()
    assert mnist.train_images.shape == (60_000, 28, 28) and mnist.train_labels.shape == (60_000,)
    assert mnist.test_images.shape == (10_000, 28, 28) and mnist.test_labels.shape == (10_000,)
    assert all(array.dtype == np.uint8 for array in mnist)
    assert mnist.test_labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_it_is_read_once_a_process():
    assert dataset.load() is dataset.load()


def test_it_is_checked_in_well_under_a_second_of_computing():
    mnist = dataset.load()
    begun = time.process_time()
    assert [dataset._idx_md5(array) for array in mnist] == list(dataset.SUMS.values())
    assert time.process_time() - begun < 0.8


def test_nobody_can_change_what_all_share():
    with pytest.raises(ValueError, match="read-only"):
        dataset.load().train_images[0, 0, 0] = 1


def test_scaling_divides_by_255():
    assert dataset.scale(np.array([0, 51, 255], np.uint8)).tolist() == pytest.approx([0, 0.2, 1])


@pytest.mark.parametrize("damage", ["one pixel", "cut short", "not a zip", "an array is missing"])
def test_a_damaged_file_gets_one_clear_sentence(tmp_path, damage):
    path = tmp_path / "mnist.npz"
    arrays = dict(zip(dataset.SUMS, dataset.load(), strict=True))
    if damage == "one pixel":
        arrays["x_test"] = arrays["x_test"].copy()
        arrays["x_test"][0, 0, 0] = 1
        np.savez(path, **arrays)
    elif damage == "an array is missing":
        np.savez(path, x_train=arrays["x_train"])
    else:
        whole = dataset.PATH.read_bytes()
        path.write_bytes(whole[: len(whole) // 2] if damage == "cut short" else b"hello")
    with pytest.raises(DatasetError, match=r"is damaged\. Restore it"):
        dataset._read(path)


def test_a_missing_file_is_fetched_through_keras(tmp_path, monkeypatch, capsys):
    no_network = f"import keras.src.datasets.mnist as m; m.get_file = lambda *_, **__: {str(dataset.PATH)!r}\n"
    monkeypatch.setattr(dataset, "_DOWNLOAD", no_network + dataset._DOWNLOAD)
    fetched = dataset._read(tmp_path / "mnist.npz")
    assert np.array_equal(fetched.test_labels, dataset.load().test_labels)
    assert "fetching MNIST through Keras" in capsys.readouterr().err


def test_without_file_and_network_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "_DOWNLOAD", "raise OSError('no route to host')")
    with pytest.raises(DatasetError, match=r"could not be downloaded .*no route to host.* Copy mnist.npz"):
        dataset._read(tmp_path / "mnist.npz")


def test_shuffling_puts_the_pixels_of_every_image_in_the_same_other_order():
    images = dataset.load().test_images[:3]
    shuffled = dataset.shuffle_pixels(images)
    assert not np.array_equal(shuffled, images)
    assert np.array_equal(np.sort(shuffled.reshape(3, -1)), np.sort(images.reshape(3, -1)))
    assert np.array_equal(dataset.shuffle_pixels(images[1]), shuffled[1])
    positions = np.arange(784).reshape(28, 28)
    assert np.array_equal(images.reshape(3, -1)[:, dataset.shuffle_pixels(positions).ravel()], shuffled.reshape(3, -1))
