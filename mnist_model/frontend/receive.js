// A network for live.js and forward.js, by what it is for. It comes in an element of its own, so that a stroke sends no weights.
/** @param {Component<Uint8Array<ArrayBuffer>>} component */
export default function ({ data }) {
  const page = /** @type {Page} */ (window)
  try {
    const { place, probabilities, ...inside } = network(data)
    page.nudgeNetworks = { ...page.nudgeNetworks, [place]: probabilities }
    if (place !== "chosen") return
    page.nudgeInside = inside
    page.nudgeForward?.()
  } catch (/** @type {any} */ error) {
    page.nudgeNetworks = {}
    delete page.nudgeInside
    console.warn(`Nudge: no answers while the pen moves: ${error.message}`)
  }
}
