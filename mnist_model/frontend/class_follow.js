// The lesson's strip in a class: pupils' screens go where the teacher's is, as long as they follow, and uncover what is
// revealed; the teacher's takes them along. What the class is doing is known to class_events.js.

/** @type {(found: InClass, told: Told, place: string, press: (act: string, value?: string) => void) => void} */
function goAlong(found, told, place, press) {
  const at = told.lesson ? `${told.lesson} ${told.step - 1}` : ""
  if (told.joined !== undefined) {
    const [lesson, step] = place.split(" ")
    if (place && place !== at && place !== found.followed) found.ask("teach", { act: "go", lesson, step: Number(step) + 1 }).catch(() => (found.followed = ""))
    found.followed = place
  } else if (told.mode !== "follow") found.followed = ""
  else if (at && at !== found.followed) {
    found.followed = at
    if (at !== place) press("go", at)
  }
  if (found.oldest && found.oldest !== told.oldest) press("again") // what the server shows here may be of erased digits
  found.oldest = told.oldest
  if (at !== place || told.rounds.at(-1)?.phase !== "revealed" || found.revealed === told.asks) return
  found.revealed = told.asks
  const mine = found.me?.votes[told.rounds.length]
  press(mine === undefined ? "show" : "answer", mine)
}

// To be called each time the strip is shown: `press` is the server's.
/** @type {(place: string, press: (act: string, value?: string) => void) => void} */
function beInClass(place, press) {
  const found = /** @type {ClassPage} */ (window).nudgeClass
  if (!found) return
  if (found.follow) document.removeEventListener("nudge-class", found.follow)
  found.follow = () => found.told && goAlong(found, found.told, place, press)
  document.addEventListener("nudge-class", found.follow)
  found.follow()
}

