// Arrow keys press the page's Left, Right, Up and Down buttons, also while a slider has the focus.
const BUTTONS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" }

export default function () {
  const press = (event) => {
    const typing = event.target.matches('input:not([type="range"]), textarea, [role="combobox"], [role="radio"]')
    const button = document.querySelector(`.st-key-${BUTTONS[event.key]} button`)
    if (typing || !button || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    button.click()
  }
  document.addEventListener("keydown", press, true)
  return () => document.removeEventListener("keydown", press, true)
}
