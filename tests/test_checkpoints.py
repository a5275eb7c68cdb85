"""The weights of a moment come back as they were."""

import numpy as np

from mnist_model import checkpoints


def test_what_is_kept_comes_back(tmp_path):
    weights = [np.random.default_rng(0).normal(size=shape).astype(np.float32) for shape in [(3, 3, 1, 4), (4,)]]
    for moment in (0, 1, checkpoints.NOW):
        checkpoints.write(tmp_path, moment, [weight + (moment == 1) for weight in weights])
    assert checkpoints.count(tmp_path) == 2
    assert all(map(np.array_equal, checkpoints.read(tmp_path, checkpoints.NOW), weights))
    assert np.array_equal(checkpoints.read(tmp_path, 1)[1], weights[1] + 1)
    checkpoints.forget(tmp_path, checkpoints.NOW)
    assert checkpoints.read(tmp_path, checkpoints.NOW) is None


def test_a_damaged_file_is_no_weights(tmp_path):
    checkpoints.write(tmp_path, 0, [np.ones(3)])
    (tmp_path / "epochs" / "000.npz").write_bytes(b"PK")
    assert checkpoints.read(tmp_path, 0) is None and checkpoints.read(tmp_path, 7) is None
