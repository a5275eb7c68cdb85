// One image's way through the network, number by number: in the browser, so that all of it follows the pen. The stages are
// made anew each time, and written into the page where they differ.
/** @typedef {{ image: string, source: string, unit: number, opened: number, address: Address }} Followed */

const filled = new WeakMap()

/** @type {(element: Element, html: string) => void} */
function fill(element, html) {
  if (filled.get(element) === html) return
  filled.set(element, html)
  element.innerHTML = html
}

// As many children of a kind as wanted, those that are there first.
/** @type {(place: HTMLElement, count: number, html: string) => HTMLElement[]} */
function children(place, count, html) {
  while (place.children.length > count) place.lastElementChild?.remove()
  while (place.children.length < count) place.insertAdjacentHTML("beforeend", html)
  return /** @type {HTMLElement[]} */ ([...place.children])
}

const SECTION = '<section><h4></h4><div class="figures"></div><p></p><div class="told"></div></section>'
const FIGURE = '<figure><div class="framed"><canvas role="img"></canvas><i></i></div><figcaption></figcaption></figure>'

/** @type {(place: HTMLElement, stages: Stage[]) => void} */
function render(place, stages) {
  children(place, stages.length, SECTION).forEach((section, i) => {
    const { title, figures, says, told = "" } = stages[i]
    write(section.querySelector("h4"), title)
    fill(part("p", section), says)
    fill(part(".told", section), told)
    children(part(".figures", section), figures.length, FIGURE).forEach((figure, j) => draw(figure, figures[j], title))
  })
}

/** @type {(figure: HTMLElement, shown: Figure, name: string) => void} */
function draw(figure, { picture, says, frame, units }, name) {
  const canvas = /** @type {HTMLCanvasElement} */ (part("canvas", figure))
  const { width, height } = picture
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  canvas.getContext("2d")?.putImageData(picture, 0, 0)
  canvas.ariaLabel = name
  figure.classList.toggle("long", width > 10 * height)
  figure.style.setProperty("--aspect", `${width / height}`)
  if (units) figure.dataset.units = `${units}`
  else delete figure.dataset.units
  fill(part("figcaption", figure), says)
  const mark = part("i", figure)
  mark.hidden = !frame
  const of = [width, height, width, height]
  frame?.forEach((value, i) => (mark.style[/** @type {const} */ (["left", "top", "width", "height"])[i]] = `${(100 * value) / of[i]}%`))
}

// Which unit was pressed in the picture of all, if any.
/** @type {(event: MouseEvent) => number | null} */
function pressed(event) {
  const figure = hit(event, "[data-units]")
  const canvas = figure?.querySelector("canvas")
  if (!figure || !canvas) return null
  const { left, top, width, height } = canvas.getBoundingClientRect()
  const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height]
  const unit = Math.floor(y * canvas.height) * canvas.width + Math.floor(x * canvas.width)
  return x >= 0 && x < 1 && y >= 0 && y < 1 && unit < Number(figure.dataset.units) ? unit : null
}

/** @param {Component<Followed>} component */
export default function ({ data, parentElement, setStateValue }) {
  const page = /** @type {Page & { nudgeOpened?: number }} */ (window)
  const [place, input] = [part(".forward", parentElement), /** @type {HTMLInputElement} */ (part("input", parentElement))]
  /** @type {Float32Array} */
  let image = new Float32Array(Uint8Array.from(atob(data.image), (c) => c.charCodeAt(0)).buffer)
  const show = (drawn = image) => {
    image = drawn
    if (!page.nudgeInside) return // it comes
    const { stages, units, unit } = follow(page.nudgeInside, image, data.unit, data.source)
    render(place, stages)
    input.max = `${units - 1}`
    if (document.activeElement !== input) input.value = `${unit}`
  }
  const choose = (/** @type {number | null} */ unit) => unit !== null && setStateValue("unit", unit)
  place.onclick = (event) => choose(pressed(event))
  input.onchange = () => input.value && choose(Math.min(Math.max(Math.round(input.valueAsNumber), 0), Number(input.max)))
  page.nudgeForward = show
  writer.write(data.address)
  show()
  const isElsewhere = document.querySelector('.lesson-root[data-sight]:not([data-sight=""])') // a lesson has scrolled
  const opened = page.nudgeOpened ?? 0
  if (data.opened > opened && !isElsewhere) keepInView(".st-key-forward")
  page.nudgeOpened = Math.max(opened, data.opened)
  return () => {
    if (page.nudgeForward === show) delete page.nudgeForward
  }
}
