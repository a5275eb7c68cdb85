// A lesson's strip (mnist_model/render/strip.py): what is pressed there goes to the server, with the step it was pressed
// at, so that a press that comes twice counts once. On phones it opens over the page, and folds into one line.
/** @typedef {{ html: string, place: string }} Strip  the place: which step of which lesson */
const ENTER = "Enter"

/** @param {Component<Strip>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".lesson-root"))
  if (root.innerHTML !== data.html && root.dataset.html !== data.html) root.innerHTML = data.html
  root.dataset.html = data.html
  if (root.dataset.place !== data.place) root.dataset.folded = "no" // a new step is read first
  root.dataset.place = data.place
  /** @type {(button: HTMLElement) => void} */
  const press = ({ dataset, parentElement: place }) => {
    const typed = place?.querySelector("input, textarea")
    const value = typed instanceof HTMLInputElement || typed instanceof HTMLTextAreaElement ? typed.value : dataset.value
    setTriggerValue("pressed", { do: dataset.do, value: value ?? "", place: data.place })
  }
  root.onclick = (event) => {
    const button = hit(event, "button")
    if (button?.dataset.do) press(button)
    else if (button) root.dataset.folded = root.dataset.folded === "yes" ? "no" : "yes"
  }
  root.onkeydown = (event) => {
    const field = hit(event, ".field.number input")
    const button = field?.parentElement?.querySelector("button")
    if (event.key === ENTER && button) press(button)
  }
}
