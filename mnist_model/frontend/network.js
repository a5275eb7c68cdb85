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
  MaxPooling2D: (x, config) => pooled(x, config, MAXIMUM),
  AveragePooling2D: (x, config) => pooled(x, config, MEAN),
  GlobalMaxPooling2D: (x) => pooled(x, whole(x), MAXIMUM),
  GlobalAveragePooling2D: (x) => pooled(x, whole(x), MEAN),
  Dense: dense,
  Dropout: (x) => x, // leaves something out only in training
}

/** @type {Record<string, (values: Float64Array) => void>} */
const ACTIVATIONS = {
  linear: () => {},
  relu: (values) => values.forEach((value, i) => (values[i] = Math.max(0, value))),
  tanh: (values) => values.forEach((value, i) => (values[i] = Math.tanh(value))),
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

// Zeros around, as many as TensorFlow's "same" adds: where they are an odd number, one more below and to the right.
/** @type {(x: Maps, window: number[], strides: number[]) => Maps} */
function framed(x, window, strides) {
  const margins = [x.height, x.width].map((side, i) => {
    const missing = Math.max(0, (Math.ceil(side / strides[i]) - 1) * strides[i] + window[i] - side)
    return [Math.floor(missing / 2), Math.ceil(missing / 2)]
  })
  return padded(x, { padding: margins })
}

/** @type {Layer} */
function convolved(image, { kernel_size: [high, wide], strides: [down, across], padding, activation }, kernel, bias) {
  const x = padding === "same" ? framed(image, [high, wide], [down, across]) : image
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

/** @typedef {{ start: number, add: (sum: number, value: number, count: number) => number }} Summary  of a window */
/** @type {Summary} */
const MAXIMUM = { start: -Infinity, add: (most, value) => Math.max(most, value) }
/** @type {Summary} */
const MEAN = { start: 0, add: (sum, value, count) => sum + value / count }

/** @type {(x: Maps) => { pool_size: number[], strides: number[] }} */
const whole = ({ height, width }) => ({ pool_size: [height, width], strides: [1, 1] })

/** @type {(x: Maps, config: any, summary: Summary) => Maps} */
function pooled(x, { pool_size: [high, wide], strides: [down, across] }, { start, add }) {
  const [height, width] = [Math.floor((x.height - high) / down) + 1, Math.floor((x.width - wide) / across) + 1]
  const values = new Float64Array(height * width * x.channels).fill(start)
  for (let place = 0; place < height * width; place++)
    for (let cell = 0; cell < high * wide; cell++) {
      const row = Math.floor(place / width) * down + Math.floor(cell / wide)
      const from = (row * x.width + (place % width) * across + (cell % wide)) * x.channels
      const to = place * x.channels
      for (let c = 0; c < x.channels; c++) values[to + c] = add(values[to + c], x.values[from + c], high * wide)
    }
  return { height, width, channels: x.channels, values }
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
