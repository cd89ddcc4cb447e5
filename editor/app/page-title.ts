let page = ''
let progress: string | null = null

function show() {
  document.title = [progress, page, 'Botloom'].filter(Boolean).join(' · ')
}

/** The page's name before the product's. */
export function setPageTitle(title: string) {
  page = title
  show()
}

/** How far a run is, in front of everything while it lasts; null when it ended. */
export function setTitleProgress(text: string | null) {
  progress = text
  show()
}
