// Numbers as pictures and as text, for stages.js. A colour is 0xAABBGGRR, as the memory of a picture has it.
const [BLUE, RED, MARK, CLEAR] = [0xed6f2f, 0x2e57e4, 0xff3c9aff, 0] // the first two: mnist_model/render/colours.py

/** @type {(values: Iterable<number>) => number} */
function total(values) {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

// The largest value, but never below 0.
/** @type {(values: Iterable<number>) => number} */
function peak(values) {
  let most = 0
  for (const value of values) most = Math.max(most, value)
  return most
}

/** @type {(count: number, noun: string) => string} */
const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`

/** @type {(value: number) => string} */
function number(value) {
  const rounded = Math.round(100 * value) / 100 + 0 // no −0
  const text = Math.abs(rounded) < 10000 ? rounded.toFixed(2) : Math.round(value).toLocaleString("en")
  return text.replace("-", "−")
}

/** @type {(value: number) => string} */
const signed = (value) => number(value).replace(/^(?!−)/, "+")

// e to the power of a number, however large.
/** @type {(exponent: number) => string} */
function power(exponent) {
  const digits = Math.floor(exponent / Math.LN10 + 1 - Math.log10(9.95)) // what would be 10.0 is 1.0 of the next
  const value = Math.exp(exponent)
  if (digits < -2 || digits > 6) return `${(10 ** (exponent / Math.LN10 - digits)).toFixed(1)}·10<sup>${`${digits}`.replace("-", "−")}</sup>`
  return value < 100 ? value.toPrecision(3) : Math.round(value).toLocaleString("en")
}

/** @type {(width: number, height: number, colour: (x: number, y: number) => number) => ImageData} */
function painted(width, height, colour) {
  const pixels = new Uint32Array(width * height)
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) pixels[i] = colour(x, y)
  return new ImageData(new Uint8ClampedArray(pixels.buffer), width, height)
}

/** @type {(level: number) => number} */
const grey = (level) => 0xff000000 + 0x10101 * Math.round(255 * Math.max(0, level))

// Values as ink, the largest white; laid out in rows of `width`.
/** @type {(values: Numbers, width: number, most?: number) => ImageData} */
const inked = (values, width, most = peak(values) || 1) =>
  painted(width, Math.ceil(values.length / width), (x, y) => (y * width + x < values.length ? grey(values[y * width + x] / most) : CLEAR))

// Values above 0 blue, below 0 red, as strong as they are large: mnist_model/render/maps.py.
/** @type {(values: Numbers, width: number, largest: number) => ImageData} */
const tinted = (values, width, largest) =>
  painted(width, Math.ceil(values.length / width), (x, y) => {
    const value = values[y * width + x] ?? 0
    return (value > 0 ? BLUE : RED) + 0x1000000 * Math.round(255 * Math.sqrt(Math.min(1, Math.abs(value) / largest)))
  })

// How many columns a vector takes: an image's is one again.
/** @type {(values: Numbers) => number} */
const columns = ({ length }) => (length === SIZE * SIZE ? SIZE : Math.ceil(Math.sqrt(2 * length)))

// All maps side by side in one picture; what is marked is orange.
/** @type {(maps: Maps, marked?: Set<number>) => ImageData} */
function sheet({ height, width, channels, values }, marked = new Set()) {
  const [across, most] = [channels > 1 ? Math.ceil(Math.sqrt(2 * channels)) : 1, peak(values) || 1]
  return painted(across * (width + 1) - 1, Math.ceil(channels / across) * (height + 1) - 1, (x, y) => {
    const [left, top] = [x % (width + 1), y % (height + 1)]
    const channel = Math.floor(y / (height + 1)) * across + Math.floor(x / (width + 1))
    if (left === width || top === height || channel >= channels) return CLEAR
    const at = (top * width + left) * channels + channel
    return marked.has(at) ? MARK : grey(values[at] / most)
  })
}

/** @type {(maps: Maps, channel: number) => Maps} */
const one = ({ height, width, channels, values }, channel) => ({
  height, width, channels: 1, values: Float64Array.from({ length: height * width }, (_, i) => values[i * channels + channel]),
})

// Where the largest value of each `high` × `wide` cell is, and of each channel, unless that is 0: places in `values`.
/** @type {(x: Maps, high: number, wide: number) => Set<number>} */
function maxima(x, high, wide) {
  const [rows, across] = [Math.floor(x.height / high), Math.floor(x.width / wide)]
  /** @type {Map<number, number>} */
  const best = new Map()
  x.values.forEach((/** @type {number} */ value, /** @type {number} */ at) => {
    const place = Math.floor(at / x.channels)
    const [row, column] = [Math.floor(Math.floor(place / x.width) / high), Math.floor((place % x.width) / wide)]
    if (row >= rows || column >= across) return
    const cell = (row * across + column) * x.channels + (at % x.channels)
    if (value > x.values[best.get(cell) ?? -1] || (value > 0 && !best.has(cell))) best.set(cell, at)
  })
  return new Set(best.values())
}
