// Shows HTML made by the server; clicking an element with data-pick tells the server its value.
/** @param {Component<string>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".pick"))
  if (place.innerHTML !== data) place.innerHTML = data
  const shown = document.querySelector(".st-key-picked")
  place.onclick = (event) => {
    /** @type {HTMLElement | null} */
    const button = /** @type {Element} */ (event.target).closest("[data-pick]")
    if (!button) return
    setTriggerValue("picked", button.dataset.pick)
    if (button.closest("table.runs")) return // what is shown of a run is right below
    if (shown && shown.getBoundingClientRect().top > window.innerHeight) shown.scrollIntoView({ behavior: "smooth" })
  }
}
