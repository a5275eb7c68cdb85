// Answers while the pen is down. Each frame of a stroke reads the drawing canvas; where that has changed, the image is
// made and classified here (drawing.js, network.js) and shown over the server's last answer. When the pen is up, the
// server's own answer takes over as soon as it is for the same ink. Kept on the window, with one set of listeners,
// because Streamlit runs this module again and again. Where anything is not as expected, the page goes on without it.
/** @typedef {{ names: string[], doubter: string, noDigit: number, close: number }} Limits  of what is remarked */
/** @typedef {{ centred: boolean, who: string } & Limits} Said  what Python says */
/**
 * @typedef {object} State
 * @property {CanvasRenderingContext2D} reader
 * @property {HTMLCanvasElement[]} canvases  the hindmost first
 * @property {boolean} pen  whether it is down
 * @property {boolean} broken
 * @property {Uint32Array} seen  the drawing's pixels when last looked at
 * @property {string} said  the server's last answer
 * @property {string} note  under the last answer of this page
 * @property {number} [waiting]  the timer of PATIENCE
 */
/** @typedef {State & Said} Live */
const page = /** @type {Page & { nudgeLive?: Live }} */ (window)
const PATIENCE = 1000 // ms until the server has the last word, should its ink differ by a rounding
const DEBOUNCE = 400 // ms in which the canvas has told the server of a stroke: it takes 200

/** @type {(data: Said) => Live} */
function start(data) {
  const canvas = document.createElement("canvas")
  const reader = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }))
  /** @type {Live} */
  const live = { ...data, reader, canvases: [], pen: false, broken: false, seen: new Uint32Array(0), said: "", note: "" }
  /** @type {<E>(step: (event: E) => void) => (event: E) => void} */
  const guarded = (step) => (event) => {
    try {
      if (!live.broken) step(event)
    } catch (/** @type {any} */ error) {
      Object.assign(live, { broken: true, pen: false })
      rest()
      warn(error.message)
    }
  }
  const frame = guarded(() => {
    if (!live.pen) return
    look(live)
    requestAnimationFrame(frame)
  })
  const finished = guarded(() => look(live))
  const onDown = guarded((/** @type {Event} */ event) => {
    const touched = event.composedPath()[0]
    if (!page.nudgeNetworks?.chosen || !(touched instanceof Element) || !touched.matches("canvas.upper-canvas")) return
    Object.assign(live, { pen: true, canvases: layers(/** @type {ShadowRoot} */ (touched.getRootNode())) })
    clearTimeout(live.waiting)
    requestAnimationFrame(frame)
  })
  const onUp = guarded(() => {
    if (live.pen) requestAnimationFrame(() => requestAnimationFrame(finished)) // by then the stroke has been finished
    live.pen = false
  })
  const onClick = guarded((/** @type {Event} */ event) => {
    const button = hit(event, ".st-key-tools button")
    if (!button || shown().hidden) return
    event.stopPropagation()
    setTimeout(() => {
      rest()
      button.click()
    }, DEBOUNCE) // or Undo would take back the stroke before, and the canvas would forget this one
  })
  document.addEventListener("pointerdown", onDown, true)
  document.addEventListener("click", onClick, true)
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, onUp, true)
  return live
}

/** @type {(why: string) => void} */
const warn = (why) => console.warn(`Nudge: no answers while the pen moves: ${why}`)
/** @type {(selector?: string) => HTMLElement | null} */
const server = (selector = "") => document.querySelector(`.st-key-answer ${selector}`)
const SHOWN = ".live-answer .shown"
const shown = () => part(SHOWN)

// The finished ink and the stroke in progress.
/** @type {(root: ParentNode) => HTMLCanvasElement[]} */
function layers(root) {
  /** @type {(name: string) => HTMLCanvasElement | null} */
  const layer = (name) => root.querySelector(`canvas.dc-canvas.${name}-canvas`)
  const [lower, upper] = [layer("lower"), layer("upper")]
  if (!lower || !upper) throw new Error("the drawing canvas is of an unknown version")
  return [lower, upper]
}

/** @type {(live: Live) => void} */
function look(live) {
  const rgba = pixels(live.canvases, live.reader)
  const seen = new Uint32Array(rgba.buffer)
  if (seen.length === live.seen.length && seen.every((pixel, i) => pixel === live.seen[i])) return
  live.seen = seen
  const image = toInput(inkOf(rgba), live.centred)
  const { chosen, beside } = page.nudgeNetworks ?? {}
  if (!image || !chosen) return
  const said = chosen(image)
  show(live, image, said)
  write(shown().querySelector(".remark span"), beside ? remark(live, said, beside(image)) : "")
  write(shown().querySelector(".who"), beside ? live.who : "")
}

/** @type {(live: Live, image: Float32Array, probabilities: Numbers) => void} */
function show(live, image, probabilities) {
  const picture = part(".st-key-bench img.pixels")
  const permille = Array.from(probabilities, (p) => 1000 * p)
  live.note = `ink ${image.reduce((sum, level) => sum + level, 0).toFixed(1)}, the sum of the numbers`
  write(shown().querySelector(".digit"), `${best(permille)}`)
  write(shown().querySelector("b"), probability(Math.max(...permille)))
  write(shown().querySelector(".note"), live.note)
  bars(permille, shown().querySelectorAll(".bar"))
  const levels = image.map((level) => Math.round(255 * level))
  picture.setAttribute("src", png(levels))
  picture.parentElement?.classList.remove("blank")
  numbers(levels, document.querySelector("table.numbers"))
  page.nudgeForward?.(image)
  shown().hidden = false
}

// A line under the answer: mnist_model/networks/doubt.py.
/** @type {(limits: Limits, said: Numbers, alsoSaid: Numbers) => string} */
function remark({ names: [chosen, beside], doubter, noDigit, close }, said, alsoSaid) {
  /** @type {(network: string, probabilities: Numbers) => string | null} */
  const doubt = (network, probabilities) => {
    const [first, second] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a])
    if (network !== doubter) return null
    if (probabilities[first] + probabilities[second] < noDigit) return `${network}: this does not look like a digit`
    return probabilities[first] - probabilities[second] < close ? `${network} is not sure: ${first} or ${second}?` : null
  }
  const answer = best(alsoSaid)
  return doubt(chosen, said) ?? doubt(beside, alsoSaid) ?? `${beside} says ${answer}, ${probability(1000 * alsoSaid[answer])}`
}

// The table under the answer: mnist_model/render/tables.py.
/** @type {(levels: Float32Array, table: HTMLElement | null) => void} */
function numbers(levels, table) {
  const text = (/** @type {number} */ level) =>
    table?.dataset.divided && level ? (level / 255).toFixed(2).replace(/^0/, "") : `${level}`
  table?.querySelectorAll("td").forEach((cell, i) => {
    if (!write(cell, text(levels[i]))) return
    cell.style.setProperty("--ink", (levels[i] / 255).toFixed(2))
    cell.classList.toggle("lit", levels[i] > 127)
  })
}

// The server has answered: it has the word unless the pen is down again, or this was for an earlier stroke.
/** @type {(live: Live) => void} */
function answered(live) {
  const said = server()?.textContent ?? ""
  if (said === live.said) return
  live.said = said
  const sure = server("b")?.innerText // nothing where it is covered
  write(document.querySelector(".live-answer .spoken"), sure ? `It says ${server(".digit")?.innerText}, ${sure}.` : "")
  clearTimeout(live.waiting)
  if (live.pen) return
  if (server(".note")?.textContent === live.note) rest()
  else live.waiting = setTimeout(rest, PATIENCE)
}

function rest() {
  document.querySelector(SHOWN)?.setAttribute("hidden", "")
}

/** @type {(tries: number) => void} */
function seek(tries) {
  const places = [...document.querySelectorAll(".st-key-canvas *")]
  if (places.some((place) => place.shadowRoot?.querySelector("canvas.upper-canvas"))) return
  if (!document.querySelector(SHOWN)) return
  if (tries) setTimeout(seek, 200, tries - 1)
  else warn("the drawing canvas was not found")
}

/** @param {Component<Said & { address: Address }>} component */
export default function ({ data, parentElement }) {
  const live = (page.nudgeLive ??= start(data))
  Object.assign(live, data)
  writer.write(data.address)
  seek(50)
  answered(live)
  const observer = new MutationObserver(() => answered(live))
  const answers = /** @type {Element} */ (parentElement.closest(".st-key-answers"))
  observer.observe(answers, { subtree: true, childList: true, characterData: true })
  return () => observer.disconnect()
}
