// Copies the page's address, as others reach it, or has the server make a QR code of it and shows that.
/** @typedef {{ places: string[], address: string, code: string }} Shared */
const LOOPBACK = /^(localhost|127\..*|\[::1\])$/

// Whoever has the page from this machine itself needs the address that the class has.
/** @type {(places: string[]) => string} */
function link(places) {
  writer.flush()
  const place = LOOPBACK.test(location.hostname) ? places[0] : undefined
  return (place ?? location.origin) + location.pathname + location.search
}

// Without a certificate, which no classroom has, a browser lets nobody near the clipboard but by hand.
/** @type {(text: string) => Promise<void>} */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const field = Object.assign(document.createElement("textarea"), { value: text })
  document.body.append(field)
  field.select()
  document.execCommand("copy")
  field.remove()
}

/** @param {Component<Shared>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const [copyButton, codeButton, closeButton] = parentElement.querySelectorAll("button")
  const dialog = /** @type {HTMLDialogElement} */ (part("dialog", parentElement))
  copyButton.onclick = async () => {
    const said = await copy(link(data.places)).then(() => "Copied", () => "Not copied")
    write(copyButton, said)
    write(part(".spoken", parentElement), said)
    setTimeout(() => write(copyButton, "Copy link"), 1500)
  }
  codeButton.onclick = () => {
    dialog.dataset.asked = link(data.places)
    setTriggerValue("asked", dialog.dataset.asked)
  }
  /** @type {(code: string, address: string) => void} */
  const show = (code, address) => {
    part("img", dialog).setAttribute("src", code)
    write(part("p", dialog), address)
    dialog.showModal()
  }
  const sidebar = /** @type {HTMLElement} */ (parentElement.closest(".stSidebar"))
  sidebar.onclick = (event) => {
    const small = hit(event, "img.qr")
    if (small instanceof HTMLImageElement) show(small.src, small.alt)
  }
  dialog.onclick = ({ target }) => [dialog, closeButton].some((each) => each === target) && dialog.close()
  if (!data.code || data.address !== dialog.dataset.asked) return
  delete dialog.dataset.asked // Streamlit runs this again with the same data
  show(data.code, data.address)
}
