// What the class is doing, as the server tells it: one stream for this window (mnist_model/server/listeners.py), and the
// way to ask for something (class_routes.py). Whoever shows something of it listens to "nudge-class" on the document.
/** @typedef {{ answer: string, text: string, votes: number, right: boolean | null }} Bar  mnist_model/classroom/questions.py */
/** @typedef {{ number: number, phase: "open" | "closed" | "revealed", bars?: Bar[] }} Round */
/** @typedef {{ ask: string, kind: "choice" | "number" | "digit" | "text", choices: string[] }} Asked */
/**
 * @typedef {object} Told  mnist_model/classroom/view.py
 * @property {string} lesson
 * @property {number} step  from 1
 * @property {string} asks  the name of the step's question
 * @property {string} [heading]
 * @property {Asked | null} [question]
 * @property {Round[]} rounds
 * @property {"free" | "follow" | "eyes up"} mode
 * @property {boolean} collects
 * @property {boolean} gate_open
 * @property {number} hidden  digits
 * @property {number} oldest  the first digit's id, 0 where there is none: another once the class was erased
 * @property {number} [joined]  to the teacher only, as are the next two
 * @property {Record<string, number>} [answered]  in each round
 * @property {number} [digits]
 */
/** @typedef {{ animal: string, name: string, paint: string, votes: Record<string, string>, asked: number }} Me */
/** @typedef {(act: string, sent: object) => Promise<any>} Ask  rejects with a sentence */
/** @typedef {{ id: number, label: number, ink: string, code: string, says: Record<string, number>, name: string, paint: string }} OnTheWall */
/**
 * @typedef {object} InClass  what this window knows of its class; on the window, for the components of pages
 * @property {Told | null} told
 * @property {Me | null} me
 * @property {boolean} lost
 * @property {Ask} ask
 * @property {string} [followed]  the step that this window has last gone to, or taken the class to: class_follow.js
 * @property {string} [revealed]  the question whose answer it has last uncovered
 * @property {number} [oldest]  the class's first digit, as the server has last shown this page
 * @property {() => void} [follow]  what listens there
 */
/** @typedef {Window & { nudgeClass?: InClass }} ClassPage */
const PAUSE = 1000 // ms at least until a lost connection is tried again; all of a class do not come at once
const classPage = /** @type {ClassPage} */ (window)

/** @type {InClass} */
const here = (classPage.nudgeClass = { told: null, me: null, lost: false, ask })

/** @type {Ask} */
async function ask(act, sent) {
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) }
  const answer = await fetch(`./api/${act}`, request).catch(() => null)
  if (!answer) throw new Error("The class cannot be reached: once more, please.")
  const said = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(said.error ?? "The class cannot be reached: once more, please.")
  return said
}

const changed = () => document.dispatchEvent(new CustomEvent("nudge-class"))

/** @type {(oldest: number | undefined, told: Told) => boolean} */
const wasErased = (oldest, told) => Boolean(oldest) && oldest !== told.oldest

// Which question the class's own votes are known of.
let asks = ""

/** @type {(told: Told) => Promise<void>} */
async function hear(told) {
  const isErased = wasErased(here.told?.oldest, told)
  Object.assign(here, { told, lost: false })
  if (told.asks !== asks || !here.me || isErased) {
    const me = await ask("join", {}).catch(() => null)
    if (me) {
      here.me = me
      asks = told.asks
    } else if (here.me) here.me.votes = {} // they are of another question
  }
  changed()
}

async function listen() {
  const joined = await ask("join", {}).catch(() => null) // so that the browser has its name before the stream begins
  const again = () => {
    here.lost = true
    changed()
    setTimeout(listen, PAUSE * (1 + 2 * Math.random()))
  }
  if (!joined) return again()
  here.me = joined
  const stream = new EventSource("./api/events")
  stream.onmessage = ({ data }) => hear(JSON.parse(data))
  stream.onerror = () => {
    stream.close()
    again()
  }
}

const isClass = Boolean(document.querySelector('meta[name="nudge-class"]'))
if (isClass) listen()
