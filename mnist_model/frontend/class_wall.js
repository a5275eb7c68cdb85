// The class's page: for the teacher its address to be photographed, and what leads it; for all the wall of its digits,
// which is asked for digit by digit as they come.
/** @typedef {{ places: string[] }} Where */

const CLOSED = "The wall of your own digits opens when the teacher opens it."
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
  return element(`<figure data-id="${id}" style="--paint:${paint}"><a href="./shift?digit=${code}" title="Nudge it"><img class="pixels" src="${png(levels)}" alt="a ${label} by the ${name}"></a>
    <figcaption><i title="${name}"></i>${label}: ${said.join(" ")}</figcaption>${isTeacher ? hide : ""}</figure>`)
}

/** @type {(told: Told, where: Where) => string} */
function head(told, { places }) {
  const where = places.map((place) => `<figure><img src="./qr.svg?of=${encodeURIComponent(place)}" alt="QR code"><figcaption>${place}</figcaption></figure>`)
  const press = (/** @type {string} */ act, /** @type {boolean} */ on, /** @type {string[]} */ [start, stop]) =>
    `<button data-act="${act}" data-on="${on ? "" : "yes"}"${on ? ' aria-pressed="true"' : ""}>${on ? stop : start}</button>`
  return `<div class="invitation">${where.join("")}<div><p><b>${told.joined}</b> joined</p><p><b>${told.digits}</b> digits written</p>
    <div class="tools">${press("collect", told.collects, ["Ask for digits", "Enough digits"])}${press("gate", told.gate_open, ["Open the wall", "Close the wall"])}
    <button data-act="erase">Erase everything of this class</button></div></div></div>`
}

/** @type {(room: HTMLElement, found: InClass, where: Where) => Promise<void>} */
async function show(room, found, where) {
  const { told } = found
  if (!told) return
  if (!room.children.length) room.innerHTML = `<div></div><div class="wall"></div><p class="closed">${CLOSED}</p>`
  const isTeacher = told.joined !== undefined
  const [top, wall] = room.children
  const markup = isTeacher ? head(told, where) : ""
  if (room.dataset.head !== markup) top.innerHTML = room.dataset.head = markup
  part(".closed", room).hidden = told.gate_open
  if (!told.gate_open || room.dataset.hidden !== `${told.hidden}`) {
    wall.replaceChildren() // what has been hidden, too
    delete room.dataset.last
    room.dataset.hidden = `${told.hidden}`
  }
  if (!told.gate_open) return
  const after = Number(room.dataset.last ?? 0)
  const { digits } = await found.ask("wall", { after }).catch(() => setTimeout(show, PATIENCE, room, found, where) && { digits: [] })
  if (Number(room.dataset.last ?? 0) !== after) return // asked twice
  for (const digit of /** @type {OnTheWall[]} */ (digits)) {
    wall.prepend(onTheWall(digit, isTeacher))
    room.dataset.last = `${digit.id}`
  }
  if (digits.length) show(room, found, where)
}

/** @type {(event: Event, found: InClass) => void} */
function press(event, found) {
  const button = hit(event, "button")
  const digit = hit(event, "[data-id]")
  if (!button) return
  if (digit) {
    const name = part("img", digit).getAttribute("alt")?.split(" by ")[1]
    const theirs = [...(digit.parentElement?.children ?? [])].filter((each) => part("img", each).getAttribute("alt")?.endsWith(` by ${name}`))
    const gone = button.dataset.all ? theirs : [digit]
    found.ask("teach", { act: "hide", id: Number(digit.dataset.id), all: Boolean(button.dataset.all) }).then(() => gone.forEach((each) => each.remove()))
    return
  }
  const act = button.dataset.act
  if (act === "erase" && !confirm("Erase all votes and digits of this class? Nothing can bring them back.")) return
  found.ask("teach", { act, on: Boolean(button.dataset.on) })
}

/** @param {Component<Where>} component */
export default function ({ data, parentElement }) {
  const found = /** @type {ClassPage} */ (window).nudgeClass
  if (!found) return
  const follow = () => show(part(".class-room", parentElement), found, data)
  part(".class-room", parentElement).onclick = (event) => press(event, found)
  document.addEventListener("nudge-class", follow)
  follow()
  return () => document.removeEventListener("nudge-class", follow)
}
