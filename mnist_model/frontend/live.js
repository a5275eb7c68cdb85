// Answers while the pen is down. Each frame of a stroke reads the drawing canvas; where that has changed, the image is
// made and classified here (drawing.js, network.js) and shown over the server's last answer. When the pen is up, the
// server's own answer takes over as soon as it is for the same ink. Kept on the window, with one set of listeners,
// because Streamlit runs this module again and again. Where anything is not as expected, the page goes on without it.
const PATIENCE = 1000 // ms until the server has the last word, should its ink differ by a rounding
const DEBOUNCE = 400 // ms in which the canvas has told the server of a stroke: it takes 200

function start() {
  const reader = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const live = { reader, pen: false, broken: false, seen: new Uint32Array(0), said: "", note: "" }
  const guarded = (step) => (event) => {
    try {
      if (!live.broken) step(event)
    } catch (error) {
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
  const onDown = guarded((event) => {
    const touched = event.composedPath()[0]
    if (!window.nudgeNetworks?.chosen || !touched.matches?.("canvas.upper-canvas")) return
    Object.assign(live, { pen: true, canvases: layers(touched.getRootNode()) })
    clearTimeout(live.waiting)
    requestAnimationFrame(frame)
  })
  const onUp = guarded(() => {
    if (live.pen) requestAnimationFrame(() => requestAnimationFrame(finished)) // by then the stroke has been finished
    live.pen = false
  })
  const onClick = guarded((event) => {
    const button = event.target.closest(".st-key-tools button")
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

const warn = (why) => console.warn(`Nudge: no answers while the pen moves: ${why}`)
const server = (part = "") => document.querySelector(`.st-key-answer ${part}`)
const shown = () => document.querySelector(".live-answer .shown")

// The finished ink and the stroke in progress.
function layers(root) {
  const canvases = ["lower", "upper"].map((name) => root.querySelector(`canvas.dc-canvas.${name}-canvas`))
  if (canvases.includes(null)) throw new Error("the drawing canvas is of an unknown version")
  return canvases
}

function look(live) {
  const rgba = pixels(live.canvases, live.reader)
  const seen = new Uint32Array(rgba.buffer)
  if (seen.length === live.seen.length && seen.every((pixel, i) => pixel === live.seen[i])) return
  live.seen = seen
  const image = toInput(inkOf(rgba), live.centred)
  if (!image) return
  const { chosen, beside } = window.nudgeNetworks
  const said = chosen(image)
  show(live, image, said)
  const line = shown().querySelector(".remark")
  write(line, beside ? remark(live, said, beside(image)) : "")
}

function show(live, image, probabilities) {
  const picture = document.querySelector(".st-key-bench img.pixels")
  const permille = Array.from(probabilities, (p) => 1000 * p)
  live.note = `ink ${image.reduce((sum, level) => sum + level, 0).toFixed(1)}`
  write(shown().querySelector(".digit"), `${best(permille)}`)
  write(shown().querySelector("b"), percent(Math.max(...permille)))
  write(shown().querySelector(".note"), live.note)
  bars(permille, shown().querySelectorAll(".bar"))
  const levels = image.map((level) => Math.round(255 * level))
  picture.src = png(levels)
  picture.parentElement.classList.remove("blank")
  numbers(levels, document.querySelector("table.numbers"))
  shown().hidden = false
}

// A line under the answer: mnist_model/doubt.py.
function remark({ names: [chosen, beside], doubter, noDigit, close }, said, alsoSaid) {
  const doubt = (network, probabilities) => {
    const [first, second] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a])
    if (network !== doubter) return null
    if (probabilities[first] + probabilities[second] < noDigit) return `${network}: this does not look like a digit`
    return probabilities[first] - probabilities[second] < close ? `${network} is not sure: ${first} or ${second}?` : null
  }
  const answer = best(alsoSaid)
  return doubt(chosen, said) ?? doubt(beside, alsoSaid) ?? `${beside} says ${answer}, ${percent(1000 * alsoSaid[answer])}`
}

function numbers(levels, table) {
  const text = (level) => (table.dataset.divided && level ? (level / 255).toFixed(2).replace(/^0/, "") : `${level}`)
  table?.querySelectorAll("td").forEach((cell, i) => {
    if (!write(cell, text(levels[i]))) return
    cell.style.setProperty("--ink", (levels[i] / 255).toFixed(2))
    cell.classList.toggle("lit", levels[i] > 127)
  })
}

// The server has answered: it has the word unless the pen is down again, or this was for an earlier stroke.
function answered(live) {
  const said = server()?.textContent ?? ""
  if (said === live.said) return
  live.said = said
  const sure = server("b")?.textContent
  write(document.querySelector(".live-answer .spoken"), sure ? `It says ${server(".digit").textContent}, ${sure}.` : "")
  clearTimeout(live.waiting)
  if (live.pen) return
  if (server(".note")?.textContent === live.note) rest()
  else live.waiting = setTimeout(rest, PATIENCE)
}

function rest() {
  if (shown()) shown().hidden = true
}

function seek(tries) {
  const places = [...document.querySelectorAll(".st-key-canvas *")]
  if (places.some((place) => place.shadowRoot?.querySelector("canvas.upper-canvas")) || !shown()) return
  if (tries) setTimeout(seek, 200, tries - 1)
  else warn("the drawing canvas was not found")
}

export default function ({ data, parentElement }) {
  const live = (window.nudgeLive ??= start())
  Object.assign(live, data)
  seek(50)
  answered(live)
  const observer = new MutationObserver(() => answered(live))
  observer.observe(parentElement.closest(".st-key-answers"), { subtree: true, childList: true, characterData: true })
  return () => observer.disconnect()
}
