import { render } from 'preact'
import { createChatClient } from '../client/client.ts'
import { Chat } from './chat.tsx'
import { panelCss } from './panel.css.ts'
import { wordsFor } from './words.ts'

export interface PanelHandle {
  setOpen(open: boolean): void
  /** Says this as the visitor. */
  ask(text: string): void
}
interface Host {
  close(): void
  unread(count: number): void
}

/** Draws the chat into the launcher's shadow root; the conversation begins when it is opened first. */
export function mountPanel(
  root: ShadowRoot,
  settings: { bot: string; server: string; language: string; testKey: string | undefined },
  host: Host,
): PanelHandle {
  const place = document.createElement('div')
  root.append(place)
  // A root of its own, so that the looks of button and window never mix.
  const inner = place.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(panelCss)
  inner.adoptedStyleSheets = [sheet]
  const client = createChatClient(settings)
  const words = wordsFor(settings.language)
  let open = false
  let seen = 0

  const draw = (): void => render(<Chat client={client} words={words} open={open} close={close} />, inner)
  const setOpen = (next: boolean): void => {
    open = next
    draw()
  }
  const close = (): void => {
    setOpen(false)
    host.close()
  }
  client.subscribe(() => {
    const fromBot = client.getState().messages.filter((message) => message.role !== 'user').length
    if (open) seen = fromBot
    else host.unread(fromBot - seen)
  })
  return { setOpen, ask: (text) => client.send({ text }) }
}
