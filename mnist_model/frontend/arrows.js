// Four arrow buttons and one for the middle; the arrow keys do the same, also while a slider has the focus.
// What is sent is where the digit now is, not one step, so that no press is lost however fast they come: the server's
// word is taken only when it has seen the last press. Kept on the window, with one listener, because Streamlit runs
// this module again at every rerun of the page.
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

function start() {
  const arrows = { presses: 0, waiting: false }
  arrows.press = (step) => {
    const within = (x) => Math.max(-arrows.reach, Math.min(arrows.reach, x))
    arrows.dx = step ? within(arrows.dx + step[0]) : 0
    arrows.dy = step ? within(arrows.dy + step[1]) : 0
    arrows.presses += 1
    arrows.waiting = true
    arrows.send("offset", { presses: arrows.presses, dx: arrows.dx, dy: arrows.dy })
  }
  const onKey = (event) => {
    const typing = event.target.matches('input:not([type="range"]), textarea, [role="combobox"], [role="radio"]')
    const step = KEYS[event.key]
    if (typing || !step || event.altKey || event.ctrlKey || event.metaKey) return
    if (!document.querySelector(".arrows")) return
    event.preventDefault()
    event.stopPropagation()
    arrows.press(step)
  }
  document.addEventListener("keydown", onKey, true)
  return arrows
}

export default function ({ data, parentElement, setStateValue }) {
  const arrows = (window.nudgeArrows ??= start())
  if (!arrows.waiting || data.presses === arrows.presses) Object.assign(arrows, data, { waiting: false })
  arrows.send = setStateValue
  parentElement.querySelector(".arrows").onclick = (event) => {
    const button = event.target.closest("button")
    if (button) arrows.press(KEYS[button.dataset.key])
  }
}
