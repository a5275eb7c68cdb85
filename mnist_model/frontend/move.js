// Four arrow buttons and one for the middle; the arrow keys do the same, also while a slider has the focus; and a cell
// of a place map sends the digit there. What is sent is where the digit now is, not one step, so that no press is lost
// however fast they come. The page follows at once (follow.js). The sliders are believed while somebody holds them, and
// then until the server says the same; else the server is, when it has seen the last press. Kept on the window, with one
// listener, because Streamlit runs this module again and again.
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

function start() {
  const digit = { ...served() }
  const move = (dx, dy) => {
    const within = (x) => Math.max(-digit.reach, Math.min(digit.reach, x))
    Object.assign(digit, { dx: within(dx), dy: within(dy), presses: digit.presses + 1, held: false })
    digit.follow()
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
  document.addEventListener("pointerdown", onHold, true)
  for (const end of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(end, onRelease)
  document.addEventListener("keydown", onKey, true)
  document.addEventListener("click", onClick)
  return digit
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
    if (digit.holding) Object.assign(digit, sliders(), { held: true })
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
