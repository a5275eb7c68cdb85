// Four arrow buttons and one for the middle; the arrow keys do the same, also while a slider has the focus; a cell of a
// place map sends the digit there; and the picture itself can be dragged. What is sent is where the digit now is, not one
// step, so that no press is lost however fast they come. The page follows at once (follow.js). While somebody drags the
// picture or holds a slider, that is believed, and then until the server says the same; else the server is, when it has
// seen the last press. Kept on the window, with one set of listeners, because Streamlit runs this module again and again.
/**
 * @typedef {object} Digit
 * @property {number} dx
 * @property {number} dy
 * @property {number} presses
 * @property {Send} send
 * @property {() => void} follow
 * @property {(step?: number[]) => void} press  one step, or to the middle
 * @property {boolean} [held]  believed until the server says the same
 * @property {boolean} [holding]  a slider is held
 * @property {boolean} [focused]  the picture has the focus
 * @property {{ x: number, y: number, dx: number, dy: number, pixel: number } | null} [grabbed]  the picture is dragged
 */
const page = /** @type {Window & { nudgeDigit?: Digit }} */ (window)

/** @type {(send: Send) => Digit} */
function start(send) {
  /** @type {Digit} */
  const digit = {
    ...served(),
    send,
    follow: () => {},
    press: (step) => (step ? move(digit.dx + step[0], digit.dy + step[1]) : move(0, 0)),
  }
  /** @type {(dx: number, dy: number) => void} */
  const place = (dx, dy) => {
    const within = (/** @type {number} */ x) => Math.max(-REACH, Math.min(REACH, x))
    Object.assign(digit, { dx: within(dx), dy: within(dy) })
    digit.follow()
  }
  /** @type {(dx: number, dy: number) => void} */
  const move = (dx, dy) => {
    Object.assign(digit, { presses: digit.presses + 1, held: false })
    place(dx, dy)
    speak()
    digit.send("offset", { presses: digit.presses, dx: digit.dx, dy: digit.dy })
  }
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {Element} */ (event.target)
    const typing = target.matches('input:not([type="range"]), textarea, [role="combobox"], [role="radio"]')
    const step = ARROWS[event.key]
    if (!step) onHold(event) // Home, End, Page Up and Page Down are the slider's own
    if (typing || !step || event.altKey || event.ctrlKey || event.metaKey) return
    if (!document.querySelector(".arrows")) return
    event.preventDefault()
    event.stopPropagation()
    digit.press(step)
  }
  const onClick = (/** @type {MouseEvent} */ event) => {
    const map = hit(event, ".map[data-reach]")
    if (!map) return
    const place = map.getBoundingClientRect()
    const cell = (/** @type {number} */ part) => Math.floor(part * (2 * REACH + 1)) - REACH
    move(cell((event.clientX - place.left) / place.width), cell((event.clientY - place.top) / place.height))
  }
  const onHold = (/** @type {Event} */ event) => (digit.holding = Boolean(hit(event, ".stSlider")))
  const onRelease = () => (digit.holding = false)
  const onGrab = (/** @type {PointerEvent} */ event) => {
    const picture = hit(event, ".grab")
    digit.focused = Boolean(picture)
    if (!picture || event.button) return
    const pixel = picture.getBoundingClientRect().width / SIZE
    digit.grabbed = { x: event.clientX, y: event.clientY, dx: digit.dx, dy: digit.dy, pixel }
  }
  const onDrag = (/** @type {PointerEvent} */ { clientX, clientY }) => {
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
  document.addEventListener("dragstart", (event) => hit(event, ".grab") && event.preventDefault())
  document.addEventListener("focusin", (event) => (digit.focused = Boolean(hit(event, ".grab"))))
  for (const end of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(end, onRelease)
  document.addEventListener("keydown", onKey, true)
  document.addEventListener("click", onClick)
  return digit
}

// For screen readers: where the digit now is, and the chosen network's answer unless that is covered.
function speak() {
  const parts = [".grab + figcaption", ".answers .digit", ".answers .note"].map((each) => part(each).innerText)
  write(document.querySelector(".arrows ~ .spoken"), parts.join(" "))
}

// Where the server last knew the digit to be, and how many presses it had seen.
function served() {
  const answers = document.querySelector(".answers")
  const value = (/** @type {string} */ name) => Number(answers?.getAttribute(`data-${name}`) ?? 0)
  return { dx: value("dx"), dy: value("dy"), presses: value("presses") }
}

// What the server last said that the page's address is to be, with where the digit now is.
/** @type {(at: { dx: number, dy: number }) => string} */
function placed({ dx, dy }) {
  const query = new URLSearchParams(document.querySelector(".answers")?.getAttribute("data-address") ?? "")
  query.set("dx", `${dx}`)
  query.set("dy", `${dy}`)
  return query.toString()
}

function sliders() {
  const value = (/** @type {string} */ key) => {
    const slider = document.querySelector(`.st-key-${key} input[type="range"]`)
    return Number(slider?.getAttribute("aria-valuetext") ?? 0)
  }
  return { dx: value("dx"), dy: value("dy") }
}

/** @param {Component<Uint8Array<ArrayBuffer>>} component */
export default function ({ data, parentElement, setStateValue }) {
  const digit = (page.nudgeDigit ??= start(setStateValue))
  const lab = /** @type {HTMLElement | null} */ (parentElement.closest(".st-key-lab"))
  if (!lab) return // another page is shown by now
  Object.assign(digit, { send: setStateValue, follow: () => {} })
  part(".arrows", parentElement).onclick = (event) => {
    const button = hit(event, "button")
    if (button) digit.press(ARROWS[button.dataset.key ?? ""])
  }
  const believe = () => {
    const { dx, dy, presses } = served()
    // The server has sent the picture anew: the new one gets the focus that the old one had.
    if (digit.focused && document.activeElement === document.body) part(".grab", lab).focus({ preventScroll: true })
    if (digit.grabbed) digit.held = false
    else if (digit.holding) Object.assign(digit, sliders(), { held: true })
    else if (digit.held) digit.held = dx !== digit.dx || dy !== digit.dy
    else if (digit.presses === presses) Object.assign(digit, { dx, dy })
    digit.follow()
  }
  const observer = new MutationObserver(believe)
  believe()
  unpacked(data).then((places) => {
    const locate = () => writer.write({ page: "shift", query: placed(digit) })
    digit.follow = () => {
      follow(places, lab, digit.dx, digit.dy)
      locate()
    }
    locate()
    // Also when the server's answer to an earlier move arrives after a later one: before it is painted.
    observer.observe(lab, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] })
  })
  return () => observer.disconnect()
}
