// From a drawing to the 28×28 numbers a network receives: mnist_model/images/drawing.py and resampling.py, whose texts
// say why. The arithmetic is the same, so that the browser's answer and the server's agree.
const BOX = 20
const CENTRE = 14
const TIE = 1e-4
/** @typedef {Uint8Array | Float64Array} Ink */

// Canvases of one size, the hindmost first, laid over black -> their pixels, RGBA.
/** @type {(canvases: HTMLCanvasElement[], reader: CanvasRenderingContext2D) => Uint8ClampedArray} */
function pixels(canvases, reader) {
  const { width, height } = canvases[0]
  if (reader.canvas.width !== width || reader.canvas.height !== height) Object.assign(reader.canvas, { width, height })
  reader.fillStyle = "#000"
  reader.fillRect(0, 0, width, height)
  for (const canvas of canvases) reader.drawImage(canvas, 0, 0)
  return reader.getImageData(0, 0, width, height).data
}

// Opaque pixels, RGBA -> lightness in 0–255, as Pillow's convert("L") has it.
/** @type {(rgba: Numbers) => Uint8Array} */
function inkOf(rgba) {
  const ink = new Uint8Array(rgba.length / 4)
  for (let i = 0; i < ink.length; i++) ink[i] = (19595 * rgba[4 * i] + 38470 * rgba[4 * i + 1] + 7471 * rgba[4 * i + 2] + 32768) >> 16
  return ink
}

// Ink (size × size) in 0–255 -> the image in 0–1, plainly shrunk or centred; null where there is no ink.
/** @type {(ink: Uint8Array, centred: boolean) => Float32Array | null} */
function toInput(ink, centred) {
  const size = Math.sqrt(ink.length)
  if (!ink.some(Boolean)) return null
  const levels = centred ? centre(ink, size) : resample(ink, size, 0, 0, size / SIZE)
  return Float32Array.from(levels, (level) => level / 255)
}

// Ink (size × size), not blank: its box scaled to fit 20 × 20, its centre of mass put in the middle by whole pixels.
/** @type {(ink: Uint8Array, size: number) => Float64Array} */
function centre(ink, size) {
  const [across, down] = masses(ink, size).map(extent)
  const unit = Math.max(across.length, down.length) / BOX
  return resample(ink, size, placed(across, unit), placed(down, unit), unit)
}

// The ink of each column and of each row.
/** @type {(ink: Uint8Array, size: number) => Float64Array[]} */
function masses(ink, size) {
  const [columns, rows] = [new Float64Array(size), new Float64Array(size)]
  for (let y = 0, i = 0; y < size; y++)
    for (let x = 0; x < size; x++, i++) {
      columns[x] += ink[i]
      rows[y] += ink[i]
    }
  return [columns, rows]
}

/** @typedef {{ start: number, length: number, mean: number }} Extent */
/** @type {(mass: Float64Array) => Extent} */
function extent(mass) {
  const start = mass.findIndex(Boolean)
  const moment = mass.reduce((sum, each, i) => sum + each * (i + 0.5), 0)
  return { start, length: mass.findLastIndex(Boolean) + 1 - start, mean: moment / mass.reduce((sum, each) => sum + each) }
}

// Where the 28-pixel window begins, in pixels of the drawing.
/** @type {(along: Extent, unit: number) => number} */
function placed({ start, length, mean }, unit) {
  const margin = Math.floor(CENTRE + 0.5 - (mean - start) / unit + 0.5 + TIE)
  return start - Math.min(Math.max(margin, 0), Math.floor(SIZE - length / unit)) * unit
}

/** @type {(ink: Ink, size: number, x: number, y: number, unit: number, count?: number) => Float64Array} */
const resample = (ink, size, x, y, unit, count = SIZE) => averages(averages(ink, size, y, unit, count), size, x, unit, count)

// Means over intervals of rows, each `unit` rows long, the first at `start`. The result is turned: twice is upright.
/** @type {(values: Ink, rows: number, start: number, unit: number, count: number) => Float64Array} */
function averages(values, rows, start, unit, count) {
  const width = values.length / rows
  const means = new Float64Array(width * count)
  for (let i = 0; i < count; i++) {
    const begin = start + i * unit
    const end = begin + unit
    for (let row = Math.max(0, Math.floor(begin)); row < Math.min(rows, end); row++) {
      const part = (Math.min(end, row + 1) - Math.max(begin, row)) / unit
      for (let column = 0; column < width; column++) means[column * count + i] += part * values[row * width + column]
    }
  }
  return means
}

