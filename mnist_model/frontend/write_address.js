// Writes the address of a page that has nothing else to say to its browser.
/** @param {Component<Address>} component */
export default function ({ data }) {
  writer.write(data)
}
