/** The browser's own download, under the name that the server gives: the file never passes through the page. */
export function followDownload(url: string) {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}
