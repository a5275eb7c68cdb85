// What begins is seen: on a phone the button that began it is far below. Once for each beginning.
/** @param {Component<string>} component */
export default function ({ data, parentElement }) {
  const page = /** @type {Page & { nudgeBegun?: string }} */ (window)
  if (page.nudgeBegun !== data) parentElement.scrollIntoView({ block: "nearest" })
  page.nudgeBegun = data
}
