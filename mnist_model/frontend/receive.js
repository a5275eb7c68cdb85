// The network chosen in the sidebar, for live.js. It comes in an element of its own, so that a stroke sends no weights.
export default function ({ data }) {
  try {
    window.nudgeNetwork = network(data)
  } catch (error) {
    window.nudgeNetwork = null
    console.warn(`Nudge: no answers while the pen moves: ${error.message}`)
  }
}
