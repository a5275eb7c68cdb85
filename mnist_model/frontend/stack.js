// Shows the editor of a stack of layers, made by the server, and tells it each edit: the name of what was pressed, or of
// what was changed with its value. Whoever goes on with the keyboard finds the focus where it was.
/** @param {Component<string>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const place = part(".stack", parentElement)
  if (place.dataset.shown !== data) {
    const focused = place.querySelector(":focus")?.getAttribute("name")
    place.innerHTML = data
    place.dataset.shown = data
    if (focused) /** @type {HTMLElement | null} */ (place.querySelector(`[name="${focused}"]`))?.focus()
  }
  place.oninput = (event) => {
    const field = /** @type {HTMLInputElement | null} */ (hit(event, "li :is(input, select)"))
    if (field?.checkValidity() && !field.name.endsWith(".kind")) remake(place) // another kind has other fields
  }
  place.onclick = (event) => {
    const button = hit(event, "button")
    if (button) setTriggerValue("edit", button.getAttribute("name"))
  }
  place.onchange = (event) => {
    const field = /** @type {HTMLInputElement | null} */ (hit(event, "input, select"))
    if (field?.reportValidity() && field.value) setTriggerValue("edit", `${field.name}=${field.value}`)
    else if (field?.type === "number") field.value = field.defaultValue
  }
}
