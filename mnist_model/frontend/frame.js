// A photo with what was found in it, and the frame to be read: dragged inside it moves, at a corner it gets another size,
// beside it a new one is drawn; arrow keys move it, with Shift its lower right corner. The server hears where it ends.
/** @typedef {[number, number, number, number]} Box  left, top, right, bottom, 0–1 of the picture's width and height */
/** @typedef {{ picture: string, frame: Box, found: Box[] }} Photo */
const SMALLEST_FRAME = 0.05 // of the picture's width and height: a smaller frame holds no digit
const STEP = 0.02

/** @type {(value: number, low: number, high: number) => number} */
const within = (value, low, high) => Math.max(low, Math.min(high, value))

// A frame moved as a whole.
/** @type {(box: Box, x: number, y: number) => Box} */
function moved([left, top, right, bottom], x, y) {
  const [dx, dy] = [within(x, -left, 1 - right), within(y, -top, 1 - bottom)]
  return [left + dx, top + dy, right + dx, bottom + dy]
}

// A frame between two corners, wherever they lie to each other.
/** @type {(from: number[], to: number[]) => Box} */
function between(from, to) {
  const [x, y] = [0, 1].map((axis) => {
    const fixed = within(from[axis], 0, 1)
    const free = within(to[axis], 0, 1)
    const wide = Math.abs(free - fixed) >= SMALLEST_FRAME
    if (wide) return [Math.min(fixed, free), Math.max(fixed, free)]
    return fixed + SMALLEST_FRAME <= 1 && free >= fixed ? [fixed, fixed + SMALLEST_FRAME] : [Math.max(0, fixed - SMALLEST_FRAME), Math.max(SMALLEST_FRAME, fixed)]
  })
  return [x[0], y[0], x[1], y[1]]
}

/** @type {(element: HTMLElement, box: Box) => unknown} */
const place = ({ style }, [left, top, right, bottom]) =>
  Object.assign(style, {
    left: `${100 * left}%`,
    top: `${100 * top}%`,
    width: `${100 * (right - left)}%`,
    height: `${100 * (bottom - top)}%`,
  })

// What a drag that begins here does with the frame: from where the pointer then is, a frame.
/** @type {(target: EventTarget | null, frame: Box, from: number[]) => (to: number[]) => Box} */
function dragging(target, frame, from) {
  const corner = target instanceof HTMLElement ? target.dataset.corner : undefined
  if (corner) {
    const [x, y] = corner.split(" ").map(Number) // the opposite corner stays
    return (to) => between([frame[2 - 2 * x], frame[3 - 2 * y]], to)
  }
  if (target instanceof HTMLElement && target.matches(".frame")) return (to) => moved(frame, to[0] - from[0], to[1] - from[1])
  return (to) => between(from, to)
}

/** @param {Component<Photo>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const sheet = part(".framing", parentElement)
  const frame = part(".frame", sheet)
  const picture = /** @type {HTMLImageElement} */ (part("img", sheet))
  if (picture.src !== data.picture) picture.src = data.picture
  let at = data.frame
  /** @type {(box: Box) => void} */
  const show = (box) => place(frame, (at = box))
  const send = () => setTriggerValue("frame", at)
  /** @type {(event: PointerEvent) => number[]} */
  const point = ({ clientX, clientY }) => {
    const { left, top, width, height } = picture.getBoundingClientRect()
    return [(clientX - left) / width, (clientY - top) / height]
  }
  show(at)
  for (const old of sheet.querySelectorAll(".found")) old.remove()
  for (const box of data.found) place(sheet.insertBefore(Object.assign(document.createElement("i"), { className: "found" }), frame), box)
  /** @type {((to: number[]) => Box) | null} */
  let drag = null
  sheet.onpointerdown = (event) => {
    if (event.button) return
    event.preventDefault()
    frame.focus({ preventScroll: true })
    sheet.setPointerCapture(event.pointerId)
    drag = dragging(event.target, at, point(event))
  }
  sheet.onpointermove = (event) => drag && show(drag(point(event)))
  sheet.onpointerup = sheet.onpointercancel = () => {
    if (drag && at !== data.frame) send()
    drag = null
  }
  frame.onkeydown = (event) => {
    const step = ARROWS[event.key]
    if (!step) return
    event.preventDefault()
    event.stopPropagation()
    const [x, y] = step.map((each) => each * STEP)
    show(event.shiftKey ? between(at.slice(0, 2), [at[2] + x, at[3] + y]) : moved(at, x, y))
  }
  frame.onkeyup = (event) => ARROWS[event.key] && send()
}
