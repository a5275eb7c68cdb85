// What begins is seen: on a phone the button that began it is far below. Once for each beginning.
/** @param {Component<string[]>} component */
export default function ({ data, parentElement }) {
  const page = /** @type {Page & { nudgeBegun?: Set<string> }} */ (window)
  const known = (page.nudgeBegun ??= new Set())
  if (data.some((each) => !known.has(each))) parentElement.scrollIntoView({ block: "nearest" })
  for (const each of data) known.add(each)
}
