// How the page is shown, at a key or a button: P for a projector, H with the answers covered, R lifts the covers. The page
// changes at once; the server is told, for the address. Page Up and Page Down, which a clicker sends, go through a lesson's
// steps or, on a projector, the pages. Kept on the window, with one set of listeners, because Streamlit runs this module
// again and again.
/**
 * @typedef {object} Screen
 * @property {Covers} covers
 * @property {Send} send
 * @property {() => void} update  the buttons and covers, after the state has changed
 * @property {(name: string) => void} press
 */
const page = /** @type {Window & { nudgeScreen?: Screen }} */ (window)
const TYPING = 'input:not([type="range"], [type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"]'
const WORDS = { view: "projector", hide: "answers" } // mnist_model/pages/shared/screen.py
/** @type {Record<string, string>} */
const BUTTONS = { p: "view", h: "hide", r: "reveal" }
/** @type {Record<string, string>} */
const CLICKER = { PageUp: "back", PageDown: "next" }

/** @type {(places: string, send: Send) => Screen} */
function start(places, send) {
  const covers = startCovers(places)
  const observer = new MutationObserver(covers.update)
  /** @type {Screen} */
  const screen = {
    covers,
    send,
    update() {
      for (const name of ["view", "hide"])
        part(`[data-screen="${name}"]`).setAttribute("aria-pressed", `${Boolean(marker().dataset[name])}`)
      part('[data-screen="reveal"]').hidden = !hidden()
      observer.disconnect()
      if (hidden()) observer.observe(document.body, { subtree: true, childList: true, characterData: true })
      covers.update()
    },
    press(name) {
      if (name === "reveal") return covers.toggle()
      const shown = marker().dataset
      shown[name] = shown[name] ? "" : WORDS[/** @type {"view" | "hide"} */ (name)]
      screen.update()
      screen.send("asked", { view: Boolean(shown.view), hide: hidden() })
    },
  }
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || hit(event, TYPING)) return
    const name = BUTTONS[event.key.toLowerCase()]
    if (name ? name === "reveal" && !hidden() : !turn(CLICKER[event.key])) return
    event.preventDefault()
    event.stopPropagation() // R is Streamlit's, too: it would run the page again
    if (name && !event.repeat) screen.press(name)
  }
  document.addEventListener("keydown", onKey, true)
  document.addEventListener("click", rememberTheme, true)
  document.addEventListener("click", (event) => {
    const lesson = hit(event, "[data-lesson]")?.dataset.lesson
    if (lesson) screen.send("asked", { lesson })
  })
  return screen
}

// A lesson's step, or on a projector a page; true where that is what the key is for.
/** @type {(way: string | undefined) => boolean} */
function turn(way) {
  if (!way) return false
  /** @type {HTMLElement[]} */
  const steps = Array.from(document.querySelectorAll("[data-step]"))
  if (steps.some((button) => button.checkVisibility())) steps.find((button) => button.dataset.step === way)?.click()
  else if (!marker().dataset.view) return false
  else {
    const here = pages().findIndex((link) => link.ariaCurrent)
    pages()[here + (way === "next" ? 1 : -1)]?.click()
  }
  return true
}

/** @type {() => HTMLAnchorElement[]} */
const pages = () => Array.from(document.querySelectorAll('a[data-testid="stSidebarNavLink"]'))

// Streamlit remembers a theme for the path at which it was opened: here it is remembered for every page.
/** @type {(event: Event) => void} */
function rememberTheme(event) {
  if (!hit(event, '[data-testid="stMainMenuPopover"]')) return
  const opened = `stActiveTheme-${new URL(performance.getEntriesByType("navigation")[0].name).pathname}-`
  setTimeout(() => {
    for (const [key, theme] of Object.entries(localStorage).filter(([key]) => key.startsWith(opened)))
      for (const { pathname } of pages()) localStorage.setItem(`stActiveTheme-${pathname}-${key.slice(opened.length)}`, theme)
  })
}

/** @param {Component<{ covers: string }>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const screen = (page.nudgeScreen ??= start(data.covers, setTriggerValue))
  screen.send = setTriggerValue
  part(".screens", parentElement).onclick = (event) => {
    const button = hit(event, "button")
    if (button?.dataset.screen) screen.press(button.dataset.screen)
  }
  screen.update()
}
