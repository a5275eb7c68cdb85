// The page's address says what is on it: the server says what that is, and the moving digit what will be. Written
// without a message and into the same entry of the history, so Back goes to the page before: entries that Streamlit
// would add for the same page are none.
/** @typedef {{ page: string, query: string }} Address  mnist_model/pages/shared/links.py */
/** @typedef {{ write: (address: Address) => void, flush: () => void }} Writer */
const REST = 400 // ms from one writing to the next: Safari allows 100 in 30 s

/** @type {Window & { nudgeAddress?: Writer }} */
const addressed = window
const writer = (addressed.nudgeAddress ??= startWriter())

/** @type {() => Writer} */
function startWriter() {
  const push = history.pushState.bind(history)
  /** @type {Address | null} */
  let waiting = null
  let last = -REST
  let timer = 0
  const flush = () => {
    const address = waiting
    clearTimeout(timer)
    waiting = null
    // Where Streamlit is about to show another page, what was written of this one would be that one's.
    if (!address || !isAt(address.page) || `?${address.query}` === location.search) return
    last = performance.now()
    history.replaceState(history.state, "", `${location.pathname}?${address.query}`)
  }
  history.pushState = (state, unused, url) => {
    flush()
    if (new URL(url ?? "", location.href).pathname !== location.pathname) push(state, unused, url)
  }
  return {
    flush,
    write(address) {
      waiting = address
      clearTimeout(timer)
      timer = setTimeout(flush, Math.max(0, last + REST - performance.now()))
    },
  }
}

// The first page is at /.
/** @type {(page: string) => boolean} */
function isAt(page) {
  const name = location.pathname.split("/").at(-1) ?? ""
  return name === page || (!name && page === "draw")
}
