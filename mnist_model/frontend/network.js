// A network in the browser: the layers by their Keras names, with the weights that mnist_model/portable.py packed.
// What goes from layer to layer is { height, width, channels, values }, the values in Keras's order, channels last.
const LAYERS = {
  Flatten: (x) => x,
  Reshape: (x, { target_shape: [height, width, channels] }) => ({ height, width, channels, values: x.values }),
  ZeroPadding2D: padded,
  Conv2D: convolved,
  MaxPooling2D: (x, { pool_size: [height, width] }) => pooled(x, height, width),
  GlobalMaxPooling2D: (x) => pooled(x, x.height, x.width),
  Dense: dense,
}

const ACTIVATIONS = {
  linear: () => {},
  relu: (values) => values.forEach((value, i) => (values[i] = Math.max(0, value))),
  softmax: (values) => {
    const most = Math.max(...values)
    const sum = values.reduce((sum, value) => sum + Math.exp(value - most), 0)
    values.forEach((value, i) => (values[i] = Math.exp(value - most) / sum))
  },
}

function padded({ height, width, channels, values }, { padding: [[top, bottom], [left, right]] }) {
  const row = (left + width + right) * channels
  const frame = new Float64Array((top + height + bottom) * row)
  for (let y = 0; y < height; y++)
    frame.set(values.subarray(y * width * channels, (y + 1) * width * channels), (top + y) * row + left * channels)
  return { height: top + height + bottom, width: left + width + right, channels, values: frame }
}

function convolved(x, { kernel_size: [high, wide], strides: [down, across], padding, activation }, kernel, bias) {
  if (padding !== "valid") throw new Error(`unknown padding ${padding}`)
  const [height, width] = [Math.floor((x.height - high) / down) + 1, Math.floor((x.width - wide) / across) + 1]
  const maps = new Float64Array(height * width * bias.length)
  for (let place = 0; place < height * width; place++) {
    const sums = maps.subarray(place * bias.length, (place + 1) * bias.length)
    const [top, left] = [Math.floor(place / width) * down, (place % width) * across]
    sums.set(bias)
    for (let i = 0; i < high; i++) {
      const from = ((top + i) * x.width + left) * x.channels
      multiplyAdd(x.values, from, wide * x.channels, kernel, i * wide * x.channels * bias.length, sums)
    }
  }
  ACTIVATIONS[activation](maps)
  return { height, width, channels: bias.length, values: maps }
}

function dense(x, { activation }, kernel, bias) {
  const sums = Float64Array.from(bias)
  multiplyAdd(x.values, 0, x.values.length, kernel, 0, sums)
  ACTIVATIONS[activation](sums)
  return { height: 1, width: 1, channels: sums.length, values: sums }
}

// Adds `count` values, each times its row of the kernel, to the sums. Paper and what ReLU cut off are 0 and cost nothing.
function multiplyAdd(values, from, count, kernel, at, sums) {
  for (let i = 0; i < count; i++, at += sums.length) {
    const value = values[from + i]
    if (value) for (let j = 0; j < sums.length; j++) sums[j] += value * kernel[at + j]
  }
}

function pooled(x, high, wide) {
  const [height, width] = [Math.floor(x.height / high), Math.floor(x.width / wide)]
  const most = new Float64Array(height * width * x.channels).fill(-Infinity)
  for (let y = 0; y < height * high; y++)
    for (let column = 0; column < width * wide; column++) {
      const to = (Math.floor(y / high) * width + Math.floor(column / wide)) * x.channels
      const from = (y * x.width + column) * x.channels
      for (let c = 0; c < x.channels; c++) most[to + c] = Math.max(most[to + c], x.values[from + c])
    }
  return { height, width, channels: x.channels, values: most }
}

// What the server packed (bytes) -> a function: image, 784 numbers in 0–1 -> ten probabilities; and what it is for.
function network(packed) {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true)
  const { place, layers } = JSON.parse(new TextDecoder().decode(packed.subarray(4, 4 + length)))
  const weights = new Float32Array(packed.slice(4 + length).buffer)
  let start = 0
  const steps = layers.map(({ kind, config, sizes }) => {
    if (!LAYERS[kind]) throw new Error(`unknown layer ${kind}`)
    const own = sizes.map((size) => weights.subarray(start, (start += size)))
    return (x) => LAYERS[kind](x, config, ...own)
  })
  const said = (image) => steps.reduce((x, step) => step(x), { height: 1, width: 1, channels: image.length, values: image })
  return { place, probabilities: (image) => said(image).values }
}

