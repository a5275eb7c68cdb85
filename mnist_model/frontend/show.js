// What the live answer on Draw and the moving digit on Shift both show; mirrors mnist_model/figures.py.
const SIZE = 28

const percent = (permille) => `${(permille / 10).toFixed(1)} %`
const best = (values) => values.indexOf(Math.max(...values))
const write = (element, text) => element && element.textContent !== text && (element.textContent = text)

// Probabilities in thousandths on the ten bars.
function bars(permille, rows) {
  rows.forEach((row, digit) => {
    row.classList.toggle("best", digit === best(permille))
    row.querySelector(".track span").style.width = percent(permille[digit]).replace(" ", "")
    write(row.lastElementChild, percent(permille[digit]))
  })
}

// An image's levels, 0–255, as the address of a picture.
function png(levels) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE })
  const rgba = new Uint8ClampedArray(4 * SIZE * SIZE)
  levels.forEach((level, i) => rgba.set([level, level, level, 255], 4 * i))
  canvas.getContext("2d").putImageData(new ImageData(rgba, SIZE, SIZE), 0, 0)
  return canvas.toDataURL()
}

