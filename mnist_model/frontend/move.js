// Four arrow buttons and one for the middle; the arrow keys do the same, also while a slider has the focus; a cell of a
// place map sends the digit there; and the picture itself can be dragged. What is sent is where the digit now is, not one
// step, so that no press is lost however fast they come. The page follows at once (follow.js). While somebody drags the
// picture or holds a slider, that is believed, and then until the server says the same; else the server is, when it has
// seen the last press. Kept on the window, with one set of listeners, because Streamlit runs this module again and again.
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

function start() {
  const digit = { ...served() }
  const place = (dx, dy) => {
    const within = (x) => Math.max(-digit.reach, Math.min(digit.reach, x))
    Object.assign(digit, { dx: within(dx), dy: within(dy) })
    digit.follow()
  }
  const move = (dx, dy) => {
    Object.assign(digit, { presses: digit.presses + 1, held: false })
    place(dx, dy)
    speak()
    digit.send("offset", { presses: digit.presses, dx: digit.dx, dy: digit.dy })
  }
  digit.press = (step) => (step ? move(digit.dx + step[0], digit.dy + step[1]) : move(0, 0))
  const onKey = (event) => {
    const typing = event.target.matches('input:not([type="range"]), textarea, [role="combobox"], [role="radio"]')
    const step = KEYS[event.key]
    if (!step) onHold(event) // Home, End, Page Up and Page Down are the slider's own
    if (typing || !step || event.altKey || event.ctrlKey || event.metaKey) return
    if (!document.querySelector(".arrows")) return
    event.preventDefault()
    event.stopPropagation()
    digit.press(step)
  }
  const onClick = (event) => {
    const map = event.target.closest?.(".map[data-reach]")
    if (!map) return
    const place = map.getBoundingClientRect()
    const cell = (part) => Math.floor(part * (2 * digit.reach + 1)) - digit.reach
    move(cell((event.clientX - place.left) / place.width), cell((event.clientY - place.top) / place.height))
  }
  const onHold = (event) => (digit.holding = Boolean(event.target.closest?.(".stSlider")))
  const onRelease = () => (digit.holding = false)
  const onGrab = (event) => {
    const picture = event.target.closest?.(".grab")
    digit.focused = Boolean(picture)
    if (!picture || event.button) return
    const pixel = picture.getBoundingClientRect().width / SIZE
    digit.grabbed = { x: event.clientX, y: event.clientY, dx: digit.dx, dy: digit.dy, pixel }
  }
  const onDrag = ({ clientX, clientY }) => {
    if (!digit.grabbed) return
    const { x, y, dx, dy, pixel } = digit.grabbed
    place(dx + Math.round((clientX - x) / pixel), dy + Math.round((clientY - y) / pixel))
  }
  const onLetGo = () => {
    if (digit.grabbed) move(digit.dx, digit.dy)
    digit.grabbed = null
  }
  document.addEventListener("pointerdown", onHold, true)
  document.addEventListener("pointerdown", onGrab, true)
  document.addEventListener("pointermove", onDrag)
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, onLetGo)
  document.addEventListener("dragstart", (event) => event.target.closest?.(".grab") && event.preventDefault())
  document.addEventListener("focusin", (event) => (digit.focused = event.target.matches(".grab")))
  for (const end of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(end, onRelease)
  document.addEventListener("keydown", onKey, true)
  document.addEventListener("click", onClick)
  return digit
}

// For screen readers: where the digit now is, and the chosen network's answer.
function speak() {
  const parts = [".grab + figcaption", ".answers .digit", ".answers .note"].map((part) => document.querySelector(part))
  write(document.querySelector(".arrows ~ .spoken"), parts.map((part) => part?.textContent).join(" "))
}

// Where the server last knew the digit to be, and how many presses it had seen.
function served() {
  const { dx, dy, presses } = document.querySelector(".answers")?.dataset ?? {}
  return { dx: Number(dx ?? 0), dy: Number(dy ?? 0), presses: Number(presses ?? 0) }
}

function sliders() {
  const value = (key) => document.querySelector(`.st-key-${key} input[type="range"]`)?.getAttribute("aria-valuetext")
  return { dx: Number(value("dx") ?? 0), dy: Number(value("dy") ?? 0) }
}

export default function ({ data, parentElement, setStateValue }) {
  const digit = (window.nudgeDigit ??= start())
  const lab = document.querySelector(".st-key-lab")
  Object.assign(digit, { reach: data.reach, send: setStateValue, follow: () => {} })
  parentElement.querySelector(".arrows").onclick = (event) => {
    const button = event.target.closest("button")
    if (button) digit.press(KEYS[button.dataset.key])
  }
  const believe = () => {
    const { dx, dy, presses } = served()
    // The server has sent the picture anew: the new one gets the focus that the old one had.
    if (digit.focused && document.activeElement === document.body) lab.querySelector(".grab").focus({ preventScroll: true })
    if (digit.grabbed) digit.held = false
    else if (digit.holding) Object.assign(digit, sliders(), { held: true })
    else if (digit.held) digit.held = dx !== digit.dx || dy !== digit.dy
    else if (digit.presses === presses) Object.assign(digit, { dx, dy })
    digit.follow()
  }
  const observer = new MutationObserver(believe)
  believe()
  unpacked(data).then((places) => {
    digit.follow = () => follow(places, lab, digit.dx, digit.dy)
    // Also when the server's answer to an earlier move arrives after a later one: before it is painted.
    observer.observe(lab, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] })
  })
  return () => observer.disconnect()
}
