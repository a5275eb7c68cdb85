// The class's page: for the teacher its address to be photographed, and what leads it; for all the wall of its digits,
// which is asked for digit by digit as they come.
/** @typedef {{ places: string[] }} Where */

const CLOSED = "The wall of your own digits opens when the teacher opens it."
const ERASE = "Erase all votes and digits of this class? Nothing can bring them back. Networks that have learned from the digits stay."
const EARLIER = "earlier lesson" // mnist_model/classroom/people.py
const PATIENCE = 2000 // ms until it is asked again for what could not be had

/** @type {(markup: string) => HTMLElement} */
function element(markup) {
  const place = document.createElement("div")
  place.innerHTML = markup
  return /** @type {HTMLElement} */ (place.firstElementChild)
}

/** @type {(digit: OnTheWall, isTeacher: boolean) => HTMLElement} */
function onTheWall({ id, label, ink, code, says, name, paint }, isTeacher) {
  const levels = Uint8Array.from(atob(ink), (character) => character.charCodeAt(0))
  const said = Object.entries(says).map(([network, digit]) => {
    const judged = digit === label ? "right" : "wrong"
    return `<span class="${judged}">${network} <b>${digit}</b></span>`
  })
  const hide = '<span class="hide"><button data-all="">Hide</button><button data-all="yes">All of theirs</button></span>'
  return element(`<figure data-id="${id}" style="--paint:${paint}"><a href="./shift?digit=${code}" title="Nudge it"><img class="pixels" src="${png(levels)}" alt="digit by the ${name}"></a>
    <figcaption><i title="${name}"></i><span class="tells"><span>${name === EARLIER ? "earlier, " : ""}${label}: ${said.join(" ")}</span></span></figcaption>${isTeacher ? hide : ""}</figure>`)
}

// A file of an earlier lesson's digits: asked for, and sent as it is. What was said of it is said.
/** @type {(say: (text: string) => void) => void} */
function load(say) {
  const input = Object.assign(document.createElement("input"), { type: "file", accept: ".npz" })
  input.onchange = async () => say(await sent(/** @type {FileList} */ (input.files)[0]))
  input.click()
}

/** @type {(file: File) => Promise<string>} */
async function sent(file) {
  const request = { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file }
  const answer = await fetch("./api/load", request).catch(() => null)
  const said = await answer?.json().catch(() => ({}))
  if (!answer?.ok) return said?.error ?? "The class cannot be reached: once more, please."
  return `${said.digits} digits of an earlier lesson, ${said.new} of them new here.`
}

/** @type {(told: Told, where: Where) => string} */
function head(told, { places }) {
  const where = places.map((place) => `<figure><img src="./qr.svg?of=${encodeURIComponent(place)}" alt="QR code"><figcaption>${place}</figcaption></figure>`)
  const press = (/** @type {string} */ act, /** @type {boolean} */ on, /** @type {string[]} */ [start, stop]) =>
    `<button data-act="${act}" data-on="${on ? "" : "yes"}"${on ? ' aria-pressed="true"' : ""}>${on ? stop : start}</button>`
  return `<div class="invitation">${where.join("")}<div><p><b>${told.joined}</b> joined</p><p><b>${told.digits}</b> digits written</p>
    <div class="tools">${press("collect", told.collects, ["Ask for digits", "Enough digits"])}${press("gate", told.gate_open, ["Open the wall", "Close the wall"])}
    <button data-act="load">Load an earlier lesson</button>
    <button data-act="erase">Erase everything of this class</button></div></div></div>`
}

let again = 0 // a look at a server that did not answer

/** @type {(room: HTMLElement, found: InClass, where: Where) => Promise<void>} */
async function show(room, found, where) {
  const { told } = found
  if (!told) return
  if (!room.children.length) room.innerHTML = `<div></div><p class="said" role="status"></p><div class="wall"></div><p class="closed">${CLOSED}</p>`
  const isTeacher = told.joined !== undefined
  const top = room.children[0]
  const wall = part(".wall", room)
  const markup = isTeacher ? head(told, where) : ""
  if (room.dataset.head !== markup) top.innerHTML = room.dataset.head = markup
  part(".closed", room).hidden = told.gate_open
  const gone = `${told.hidden} ${told.oldest}` // another where digits were hidden, or all were erased
  if (!told.gate_open || room.dataset.gone !== gone) {
    wall.replaceChildren()
    delete room.dataset.last
    room.dataset.gone = gone
  }
  if (!told.gate_open) return
  const after = Number(room.dataset.last ?? 0)
  const { digits } = await found.ask("wall", { after }).catch(() => {
    clearTimeout(again)
    again = setTimeout(show, PATIENCE, room, found, where)
    return { digits: [] }
  })
  if (room.dataset.gone !== gone || Number(room.dataset.last ?? 0) !== after) return // erased by now, or asked twice
  for (const digit of /** @type {OnTheWall[]} */ (digits)) {
    wall.prepend(onTheWall(digit, isTeacher))
    room.dataset.last = `${digit.id}`
  }
  if (digits.length) show(room, found, where)
}

/** @type {(event: Event, found: InClass, say: (text: string) => void) => void} */
function press(event, found, say) {
  const button = hit(event, "button")
  const digit = hit(event, "[data-id]")
  if (!button) return
  const { act, all, on } = button.dataset
  if (act === "load") return load(say)
  if (act === "erase" && !confirm(ERASE)) return
  const wish = digit ? { act: "hide", id: Number(digit.dataset.id), all: Boolean(all) } : { act, on: Boolean(on) }
  found.ask("teach", wish).then(() => say(""), (error) => say(error.message))
}

/** @param {Component<Where>} component */
export default function ({ data, parentElement }) {
  const found = /** @type {ClassPage} */ (window).nudgeClass
  if (!found) return
  const room = part(".class-room", parentElement)
  const follow = () => show(room, found, data)
  const say = (/** @type {string} */ text) => (part(".said", room).textContent = text)
  room.onclick = (event) => press(event, found, say)
  document.addEventListener("nudge-class", follow)
  follow()
  return () => document.removeEventListener("nudge-class", follow)
}
