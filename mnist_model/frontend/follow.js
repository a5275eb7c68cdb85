// The page follows the digit at once, while a slider is dragged too: what every network says at each offset came with
// the page and is only looked up here. The server's own answer comes after and is the same; this mirrors
// mnist_model/pages/shift/answers.py, pages/shift/mover.py and render/answers.py.
/** @typedef {{ names: string[], chosen: string, label: number | null, ink: Uint8Array, permille: Uint16Array }} Places */
const LOST = 0.005 // of the ink: mnist_model/images/shifting.py
const REACH = 14 // how far a digit can be moved, in pixels: FURTHEST there

// The digit moved: mnist_model/images/shifting.py.
/** @type {(ink: Uint8Array, dx: number, dy: number) => Uint8Array} */
function shifted(ink, dx, dy) {
  const moved = new Uint8Array(SIZE * SIZE)
  for (let y = Math.max(0, dy); y < SIZE + Math.min(0, dy); y++)
    for (let x = Math.max(0, dx); x < SIZE + Math.min(0, dx); x++) moved[y * SIZE + x] = ink[(y - dy) * SIZE + x - dx]
  return moved
}

// Right or wrong where the label is known, and whether it was another answer before: mnist_model/render/answers.py.
/** @type {(element: Element, answer: number, label: number | null, changed: boolean) => void} */
function judge(element, answer, label, changed) {
  element.classList.toggle("right", answer === label)
  element.classList.toggle("wrong", label !== null && answer !== label)
  element.classList.toggle("changed", changed)
}

// What every network said before and says after: mnist_model/pages/shift/answers.py.
/** @type {(said: (i: number) => number[][], places: Places, lab: HTMLElement) => void} */
function answers(said, { names, chosen, label }, lab) {
  names.forEach((name, i) => {
    const [before, after] = said(i)
    const changed = best(after) !== best(before)
    /** @type {HTMLElement | null} */
    const card = lab.querySelector(`[data-remedy="${CSS.escape(name)}"]`)
    write(card?.querySelector(".says"), `${best(after)}`)
    write(card?.querySelector(".sure"), probability(after[best(after)]))
    if (card) judge(card, best(after), label, changed)
    const short = lab.querySelector(`[data-short="${CSS.escape(name)}"]`)
    write(short?.querySelector("b"), `${best(after)}`)
    if (short) judge(short, best(after), label, changed)
    /** @type {NodeListOf<HTMLElement> | undefined} */
    const columns = card?.querySelectorAll(".columns i")
    columns?.forEach((column, digit) => column.style.setProperty("--p", `${after[digit] / 1000}`))
    if (name !== chosen) return
    const answer = part(".answer", lab)
    judge(answer, best(after), label, changed)
    write(answer.querySelector(".digit"), `${best(after)}`)
    write(answer.querySelector("b"), probability(after[best(after)]))
    write(answer.querySelector(".note"), changed ? `says ${name}; it said ${best(before)} before` : `says ${name}, as before`)
    bars(after, lab.querySelectorAll(".below figure:last-child .bar"))
  })
}

// The digit, and a word where ink has left: mnist_model/pages/shift/mover.py.
/** @type {(places: Places, dx: number, dy: number, lab: HTMLElement) => void} */
function picture({ ink }, dx, dy, lab) {
  const moved = shifted(ink, dx, dy)
  const sum = (/** @type {Uint8Array} */ levels) => levels.reduce((a, b) => a + b, 0)
  const lost = 1 - sum(moved) / (sum(ink) || 1)
  const gone = `${percent(lost, 0)} of the ink has left the frame. No network can see what is gone.`
  part(".grab img", lab).setAttribute("src", png(moved))
  write(lab.querySelector(".grab + figcaption"), `shifted by (${dx}, ${dy})`)
  write(lab.querySelector("div.lost"), lost >= LOST ? gone : "")
}

/** @type {(places: Places, lab: HTMLElement, dx: number, dy: number) => void} */
function follow(data, lab, dx, dy) {
  /** @type {HTMLElement | null} */
  const marked = lab.querySelector(".answers")
  if (!marked || (marked.style.getPropertyValue("--dx") === `${dx}` && marked.style.getPropertyValue("--dy") === `${dy}`)) return
  const side = 2 * REACH + 1
  const at = (/** @type {number} */ i, dx = 0, dy = 0) => {
    const start = 10 * ((i * side + dy + REACH) * side + dx + REACH)
    return Array.from(data.permille.subarray(start, start + 10))
  }
  answers((i) => [at(i), at(i, dx, dy)], data, lab)
  picture(data, dx, dy, lab)
  /** @type {NodeListOf<HTMLElement>} */
  const following = lab.querySelectorAll("[data-follows]")
  following.forEach((element) => {
    element.style.setProperty("--dx", `${dx}`)
    element.style.setProperty("--dy", `${dy}`)
  })
}

// What the server packed (bytes), mnist_model/pages/shift/shifted_digit.py: the digit's ink, 0–255, and what each network
// says at each offset, in thousandths.
/** @type {(packed: Uint8Array<ArrayBuffer>) => Promise<Places>} */
async function unpacked(packed) {
  const start = 4 + new DataView(packed.buffer, packed.byteOffset).getUint32(0, true)
  const named = JSON.parse(new TextDecoder().decode(packed.subarray(4, start)))
  const stream = new Blob([packed.subarray(start)]).stream().pipeThrough(new DecompressionStream("deflate"))
  const content = await new Response(stream).arrayBuffer()
  return { ...named, ink: new Uint8Array(content, 0, SIZE * SIZE), permille: new Uint16Array(content, SIZE * SIZE) }
}

