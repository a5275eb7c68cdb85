// Shows HTML made by the server; clicking an element with data-pick tells the server its value.
export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".pick")
  if (place.innerHTML !== data) place.innerHTML = data
  place.onclick = (event) => {
    const button = event.target.closest("[data-pick]")
    if (!button) return
    setTriggerValue("picked", button.dataset.pick)
    if (button.closest("table.runs")) return // what is shown of a run is right below
    const shown = document.querySelector(".st-key-picked")
    if (shown?.getBoundingClientRect().top > window.innerHeight) shown.scrollIntoView({ behavior: "smooth" })
  }
}
