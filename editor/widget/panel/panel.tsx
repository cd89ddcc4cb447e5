import { render } from 'preact'
import { createChatClient } from '../client/client.ts'
import type { PageContext } from '../client/protocol.ts'
import type { BotloomEvents, WidgetLook } from '../control.ts'
import { readableIn } from '../readable.ts'
import { Chat } from './chat.tsx'
import { panelCss } from './panel.css.ts'
import { wordsFor } from './words.ts'

export interface PanelHandle {
  /** `focus`: the visitor asked for it, and types next. */
  setOpen(open: boolean, focus: boolean): void
  /** Says this as the visitor. */
  ask(text: string): void
  identify(token: string | null): void
  context(attributes: Record<string, string>): void
  restart(): void
  setLook(look: WidgetLook): void
  destroy(): void
}
interface Host {
  close(): void
  unread(count: number): void
  said(message: BotloomEvents['message']): void
}
export interface PanelSettings {
  bot: string
  server: string
  language: string
  identity: string
  context: Record<string, string>
  preview: boolean
  /** Bytes that a file may have; 0 where that is not known. */
  files: number
  look: WidgetLook
}

/** Draws the chat into the launcher's shadow root; the conversation begins when it is opened first. */
export async function mountPanel(root: ShadowRoot, settings: PanelSettings, host: Host): Promise<PanelHandle> {
  const { language } = settings
  // The launcher has no room for what few pages need.
  const testKey = root.host.getAttribute('test-key') ?? undefined
  const place = document.createElement('div')
  root.append(place)
  // A root of its own, so that the looks of button and window never mix.
  const inner = place.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(panelCss)
  const colours = new CSSStyleSheet()
  inner.adoptedStyleSheets = [sheet, colours]
  const client = settings.preview
    ? (await import('./preview.ts')).createPreview(language)
    : createChatClient({ ...settings, context: pageContext, testKey })
  const words = wordsFor(language)
  let { look } = settings
  let open = false
  let focus = true

  const draw = (): void =>
    render(<Chat {...{ client, words, language, look, open, focus, close }} limit={settings.files} />, inner)
  const setLook = (next: WidgetLook): void => {
    look = next
    const accent = /^#[\da-f]{6}$/i.test(look.accent ?? '') ? look.accent! : '#3056d3'
    colours.replaceSync(`.panel{--l-mark:${readableIn(accent, '#f2f3f6')};--l-dark:${readableIn(accent, '#232936')}}`)
    if (open) draw()
  }
  const setOpen = (next: boolean, wanted = true): void => {
    open = next
    focus = wanted
    draw()
    notice()
  }
  const close = (): void => {
    setOpen(false)
    host.close()
  }
  // What is in sight is seen; a tab in the background is not.
  const notice = (): void => {
    if (open && !document.hidden) client.see()
    host.unread(client.getState().unread)
  }
  let known = new Set<string>()
  let begun = false
  const page = new AbortController()
  document.addEventListener('visibilitychange', notice, { signal: page.signal })
  client.subscribe(() => {
    const { messages, history, status } = client.getState()
    for (const { id, seq, role, text, language } of messages) {
      if (known.has(id)) continue
      known.add(id)
      // What was said before this page was there is no news.
      if (begun && (seq === 0 || seq > history)) host.said({ id, role, text, language })
    }
    if (status === 'idle') known = new Set()
    begun = status !== 'idle' && status !== 'opening'
    notice()
  })
  setLook(look)
  if (Object.keys(settings.context).length > 0) void client.context(settings.context)

  return {
    setOpen,
    ask: (text) => client.send({ text }),
    identify: (token) => void client.identify(token),
    context: (attributes) => void client.context(attributes),
    restart: () => void client.restart(),
    setLook,
    destroy() {
      page.abort()
      client.close()
      render(null, inner)
      place.remove()
    },
  }
}

function pageContext(): PageContext {
  const { title, referrer, documentElement } = document
  const { origin, pathname, search } = location
  return {
    page: {
      url: `${origin}${pathname}${search}`.slice(0, 2_000),
      ...(title && { title: title.slice(0, 300) }),
      // Where somebody came from is told without what they had looked for there.
      ...(referrer && { referrer: referrer.replace(/[?#].*/, '').slice(0, 2_000) }),
      ...(documentElement.lang && { language: documentElement.lang.slice(0, 35) }),
    },
  }
}
