// Copies the page's address, as others reach it, or shows a QR code of it: mnist_model/pages/shared/share.py and
// server/qr_code.py. Part of the script that every page has.
const LOOPBACK = /^(localhost|127\..*|\[::1\])$/

// Whoever has the page from this machine itself needs the address that the class has.
/** @type {(places: string) => string} */
function link(places) {
  writer.flush()
  const place = LOOPBACK.test(location.hostname) ? places.split(" ")[0] : ""
  return (place || location.origin) + location.pathname + location.search
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

/** @type {(button: Element, address: string) => Promise<void>} */
async function copied(button, address) {
  const said = await copy(address).then(() => "Copied", () => "Not copied")
  write(button, said)
  write(button.parentElement?.querySelector(".spoken"), said)
  setTimeout(() => write(button, "Copy link"), 1500)
}

/** @type {(address: string) => void} */
function showCode(address) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "qr" })
  dialog.innerHTML = '<img alt="The QR code of the address below"><p></p><button>Close</button>'
  part("img", dialog).setAttribute("src", `./qr.svg?of=${encodeURIComponent(address)}`)
  write(part("p", dialog), address)
  dialog.onclick = (event) => (event.target === dialog || hit(event, "button")) && dialog.close()
  dialog.onclose = () => dialog.remove()
  document.body.append(dialog)
  dialog.showModal()
}

document.addEventListener("click", (event) => {
  const button = hit(event, "[data-places] button")
  const small = hit(event, "img.qr")
  if (small instanceof HTMLImageElement) return showCode(small.alt)
  if (!button) return
  const address = link(button.parentElement?.dataset.places ?? "")
  if (button.nextElementSibling?.matches("button")) copied(button, address)
  else showCode(address)
})
