// From a drawing to the 28×28 numbers a network receives: mnist_model/drawing.py and resampling.py, whose texts say why.
// The arithmetic is the same, so that the browser's answer and the server's agree.

// Canvases of one size, the hindmost first, laid over black -> their pixels, RGBA.
function pixels(canvases, reader) {
  const { width, height } = canvases[0]
  if (reader.canvas.width !== width || reader.canvas.height !== height) Object.assign(reader.canvas, { width, height })
  reader.fillStyle = "#000"
  reader.fillRect(0, 0, width, height)
  for (const canvas of canvases) reader.drawImage(canvas, 0, 0)
  return reader.getImageData(0, 0, width, height).data
}

// Opaque pixels, RGBA -> lightness in 0–255, as Pillow's convert("L") has it.
function inkOf(rgba) {
  const ink = new Uint8Array(rgba.length / 4)
  for (let i = 0; i < ink.length; i++) ink[i] = (19595 * rgba[4 * i] + 38470 * rgba[4 * i + 1] + 7471 * rgba[4 * i + 2] + 32768) >> 16
  return ink
}

// Ink (size × size) in 0–255 -> the image in 0–1, plainly shrunk or centred; null where there is no ink.
function toInput(ink, centred) {
  const size = Math.sqrt(ink.length)
  if (!ink.some(Boolean)) return null
  return Float32Array.from(centred ? rewrite(ink, size) : resample(ink, size, 0, 0, size / SIZE).map((level) => level / 255))
}

const resample = (ink, size, x, y, unit, count = SIZE) => averages(averages(ink, size, y, unit, count), size, x, unit, count)

// Means over intervals of rows, each `unit` rows long, the first at `start`. The result is turned: twice is upright.
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

