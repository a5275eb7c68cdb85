// A lesson's strip (mnist_model/render/strip.py): what is pressed there goes to the server, with the step it was pressed
// at, so that a press that comes twice counts once. It folds into one line, on a phone as soon as the page is pressed or
// drawn on, which it covers half of; a new step is unfolded, to be read first, and has what it is about in sight.
/** @typedef {{ html: string, place: string, sight?: string }} Strip  which step of which lesson; what is to be in sight */
const PHONE = "(max-width: 640px), (max-height: 500px)" // as in assets/style.css

/** @param {Component<Strip>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const [root, main] = [part(".lesson-root", parentElement), part('[data-testid="stMain"]')]
  if (root.dataset.html !== data.html) root.innerHTML = data.html
  if (root.dataset.place !== data.place) {
    root.dataset.folded = "no"
    main.scrollTo(0, 0)
    if (data.sight) keepInView(data.sight)
  }
  Object.assign(root.dataset, { html: data.html, place: data.place, sight: data.sight ?? "" })
  /** @type {(button: HTMLElement) => void} */
  const press = ({ dataset, parentElement: place }) => {
    /** @type {HTMLInputElement | HTMLTextAreaElement | null} */
    const typed = place?.querySelector("input, textarea") ?? null
    setTriggerValue("pressed", { do: dataset.do, value: typed?.value ?? dataset.value ?? "", place: data.place })
  }
  root.onclick = (event) => {
    const button = hit(event, "button")
    if (button?.dataset.do) press(button)
    else if (button) root.dataset.folded = root.dataset.folded === "yes" ? "no" : "yes"
  }
  main.onpointerdown = main.onpointerup = (event) => {
    const [touched] = event.composedPath()
    const acts = event.type === "pointerup" || (touched instanceof Element && touched.matches("canvas.upper-canvas"))
    if (acts && !hit(event, ".lesson-root") && matchMedia(PHONE).matches) root.dataset.folded = "yes"
  }
  beInClass(data.place, (act, value = "") => setTriggerValue("pressed", { do: act, value, place: data.place }))
  root.onkeydown = (event) => {
    const button = event.key === "Enter" && hit(event, ".field input")?.parentElement?.querySelector("button")
    if (button) press(button)
  }
}
