// The browser keeps its name for a year, so that the server finds its runs again after a reload.
/** @param {Component<{ cookie: string, name: string }>} component */
export default function ({ data }) {
  document.cookie = `${data.cookie}=${data.name}; path=/; max-age=31536000; SameSite=Lax`;
}
