/** What a page may do with the chat: `window.Botloom`, and what `createWidget` answers. */
export interface BotloomControl {
  open(): void
  close(): void
  toggle(): void
  /** Opens the chat and says this as the visitor. */
  ask(text: string): void
  /**
   * The site's server vouches for its visitor with a signed token (JWT, HS256). Null when somebody signs out: the conversation is
   * forgotten here, so that whoever comes next does not read it.
   */
  identify(token: string | null): void
  /** What the page says of the visit, such as `{ plan: 'gold' }`: shown to people in the inbox, and vouched for by nobody. */
  context(attributes: Record<string, string>): void
  /** Forgets the conversation and begins a new one. */
  restart(): void
  /** Calls the listener at each event; the answer, and `off`, end that. */
  on<Name extends keyof BotloomEvents>(name: Name, listener: (detail: BotloomEvents[Name]) => void): () => void
  off<Name extends keyof BotloomEvents>(name: Name, listener: (detail: BotloomEvents[Name]) => void): void
  /** Messages that the visitor has not seen. */
  readonly unread: number
  /** Takes the chat off the page; what was said stays remembered. */
  destroy(): void
}

/** The same as DOM events of the element, bubbling, with `botloom-` before the name. */
export interface BotloomEvents {
  open: null
  close: null
  message: { id: string; role: 'user' | 'bot' | 'agent' | 'system'; text: string; language: string }
  unread: { count: number }
}

export interface WidgetOptions {
  /** The bot's slug. */
  bot: string
  /** Origin of the Botloom server, such as `https://bots.example.com`. */
  server: string
  language?: string
  identity?: string
  context?: Record<string, string>
  look?: WidgetLook
}

/** How the chat looks; what is left out is as the studio says. */
export interface WidgetLook {
  title?: Record<string, string>
  greeting?: Record<string, string>
  label?: Record<string, string>
  /** `#rrggbb`; what stands on it is made readable by itself. */
  accent?: string
  theme?: 'auto' | 'light' | 'dark'
  corner?: 'start' | 'end'
  /** Pixels. */
  radius?: number
  /** One emoji, or the https address of a picture. */
  avatar?: string
  files?: boolean
}

declare global {
  interface Window {
    Botloom: BotloomControl
  }
}
