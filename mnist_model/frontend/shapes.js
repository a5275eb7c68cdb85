// What each layer in the editor of a stack makes, as soon as a field is changed: mnist_model/networks/stack.py, which has
// the last word, and says what is wrong where a layer does not fit.

// The layers' shapes and parameters, as far as they fit.
/** @type {(rows: { kind: string, fields: Record<string, string> }[]) => { shape: number[], parameters: number }[]} */
function walk(rows) {
  let shape = [28, 28, 1]
  const made = []
  for (const { kind, fields } of rows) {
    const count = shape.reduce((product, side) => product * side)
    if (kind !== "Dropout" && (shape.length === 1) !== (kind === "Dense")) break
    let parameters = 0
    if (kind === "Dense") [parameters, shape] = [(count + 1) * +fields.units, [+fields.units]]
    else if (kind === "Flatten") shape = [count]
    else if (kind.startsWith("Global")) shape = [shape[2]]
    else if (kind === "ZeroPadding2D") shape = [...shape.slice(0, 2).map((side) => side + +fields.before + +fields.after), shape[2]]
    else if (kind !== "Dropout") {
      const [size, stride, padding] = kind === "BlurPool2D" ? [3, 2, "same"] : [+(fields.kernel ?? fields.size), +fields.stride, fields.padding]
      const out = padding === "same" ? 0 : size - 1
      if (out >= Math.min(shape[0], shape[1])) break
      const sides = shape.slice(0, 2).map((side) => Math.ceil((side - out) / stride))
      if (fields.filters) parameters = (size ** 2 * shape[2] + 1) * +fields.filters
      shape = [...sides, +(fields.filters ?? shape[2])]
    }
    made.push({ shape, parameters })
  }
  return made
}

// Write what is made into the rows of the editor.
/** @type {(place: Element) => void} */
function remake(place) {
  const items = [...place.querySelectorAll("li")]
  const rows = items.map((item) => {
    const [kind, ...fields] = /** @type {NodeListOf<HTMLInputElement>} */ (item.querySelectorAll("select, input"))
    const named = fields.map((field) => [field.name.replace(/.*\./, ""), field.value])
    return kind ? { kind: kind.value, fields: Object.fromEntries(named) } : { kind: "Dense", fields: { units: "10" } }
  })
  const made = walk(rows)
  items.forEach((item, i) => {
    const [shape, parameters] = [made[i]?.shape.join("×"), made[i]?.parameters]
    const said = shape ? `→ <b>${shape}</b>, ${parameters.toLocaleString("en")} parameter${parameters === 1 ? "" : "s"}` : ""
    part("span", item).innerHTML = said
  })
}

// Move or remove the layer whose button of this name was pressed, as the server will: its row, and all rows' numbers.
/** @type {(place: Element, name: string) => void} */
function rearrange(place, name) {
  const [at, act] = name.split(".")
  const rows = [...place.querySelectorAll("li")]
  const row = rows[Number(at)]
  if (act === "up") rows[Number(at) - 1].before(row)
  else if (act === "down") rows[Number(at) + 1].after(row)
  else if (act === "remove") row.remove()
  else return
  for (const alert of place.querySelectorAll("li p")) alert.remove() // the server says it again where it is still so
  place.querySelectorAll("li:not(:last-child)").forEach(renumber)
  remake(place)
}

/** @type {(row: Element, i: number, rows: NodeListOf<Element>) => void} */
function renumber(row, i, rows) {
  for (const part of row.querySelectorAll("[name]")) {
    const [act, label] = [part.getAttribute("name")?.replace(/^\d+/, ""), part.getAttribute("aria-label")]
    part.setAttribute("name", `${i}${act}`)
    if (label) part.setAttribute("aria-label", label.replace(/\d+$/, `${i + 1}`))
    part.toggleAttribute("disabled", (act === ".up" && i === 0) || (act === ".down" && i === rows.length - 1))
  }
}
