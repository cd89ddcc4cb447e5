let page = ''
let bot = ''
let progress: string | null = null

function show() {
  document.title = [progress, page, bot, 'Botloom'].filter(Boolean).join(' · ')
}

/** The page's name before the product's. */
export function setPageTitle(title: string) {
  page = title
  show()
}

/** The bot whose page it is, between the page's name and the product's; empty elsewhere. */
export function setTitleBot(name: string) {
  bot = name
  show()
}

/** How far a run is, in front of everything while it lasts; null when it ended. */
export function setTitleProgress(text: string | null) {
  progress = text
  show()
}
