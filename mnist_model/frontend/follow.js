// The page follows the digit at once, while a slider is dragged too: what every network says at each offset came with
// the page and is only looked up here. The server's own answer comes after and is the same; this mirrors
// mnist_model/pages/shift.py and figures.py.
const LOST = 0.005

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))

function shifted(ink, dx, dy) {
  const moved = new Uint8ClampedArray(SIZE * SIZE)
  for (let y = Math.max(0, dy); y < SIZE + Math.min(0, dy); y++)
    for (let x = Math.max(0, dx); x < SIZE + Math.min(0, dx); x++) moved[y * SIZE + x] = ink[(y - dy) * SIZE + x - dx]
  return moved
}

function answers(said, { names, chosen }, lab) {
  names.forEach((name, i) => {
    const [before, after] = said(i)
    const changed = best(after) !== best(before)
    const card = lab.querySelector(`[data-remedy="${CSS.escape(name)}"]`)
    write(card?.querySelector(".says"), `${best(after)}`)
    write(card?.querySelector(".sure"), percent(after[best(after)]))
    card?.classList.toggle("changed", changed)
    card?.querySelectorAll(".columns i").forEach((column, digit) => column.style.setProperty("--p", after[digit] / 1000))
    if (name !== chosen) return
    const answer = lab.querySelector(".answer")
    answer.classList.toggle("changed", changed)
    write(answer.querySelector(".digit"), `${best(after)}`)
    write(answer.querySelector("b"), percent(after[best(after)]))
    write(answer.querySelector(".note"), changed ? `says ${name}; it said ${best(before)} before` : `says ${name}, as before`)
    bars(after, lab.querySelectorAll(".below figure:last-child .bar"))
  })
}

function picture({ ink }, dx, dy, lab) {
  const moved = shifted(ink, dx, dy)
  const sum = (levels) => levels.reduce((a, b) => a + b, 0)
  const lost = 1 - sum(moved) / (sum(ink) || 1)
  const gone = `${Math.round(100 * lost)} % of the ink has left the frame. No network can see what is gone.`
  lab.querySelector(".grab img").src = png(moved)
  write(lab.querySelector(".grab + figcaption"), `shifted by (${dx}, ${dy})`)
  write(lab.querySelector("div.lost"), lost >= LOST ? gone : "")
}

function follow(data, lab, dx, dy) {
  const marked = lab.querySelector(".answers")
  if (!marked || (marked.style.getPropertyValue("--dx") === `${dx}` && marked.style.getPropertyValue("--dy") === `${dy}`)) return
  const cell = (dx, dy) => 10 * ((dy + data.reach) * (2 * data.reach + 1) + dx + data.reach)
  const network = (i) => data.permille.subarray(i * 10 * (2 * data.reach + 1) ** 2)
  const at = (i, start) => Array.from(network(i).subarray(start, start + 10))
  answers((i) => [at(i, cell(0, 0)), at(i, cell(dx, dy))], data, lab)
  picture(data, dx, dy, lab)
  lab.querySelectorAll("[data-follows]").forEach((element) => {
    element.style.setProperty("--dx", dx)
    element.style.setProperty("--dy", dy)
  })
}

// What the server packed: the digit's ink, 0–255, and what each network says at each offset, in thousandths.
async function unpacked(data) {
  const stream = new Blob([bytes(data.permille)]).stream().pipeThrough(new DecompressionStream("deflate"))
  return { ...data, ink: bytes(data.ink), permille: new Uint16Array(await new Response(stream).arrayBuffer()) }
}

