// A drawing drawn again with MNIST's pen: mnist_model/images/pen.py, function by function; its text says why.
const BOX = 20
const CENTRE = 14
const FINE = 4
const GRID = FINE * SIZE
const PEN = 2.4
const BLUR = 0.5
const LOGISTIC = 1.702
const MOST = 1.5

/** @type {(value: number, least: number, most: number) => number} */
const clip = (value, least, most) => Math.min(most, Math.max(least, value))

/** @type {(z: number) => number} */
const normal = (z) => 1 / (1 + Math.exp(-LOGISTIC * z))

/** @type {(values: Ink) => number} */
function largest(values) {
  let most = 0
  for (const value of values) most = Math.max(most, value)
  return most
}

// Ink (size × size), not blank -> the image (28 × 28) in 0–1.
/** @type {(ink: Uint8Array, size: number) => Float64Array} */
function rewrite(ink, size) {
  const fine = fineGrid(ink, size)
  const old = strokeWidth(fine)
  const wanted = old + clip((PEN * (BOX - old)) / (BOX - PEN) - old, -MOST, MOST)
  const drawn = redrawn(fine, old, wanted)
  const mass = masses(drawn, GRID)
  const unit = FINE * (1 + (wanted - old) / BOX)
  return resample(drawn, GRID, weighed(mass.x, unit), weighed(mass.y, unit), unit)
}

/** @type {(ink: Ink, size: number) => { x: Float64Array, y: Float64Array }} */
function masses(ink, size) {
  const mass = { x: new Float64Array(size), y: new Float64Array(size) }
  for (let y = 0, i = 0; y < size; y++)
    for (let x = 0; x < size; x++, i++) {
      mass.x[x] += ink[i]
      mass.y[y] += ink[i]
    }
  return mass
}

/** @type {(mass: Float64Array) => { start: number, length: number }} */
function extent(mass) {
  const start = mass.findIndex(Boolean)
  return { start, length: mass.findLastIndex(Boolean) + 1 - start }
}

/** @type {(ink: Uint8Array, size: number) => Float64Array} */
function fineGrid(ink, size) {
  const half = largest(ink) / 2
  const dark = masses(ink.map((level) => Number(level >= half)), size)
  const [across, down] = [extent(dark.x), extent(dark.y)]
  const unit = Math.max(across.length, down.length) / (BOX * FINE)
  const [x, y] = [across, down].map(({ start, length }) => start + length / 2 - (GRID / 2) * unit)
  const fine = resample(ink, size, x, y, unit, GRID)
  const darkest = largest(fine)
  return fine.map((level) => level / darkest)
}

/** @type {(fine: Float64Array) => number} */
function strokeWidth(fine) {
  let outline = 0
  for (let row = 0; row < GRID - 1; row++)
    for (let i = row * GRID; i < (row + 1) * GRID - 1; i++) {
      const [falling, rising] = [fine[i + GRID + 1] - fine[i], fine[i + GRID] - fine[i + 1]]
      outline += Math.sqrt((falling * falling + rising * rising) / 2)
    }
  return (2 * fine.reduce((sum, level) => sum + level, 0)) / outline / FINE
}

/** @type {(fine: Float64Array, old: number, wanted: number) => Float64Array} */
function redrawn(fine, old, wanted) {
  const [inner, outer] = [-1, 1].map((side) => normal((wanted + side * old) / (2 * BLUR)))
  const slope = ((inner * (1 - inner) - outer * (1 - outer)) * LOGISTIC) / BLUR / FINE
  return blurred(blurred(fine)).map((level) => clip((level - (outer - inner)) / slope + 0.5, 0, 1))
}

// Along the rows, and turned, so that twice is along both axes and upright.
/** @type {(fine: Float64Array) => Float64Array} */
function blurred(fine) {
  const [reach, result] = [(WEIGHTS.length - 1) / 2, new Float64Array(fine.length)]
  for (let row = 0; row < GRID; row++)
    for (let column = 0; column < GRID; column++) {
      const level = fine[row * GRID + column]
      if (!level) continue
      for (let to = Math.max(0, column - reach); to <= Math.min(GRID - 1, column + reach); to++)
        result[to * GRID + row] += level * WEIGHTS[to - column + reach]
    }
  return result
}

// Binomial, of standard deviation BLUR · FINE.
const WEIGHTS = Array.from({ length: 4 * (BLUR * FINE) ** 2 }).reduce(
  (weights) => [...weights, 0].map((weight, k) => (weight + (weights[k - 1] ?? 0)) / 2),
  [1],
)

/** @type {(mass: Float64Array, unit: number) => number} */
function weighed(mass, unit) {
  const mean = mass.reduce((sum, each, i) => sum + each * (i + 0.5), 0) / mass.reduce((sum, each) => sum + each, 0)
  const [begin, spare] = [GRID / 2 - (SIZE / 2) * unit, ((SIZE - BOX) / 2) * unit]
  return clip(mean - (CENTRE + 0.5) * unit, begin - spare, begin + spare)
}

