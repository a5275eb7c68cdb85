// The photo button: the picture is shrunk here, because a phone's has 48 million pixels and the server needs few. What
// the browser can decode (a phone's HEIC, WebP) it sends as a PNG or JPEG; what it cannot, as nothing: the server says so.
const LONGER_SIDE = 840 // pixels: three times the canvas
const SMALL = 100_000 // bytes: such a file goes as it is

/** @type {(file: File) => Promise<string>} */
const address = (file) =>
  new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => done(`${reader.result}`)
    reader.onerror = failed
    reader.readAsDataURL(file)
  })

// A picture upright on white paper, its longer side at most LONGER_SIDE, as a JPEG.
/** @type {(picture: ImageBitmap) => string} */
function shrunk(picture) {
  const scale = Math.min(1, LONGER_SIDE / Math.max(picture.width, picture.height))
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)))
  const canvas = Object.assign(document.createElement("canvas"), { width, height })
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"))
  Object.assign(pen, { fillStyle: "#fff", imageSmoothingQuality: "high" })
  pen.fillRect(0, 0, width, height)
  pen.drawImage(picture, 0, 0, width, height)
  return canvas.toDataURL("image/jpeg", 0.85)
}

/** @type {(file: File) => Promise<string>} */
async function read(file) {
  if (file.size <= SMALL && ["image/png", "image/jpeg"].includes(file.type)) return address(file)
  const picture = await createImageBitmap(file)
  try {
    return shrunk(picture)
  } finally {
    picture.close()
  }
}

/** @param {Component<null>} component */
export default function ({ parentElement, setTriggerValue }) {
  const input = /** @type {HTMLInputElement} */ (part("input", parentElement))
  part("button", parentElement).onclick = () => input.click()
  input.onchange = async () => {
    const file = input.files?.[0]
    if (!file) return
    setTriggerValue("taken", await read(file).catch(() => "data:,"))
    input.value = "" // the same file can be chosen again
  }
}
