// A network in the browser: the layers by their Keras names, with the weights that mnist_model/networks/browser.py packed.
// What goes from layer to layer is { height, width, channels, values }, the values in Keras's order, channels last.
/** @typedef {{ height: number, width: number, channels: number, values: Float32Array | Float64Array }} Maps */
/** @typedef {(x: Maps, config: any, ...weights: Float32Array[]) => Maps} Layer  config: Keras's own settings */
/** @typedef {(image: Float32Array) => Maps["values"]} Probabilities */
/** @typedef {{ kind: string, config: any, weights: Float32Array[] }} Step  a layer, kernel before bias */
/** @typedef {{ steps: Step[], outputs: (image: Float32Array) => Maps[] }} Inside  what every layer makes of an image */
/**
 * @typedef {Window & { nudgeNetworks?: { chosen?: Probabilities, beside?: Probabilities }, nudgeInside?: Inside,
 *   nudgeForward?: (image?: Float32Array) => void }} Page
 */

/** @type {Record<string, Layer>} */
const LAYERS = {
  Flatten: (x) => x,
  Reshape: (x, { target_shape: [height, width, channels] }) => ({ height, width, channels, values: x.values }),
  ZeroPadding2D: padded,
  Conv2D: convolved,
  MaxPooling2D: (x, { pool_size: [height, width] }) => pooled(x, height, width),
  GlobalMaxPooling2D: (x) => pooled(x, x.height, x.width),
  Dense: dense,
}

/** @type {Record<string, (values: Float64Array) => void>} */
const ACTIVATIONS = {
  linear: () => {},
  relu: (values) => values.forEach((value, i) => (values[i] = Math.max(0, value))),
  softmax: (values) => {
    const most = Math.max(...values)
    const sum = values.reduce((sum, value) => sum + Math.exp(value - most), 0)
    values.forEach((value, i) => (values[i] = Math.exp(value - most) / sum))
  },
}

/** @type {Layer} */
function padded({ height, width, channels, values }, { padding: [[top, bottom], [left, right]] }) {
  const row = (left + width + right) * channels
  const frame = new Float64Array((top + height + bottom) * row)
  for (let y = 0; y < height; y++)
    frame.set(values.subarray(y * width * channels, (y + 1) * width * channels), (top + y) * row + left * channels)
  return { height: top + height + bottom, width: left + width + right, channels, values: frame }
}

/** @type {Layer} */
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

/** @type {Layer} */
function dense(x, { activation }, kernel, bias) {
  const sums = Float64Array.from(bias)
  multiplyAdd(x.values, 0, x.values.length, kernel, 0, sums)
  ACTIVATIONS[activation](sums)
  return { height: 1, width: 1, channels: sums.length, values: sums }
}

// Adds `count` values, each times its row of the kernel, to the sums. Paper and what ReLU cut off are 0 and cost nothing.
/**
 * @param {Maps["values"]} values @param {number} from @param {number} count
 * @param {Float32Array} kernel @param {number} at @param {Float64Array} sums
 */
function multiplyAdd(values, from, count, kernel, at, sums) {
  for (let i = 0; i < count; i++, at += sums.length) {
    const value = values[from + i]
    if (value) for (let j = 0; j < sums.length; j++) sums[j] += value * kernel[at + j]
  }
}

/** @type {(x: Maps, high: number, wide: number) => Maps} */
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

// What the server packed (bytes) -> what it is for, a function from an image, 784 numbers in 0–1, to ten probabilities,
// and what is inside.
/** @type {(packed: Uint8Array<ArrayBuffer>) => { place: string, probabilities: Probabilities } & Inside} */
function network(packed) {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true)
  /** @type {{ place: string, layers: { kind: string, config: any, sizes: number[] }[] }} */
  const { place, layers } = JSON.parse(new TextDecoder().decode(packed.subarray(4, 4 + length)))
  const numbers = new Float32Array(packed.slice(4 + length).buffer)
  let start = 0
  const steps = layers.map(({ kind, config, sizes }) => {
    if (!LAYERS[kind]) throw new Error(`unknown layer ${kind}`)
    return { kind, config, weights: sizes.map((size) => numbers.subarray(start, (start += size))) }
  })
  /** @type {Inside["outputs"]} */
  const outputs = (image) => {
    /** @type {Maps} */
    let x = { height: 1, width: 1, channels: image.length, values: image }
    return steps.map(({ kind, config, weights }) => (x = LAYERS[kind](x, config, ...weights)))
  }
  return { place, probabilities: (image) => outputs(image)[steps.length - 1].values, steps, outputs }
}
