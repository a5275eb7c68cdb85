"""Other weights in a LiteRT file: what a network of the same layers needs in place of two seconds of exporting."""

from typing import Any

import numpy as np

from mnist_model.networks.errors import OtherLayers

LAYOUTS = {1: (0,), 2: (1, 0), 4: (3, 0, 1, 2)}  # of biases, dense kernels, convolution kernels: Keras -> LiteRT


def filled(content: bytes, old: list[np.ndarray], new: list[np.ndarray]) -> bytes:
    """A LiteRT file's bytes with the weights `new` in place of `old`, both in Keras's order.

    Dense layers may become wider or narrower; all else must stay. Each weight is found by its old values.
    Raises OtherLayers where that cannot be.
    """
    import flatbuffers  # a tenth of a second, and only trainings need it
    from ai_edge_litert import schema_py_generated as schema

    if [len(each.shape) for each in old] != [len(each.shape) for each in new]:
        raise OtherLayers("The networks have not the same layers.")
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))
    tensors = {_key(model, tensor): tensor for tensor in model.subgraphs[0].tensors}
    for before, after in zip(old, new, strict=True):
        tensor = tensors.get(_stored(before).tobytes())
        if tensor is None or (before.ndim == 4 and before.shape != after.shape):
            raise OtherLayers("The networks have not the same layers.")
        tensor.shape = list(_stored(after).shape)
        model.buffers[tensor.buffer].data = np.frombuffer(_stored(after).tobytes(), np.uint8)
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _stored(weight: np.ndarray) -> np.ndarray:
    """A weight with its axes as LiteRT stores them."""
    return np.ascontiguousarray(weight.transpose(LAYOUTS[weight.ndim]), np.float32)


def _key(model: Any, tensor: Any) -> bytes | None:
    data = model.buffers[tensor.buffer].data
    return None if data is None else np.asarray(data, np.uint8).tobytes()
