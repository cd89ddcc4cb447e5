let page = ''
let bot = ''
let progress: string | null = null
let waiting = 0

function show() {
  const title = [progress, page, bot, 'Botloom'].filter(Boolean).join(' · ')
  document.title = waiting > 0 ? `(${waiting}) ${title}` : title
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

/** How many chats wait for a person, in brackets in front of everything; none is not said. */
export function setTitleWaiting(count: number) {
  waiting = count
  show()
}
