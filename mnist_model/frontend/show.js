// What the live answer on Draw and the moving digit on Shift both show; mirrors mnist_model/render/answers.py and
// percent.py (in mnist_model). The types are for `npm run lint` only; those of this file are known in all the others.
/** @typedef {number[] | Float32Array | Float64Array | Uint8Array | Uint8ClampedArray} Numbers */
/** @typedef {(name: string, value: unknown) => void} Send */
/**
 * What Streamlit gives a component.
 * @template Data
 * @typedef {{ data: Data, parentElement: HTMLElement, setStateValue: Send, setTriggerValue: Send }} Component
 */
const SIZE = 28 // mnist_model/images/resampling.py
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } // right and down by key

/** @type {(fraction: number, decimals?: number) => string} */
function percent(fraction, decimals = 1) {
  const least = 10 ** -decimals
  const rounded = (100 * fraction).toFixed(decimals)
  if (+rounded === 100 && fraction < 1) return `> ${(100 - least).toFixed(decimals)} %`
  if (+rounded === 0 && fraction > 0) return `< ${least.toFixed(decimals)} %`
  return `${[0, 100].includes(+rounded) ? +rounded : rounded} %`
}

// A probability in thousandths: neither 0 nor 1, only its rounding is.
/** @type {(permille: number) => string} */
const probability = (permille) => percent(Math.min(Math.max(permille / 1000, 1e-9), 1 - 1e-9))

/** @type {(values: Numbers) => number} */
const best = (values) => values.indexOf(Math.max(...values))

// True where the text was another one. It goes into the text node that is there: with a new one the browser looks at all
// :has() rules of the page again, 15 ms a frame.
/** @type {(element: Element | null | undefined, text: string) => unknown} */
const write = (element, text) => {
  if (!element || element.textContent === text) return false
  const [first, ...others] = element.childNodes
  if (first instanceof Text && !others.length) first.data = text
  else element.textContent = text
  return true
}

// What must be there.
/** @type {(selector: string, place?: ParentNode) => HTMLElement} */
function part(selector, place = document) {
  /** @type {HTMLElement | null} */
  const found = place.querySelector(selector)
  if (!found) throw new Error(`the page has no ${selector}`)
  return found
}

// What was clicked, grabbed or typed in, where it is within such an element.
/** @type {(event: Event, selector: string) => HTMLElement | null} */
const hit = ({ target }, selector) => (target instanceof Element ? target.closest(selector) : null)

const SETTLED = 2000 // ms

// What such a selector finds, as soon as it is there, while what is above comes and grows; until somebody does something.
/** @type {(selector: string) => void} */
function keepInView(selector) {
  let until = Infinity
  const scroll = () => {
    if (performance.now() > until) return
    const found = document.querySelector(selector)
    found?.scrollIntoView()
    if (found) until = Math.min(until, performance.now() + SETTLED)
    requestAnimationFrame(scroll)
  }
  for (const sign of ["wheel", "pointerdown", "keydown"]) addEventListener(sign, () => (until = 0), { once: true, capture: true })
  scroll()
}

// Probabilities in thousandths on the ten bars.
/** @type {(permille: number[], rows: NodeListOf<Element>) => void} */
function bars(permille, rows) {
  rows.forEach((row, digit) => {
    row.classList.toggle("best", digit === best(permille))
    part(".track span", row).style.width = `${permille[digit] / 10}%`
    write(row.lastElementChild, probability(permille[digit]))
  })
}

// An image's levels, 0–255, as the address of a picture.
/** @type {(levels: Numbers) => string} */
function png(levels) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE })
  const rgba = new Uint8ClampedArray(4 * SIZE * SIZE)
  levels.forEach((level, i) => rgba.set([level, level, level, 255], 4 * i))
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, SIZE, SIZE), 0, 0)
  return canvas.toDataURL()
}
