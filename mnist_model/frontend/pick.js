// Shows HTML made by the server; clicking an element with data-pick tells the server its value.
const IN_SIGHT = 300 // CSS pixels of it on the screen

// What is shown of the one that was picked, where it is in its place and too little of it can be seen.
function show() {
  const shown = document.querySelector(".st-key-picked")
  const top = shown?.getBoundingClientRect().top ?? 0
  if (top < 0 || top > window.innerHeight - IN_SIGHT) shown?.scrollIntoView({ behavior: "smooth", block: "nearest" })
}

/** @param {Component<string>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".pick"))
  if (place.innerHTML !== data) {
    const focused = place.querySelector(":focus")?.getAttribute("data-pick")
    place.innerHTML = data
    if (focused) /** @type {HTMLElement | null} */ (place.querySelector(`[data-pick="${CSS.escape(focused)}"]`))?.focus()
  }
  if (place.dataset.picked) show()
  delete place.dataset.picked
  place.onclick = (event) => {
    /** @type {HTMLElement | null} */
    const button = /** @type {Element} */ (event.target).closest("[data-pick]")
    if (!button) return
    setTriggerValue("picked", button.dataset.pick)
    if (!button.closest("table.runs, .contest")) place.dataset.picked = "yes" // what is shown of a run is right below
  }
}
