// A network for live.js, by what it is for. It comes in an element of its own, so that a stroke sends no weights.
export default function ({ data }) {
  try {
    const { place, probabilities } = network(data)
    window.nudgeNetworks = { ...window.nudgeNetworks, [place]: probabilities }
  } catch (error) {
    window.nudgeNetworks = {}
    console.warn(`Nudge: no answers while the pen moves: ${error.message}`)
  }
}
