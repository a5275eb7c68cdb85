// "Write a 7": a phone gives the class digits, each with the label that was asked for. What could not be sent is sent
// again with the same name, so that it arrives once.
const SIDE = 280 // the canvas's own pixels: 28×28 blocks of 10×10, as on Draw
const BRUSH = 20

/** @typedef {{ token: string, label: number, ink: number[], strokes: number[][][] }} Given */

// The canvas's ink as 28×28 means of blocks, 0–255, as on Draw: drawing.js.
/** @type {(pen: CanvasRenderingContext2D) => number[]} */
const blocks = (pen) => Array.from(resample(inkOf(pen.getImageData(0, 0, SIDE, SIDE).data), SIDE, 0, 0, SIDE / SIZE), Math.round)

const token = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")

// A black square that is drawn on, and what was drawn.
function paper() {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE })
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }))
  /** @type {number[][][]} */
  let strokes = []
  const redraw = () => {
    pen.fillStyle = "#000"
    pen.fillRect(0, 0, SIDE, SIDE)
    Object.assign(pen, { strokeStyle: "#fff", lineWidth: BRUSH, lineCap: "round", lineJoin: "round" })
    for (const [[x, y], ...rest] of strokes) {
      pen.beginPath()
      pen.moveTo(x, y)
      for (const [right, down] of rest.length ? rest : [[x, y]]) pen.lineTo(right, down)
      pen.stroke()
    }
  }
  const at = (/** @type {PointerEvent} */ event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect()
    const inside = (/** @type {number} */ value) => Math.round(10 * Math.min(SIDE, Math.max(0, value))) / 10
    return [inside(((event.clientX - left) / width) * SIDE), inside(((event.clientY - top) / height) * SIDE)]
  }
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId)
    strokes.push([at(event)])
    redraw()
  }
  canvas.onpointermove = (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return
    strokes.at(-1)?.push(at(event))
    redraw()
  }
  redraw()
  const clear = () => {
    strokes = []
    redraw()
  }
  return { canvas, clear, given: () => ({ ink: blocks(pen), strokes: strokes.filter((each) => each.length) }) }
}

// The dialog: as many digits as one likes.
function writeDigits() {
  const dialog = Object.assign(document.createElement("dialog"), { className: "writing" })
  const heading = made("h2", "")
  const said = made("p", "said")
  said.setAttribute("role", "status")
  const { canvas, clear, given } = paper()
  canvas.setAttribute("aria-label", "Write here")
  let count = 0
  /** @type {Given | null} */
  let unsent = null
  let label = 0 // as the heading says: meanwhile the class may need another one
  const next = () => {
    label = here.me?.asked ?? 0
    write(heading, `Write a ${label}`)
  }
  const send = async () => {
    const drawn = given()
    if (!drawn.strokes.length) return write(said, "Write the digit first.")
    unsent ??= { token: token(), label, ...drawn }
    Object.assign(unsent, drawn)
    try {
      const { asked } = await ask("digit", unsent)
      if (here.me) here.me.asked = asked
      unsent = null
      count += 1
      write(said, `${count} sent. Thank you!`)
      clear()
      next()
    } catch (/** @type {any} */ error) {
      write(said, error.message)
    }
  }
  const tools = made("div", "tools")
  tools.append(button("Clear", clear), button("Send", send), button("Done", () => dialog.close()))
  dialog.append(heading, canvas, tools, said)
  dialog.onclose = () => dialog.remove()
  document.body.append(dialog)
  dress(dialog)
  next()
  dialog.showModal()
  document.addEventListener("nudge-class", () => here.told?.collects || dialog.close(), { signal: closing(dialog) })
}

/** @type {(dialog: HTMLDialogElement) => AbortSignal} */
function closing(dialog) {
  const end = new AbortController()
  dialog.addEventListener("close", () => end.abort())
  return end.signal
}
