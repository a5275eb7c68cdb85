// Shows the editor of a stack of layers, made by the server, and tells it the edits: the name of what was pressed, or of
// what was changed with its value. Whoever goes on with the keyboard finds the focus, and what was typed, where it was.

/** @type {[number, string][]} */
let edits = [] // that the server has not shown yet, numbered: of two in quick succession Streamlit brings the last twice

/** @param {Component<{ html: string, done: number }>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const place = part(".stack", parentElement)
  if (place.dataset.shown === undefined) edits = [] // of another visit
  edits = edits.filter(([number]) => number > data.done)
  if (!edits.length && place.dataset.shown !== data.html) {
    const focused = /** @type {HTMLInputElement | null} */ (place.querySelector(":focus"))
    place.innerHTML = data.html
    place.dataset.shown = data.html
    if (focused) goOn(place, focused)
  }
  const add = (/** @type {string} */ edit) => {
    edits.push([(edits.at(-1)?.[0] ?? data.done) + 1, edit])
    place.dataset.shown = "" // it may no longer be what the server has sent
  }
  const tell = () => edits.length && setTriggerValue("edit", edits)
  place.oninput = (event) => {
    const field = /** @type {HTMLInputElement | null} */ (hit(event, "li :is(input, select)"))
    if (field?.checkValidity() && !field.name.endsWith(".kind")) remake(place) // another kind has other fields
  }
  place.onclick = (event) => {
    const name = hit(event, "button")?.getAttribute("name")
    if (name) {
      add(name)
      const focused = /** @type {HTMLInputElement | null} */ (place.querySelector(":focus"))
      rearrange(place, name)
      if (focused?.isConnected) goOn(place, focused)
    }
    tell()
  }
  place.onchange = (event) => {
    const field = /** @type {HTMLInputElement | null} */ (hit(event, "input, select"))
    if (field?.reportValidity() && field.value) add(`${field.name}=${field.value}`)
    else if (field?.type === "number") field.value = field.defaultValue
    // A button whose press has ended the typing must not be made anew before it is let go.
    if (place.querySelector("button:active")) addEventListener("pointerup", () => setTimeout(tell), { once: true })
    else tell()
  }
}

// The focus, and what is being typed, in the field that has taken the place of another of its name.
/** @type {(place: Element, before: HTMLInputElement) => void} */
function goOn(place, before) {
  const field = /** @type {HTMLInputElement | null} */ (place.querySelector(`[name="${before.name}"]`))
  /** @type {HTMLElement | null | undefined} */
  const next = field?.disabled ? field.parentElement?.querySelector("button:enabled") : field
  next?.focus()
  if (field?.type !== "number" || field.value === before.value) return
  field.value = before.value
  remake(place)
}
