// The class on every page: who one is, the vote, what the projector shows of it, "eyes up"; and for the teacher, what
// leads the class. Made here and nowhere else, so that neither a vote nor a teacher's step costs a run on the server.
const bar = Object.assign(document.createElement("aside"), { className: "class-bar", hidden: true })
bar.setAttribute("aria-label", "Class")
const cover = Object.assign(document.createElement("div"), { className: "eyes-up", hidden: true })
cover.innerHTML = "<p>Eyes up: look at the projector.</p>"

/** @type {(name: string, className: string, text?: string) => HTMLElement} */
const made = (name, className, text = "") => Object.assign(document.createElement(name), { className, textContent: text })

// What is not within Streamlit's page has its theme, too.
/** @type {(element: HTMLElement) => void} */
function dress(element) {
  const app = document.querySelector(".stApp")
  if (app) element.style.colorScheme = getComputedStyle(app).colorScheme
}

/** @type {(told: Told) => boolean} */
const isTeacher = (told) => told.joined !== undefined

/** @type {(label: string, press: () => unknown, isOn?: boolean) => HTMLButtonElement} */
function button(label, press, isOn = false) {
  const found = Object.assign(document.createElement("button"), { textContent: label })
  if (isOn) found.setAttribute("aria-pressed", "true")
  found.onclick = press
  return found
}

// One sentence where something was refused, until the next change.
let refused = ""
/** @type {(act: string, sent: object, then?: (said: any) => void) => Promise<void>} */
async function tryTo(act, sent, then = () => {}) {
  refused = ""
  await ask(act, sent).then(then, (error) => (refused = error.message))
  changed()
}

/** @type {(act: string, sent?: object) => () => Promise<void>} */
const lead = (act, sent = {}) => () => tryTo("teach", { act, ...sent })

/** @type {(round: Round, mine: string | undefined, isLast: boolean) => HTMLElement} */
function result(round, mine, isLast) {
  const place = made("div", "round")
  if (!isLast || round.number > 1) place.append(made("h3", "", `Round ${round.number}`))
  const most = Math.max(1, ...(round.bars ?? []).map((each) => each.votes))
  for (const each of round.bars ?? []) {
    const row = made("div", "vote-row")
    if (each.right !== null) row.classList.add(each.right ? "right" : "wrong")
    if (each.answer === mine) row.classList.add("mine")
    const track = made("i", "track")
    track.style.setProperty("--part", `${each.votes / most}`)
    row.append(made("span", "text", each.text), track, made("b", "", `${each.votes}`))
    place.append(row)
  }
  return place
}

// What answers a question: each press is a vote, and the last one counts.
/** @type {(told: Told, round: Round, mine: string | undefined) => HTMLElement} */
function ballot(told, round, mine) {
  const { kind, choices } = /** @type {Asked} */ (told.question)
  const place = made("div", `ballot ${kind}`)
  const vote = (/** @type {string} */ answer) =>
    tryTo("vote", { question: told.asks, round: round.number, answer }, (said) => {
      if (here.me) here.me.votes[round.number] = said.answer
    })
  const offered = kind === "choice" ? choices.map((text, i) => [`${i}`, text]) : kind === "digit" ? [..."0123456789"].map((each) => [each, each]) : []
  for (const [answer, text] of offered) place.append(button(text, () => vote(answer), answer === mine))
  if (offered.length) return place
  const field = Object.assign(document.createElement("input"), { value: mine ?? "", maxLength: 200, ariaLabel: "Your answer" })
  if (kind === "number") field.inputMode = "decimal"
  place.append(field, button("Send", () => vote(field.value)))
  return place
}

// The question on a pupil's screen, as far as it goes.
/** @type {(told: Told, me: Me) => HTMLElement[]} */
function question(told, me) {
  const round = told.rounds.at(-1)
  if (!round || !told.question) return []
  const mine = me.votes[round.number]
  const parts = [made("h2", "", told.question.ask)]
  if (round.phase === "open") parts.push(ballot(told, round, mine))
  if (round.phase === "open" && mine !== undefined) parts.push(made("p", "note", "Sent. You may still change it."))
  if (round.phase === "closed") parts.push(made("p", "note", "The vote is closed."))
  const revealed = told.rounds.filter((each) => each.bars)
  if (!revealed.length) return parts
  const own = revealed.at(-1)?.bars?.find((each) => each.answer === mine)
  if (own && own.right !== null) parts.push(made("p", own.right ? "verdict right" : "verdict wrong", own.right ? "You were right." : "Not quite."))
  return [...parts, ...revealed.map((each) => result(each, me.votes[each.number], revealed.length === 1))]
}

// What the teacher leads with, and, once it is revealed, what the projector shows.
/** @type {(told: Told) => HTMLElement[]} */
function desk(told) {
  const round = told.rounds.at(-1)
  const row = made("div", "desk")
  for (const [label, mode] of [["Follow me", "follow"], ["Let go", "free"], ["Eyes up", "eyes up"]])
    row.append(button(label, lead("lead", { mode }), told.mode === mode))
  row.append(made("span", "count", `${told.joined} joined`))
  if (told.question) {
    if (round?.phase === "open") row.append(button("Close the vote", lead("close")))
    else row.append(button(round ? "Ask again" : "Ask the class", lead("ask")))
    if (round && round.phase !== "revealed") row.append(button("Reveal", lead("reveal")))
    if (round) row.append(made("span", "count", `${told.answered?.[round.number] ?? 0} answered`))
  }
  const revealed = told.rounds.filter((each) => each.bars)
  const shown = revealed.map((each) => result(each, undefined, revealed.length === 1))
  const ask = revealed.length && told.question ? [made("h2", "", told.question.ask)] : []
  return [...ask, ...shown, row]
}

/** @type {(me: Me) => HTMLElement} */
function badge(me) {
  const found = made("span", "badge", `${me.animal.split(" ")[0]} ${me.name}`)
  found.style.setProperty("--paint", me.paint)
  return found
}

// Who one is, and what the class asks for.
/** @type {(told: Told, me: Me) => HTMLElement} */
function mine(told, me) {
  const row = made("div", "desk")
  row.append(badge(me))
  if (told.collects) row.append(button("Write digits for the class", writeDigits))
  return row
}

function show() {
  const { told, me, lost } = here
  if (!told || !me) return
  bar.hidden = false
  for (const each of [bar, cover]) dress(each)
  cover.hidden = told.mode !== "eyes up" || isTeacher(told)
  document.documentElement.dataset.class = isTeacher(told) ? "teacher" : told.mode
  const typing = bar.contains(document.activeElement) && document.activeElement?.matches("input")
  const said = lost ? "The class is out of reach; trying again …" : refused
  const parts = isTeacher(told) ? desk(told) : [...question(told, me), mine(told, me)]
  if (said) parts.push(made("p", "refused", said))
  if (!typing || told.rounds.at(-1)?.phase !== "open") bar.replaceChildren(...parts)
}

if (isClass) {
  document.body.append(bar, cover)
  document.addEventListener("nudge-class", show)
}
