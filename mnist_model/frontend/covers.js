// What is to be guessed is covered by a "?" (CSS does that, pages/shared/screen.py); a press on a cover lifts it, by touch,
// mouse or Enter, and R lifts all. Another question covers all again: another digit, place, drawing or network.
/**
 * @typedef {object} Covers
 * @property {() => void} update  after the page, or whether there are covers, has changed
 * @property {() => void} toggle  lifts all, or covers all again
 */
const QUESTION = ".answer, .st-key-mover figcaption, .st-key-picked h3, .forward section:first-child figcaption"
const COVER = { role: "button", tabindex: "0", "aria-label": "Covered: press to see" }

const marker = () => part(".screen")
const hidden = () => Boolean(marker().dataset.hide)

const spoken = () => document.querySelector(".screens ~ .spoken")

// Which section of the Shift page is shown.
const section = () => document.querySelector('.st-key-section [aria-checked="true"]')?.textContent

/** @type {(places: string) => Covers} */
function startCovers(places) {
  const lifted = new Set()
  let asked = ""
  let all = false
  /** @type {() => HTMLElement[]} */
  const covers = () => [...document.querySelectorAll(places)].filter((each) => each instanceof HTMLElement)
  // The page may be drawn anew with the same answers: a cover is known by its place.
  /** @type {(cover: Element, i: number) => string} */
  const name = (cover, i) => (cover.closest(".st-key-section ~ *") ? `${section()} ${i}` : `${i}`)
  /** @type {(cover: HTMLElement, isLifted: boolean) => void} */
  const show = (cover, isLifted) => {
    cover.toggleAttribute("data-lifted", isLifted)
    if (cover.closest("button, [aria-hidden=true]")) return
    for (const [attribute, value] of Object.entries(COVER))
      if (!isLifted) cover.setAttribute(attribute, value)
      else if (cover === document.activeElement && attribute === "tabindex") cover.tabIndex = -1
      else cover.removeAttribute(attribute)
  }
  const forget = () => {
    lifted.clear()
    all = false
    write(spoken(), "")
  }
  const update = () => {
    const texts = Array.from(document.querySelectorAll(QUESTION), (each) => each.textContent)
    const question = [marker().dataset.network, ...texts].join("\n")
    if (question !== asked || !hidden()) forget()
    asked = question
    covers().forEach((cover, i) => show(cover, !hidden() || all || lifted.has(name(cover, i))))
  }
  /** @type {(event: Event) => void} */
  const lift = (event) => {
    const cover = hidden() ? hit(event, `:is(${places}):not([data-lifted])`) : null
    if (!cover) return
    event.preventDefault()
    event.stopPropagation()
    lifted.add(name(cover, covers().indexOf(cover)))
    update()
    write(spoken(), cover.innerText)
  }
  document.addEventListener("click", lift, true)
  document.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && lift(event), true)
  return {
    update,
    toggle() {
      const isAll = covers().every((cover) => cover.hasAttribute("data-lifted"))
      forget()
      all = !isAll
      update()
    },
  }
}
