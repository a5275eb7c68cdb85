// Four arrow buttons and one for the middle; the arrow keys do the same, also while a slider has the focus.
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export default function ({ parentElement, setTriggerValue }) {
  const pressed = (event) => {
    const typing = event.target.matches('input:not([type="range"]), textarea, [role="combobox"], [role="radio"]')
    const step = KEYS[event.key]
    if (typing || !step || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    setTriggerValue("step", step)
  }
  parentElement.querySelector(".arrows").onclick = (event) => {
    const button = event.target.closest("button")
    if (button) setTriggerValue("step", KEYS[button.dataset.key] ?? "middle")
  }
  document.addEventListener("keydown", pressed, true)
  return () => document.removeEventListener("keydown", pressed, true)
}
