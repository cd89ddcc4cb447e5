/**
 * The script that a site embeds: `<script type="module" src="https://.../widget.js" data-bot="slug"></script>`.
 * It draws a button and nothing more; the chat itself is loaded on the first click.
 */
import { readableOn } from './colour.ts'
import type { BotloomControl, BotloomEvents, WidgetLook, WidgetOptions } from './control.ts'
import type { PanelHandle } from './panel/panel.tsx'
import { pick } from './pick.ts'

const words = {
  zh: { open: '打开聊天', close: '关闭聊天', unread: (n: number) => `${n} 条新消息` },
  en: { open: 'Open chat', close: 'Close chat', unread: (n: number) => `${n} new message${n > 1 ? 's' : ''}` },
}

/** Whatever a page's styles say, the host stays where it is: an important rule of the inside stands above all of the outside. */
const css = `
:host{all:initial!important;position:fixed!important;inset-block-end:var(--botloom-offset,20px)!important;inset-inline:var(--l-inline)!important;z-index:2147483000!important;color-scheme:var(--l-scheme,inherit)!important;display:block!important;font-family:system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif!important}
:host([hidden]),:host([locked]){display:none!important}
button{all:unset;box-sizing:border-box;min-width:56px;height:56px;border-radius:28px;display:flex;align-items:center;justify-content:center;gap:8px;cursor:pointer;background:var(--a);color:var(--botloom-on-accent,var(--l-on));box-shadow:0 6px 20px rgb(15 23 42/.22);transition:transform .15s;--a:var(--botloom-accent,var(--l-accent))}
button:hover{transform:translateY(-2px)}button:focus-visible{outline:3px solid var(--a);outline-offset:3px;box-shadow:0 0 0 3px #fff}
i{display:grid}svg{grid-area:1/1;transition:opacity .15s}.x{opacity:0}[aria-expanded=true] .x{opacity:1}[aria-expanded=true] .o{opacity:0}
span{font:600 15px/1 inherit;font-family:inherit}button:has(span:not(:empty)){padding-inline:16px 20px}
b{position:absolute;inset-block-start:-2px;inset-inline-end:-2px;min-width:20px;height:20px;padding:0 5px;box-sizing:border-box;border-radius:10px;background:#c62f2f;color:#fff;font:12px/20px inherit;font-family:inherit;text-align:center}
b:empty,span:empty{display:none}p{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}
@media (prefers-reduced-motion:reduce){button,svg{transition:none}}
@media (max-width:480px){:host([open]) button{display:none}}`

const namespace = 'http://www.w3.org/2000/svg'

/** Built node by node: the widget never writes markup into a page, so it works under Trusted Types. */
function icon(kind: string, ...paths: string[]): SVGElement {
  const svg = document.createElementNS(namespace, 'svg')
  const attributes = { class: kind, width: 26, height: 26, viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor' }
  const strokes = { 'stroke-width': 2, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': true }
  for (const [name, value] of Object.entries({ ...attributes, ...strokes })) svg.setAttribute(name, String(value))
  for (const d of paths) {
    const path = document.createElementNS(namespace, 'path')
    path.setAttribute('d', d)
    svg.append(path)
  }
  return svg
}

const read = (storage: () => Storage, key: string) => {
  try {
    return storage().getItem(key)
  } catch {
    // A page may forbid storage.
    return null
  }
}
const local = () => localStorage
const session = () => sessionStorage

/** Seconds between two looks for what a person has written. */
const lookEvery = 20
const narrow = () => matchMedia('(max-width:480px)').matches

// Where there is no page (a server that renders one), importing this does nothing.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement)

class BotloomChat extends Base {
  identity: string | null = null
  visit: Record<string, string> = {}
  unread = 0
  #panel: Promise<PanelHandle> | null = null
  #loaded = false
  #button!: HTMLButtonElement
  #label!: HTMLElement
  #badge!: HTMLElement
  #status!: HTMLElement
  #colours = globalThis.CSSStyleSheet && new CSSStyleSheet()
  #look: WidgetLook = {}
  #own: WidgetLook = {}
  #served = { files: 0, verifiedOnly: false }
  #open = false
  #page = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined

  connectedCallback(): void {
    this.#page = new AbortController()
    const { signal } = this.#page
    if (!this.shadowRoot) this.#build()
    document.addEventListener('visibilitychange', () => this.#follow(), { signal })
    addEventListener('storage', ({ key }) => key === this.#key && this.#follow(1), { signal })
    void this.#dress()
    this.#follow()
    // Whoever goes on to the next page of the site goes on with the chat; a phone's screen belongs to the page.
    if (read(session, this.#key) && !narrow() && !this.#open) void this.toggle(true, undefined, false)
  }

  disconnectedCallback(): void {
    this.#page.abort()
    clearTimeout(this.#timer)
  }

  get settings() {
    const attribute = (name: string) => this.getAttribute(name) ?? ''
    return {
      bot: attribute('bot'),
      server: (attribute('server') || location.origin).replace(/\/$/, ''),
      language: attribute('language') || document.documentElement.lang || navigator.language,
      identity: this.identity ?? attribute('identity'),
      context: this.visit,
      preview: this.hasAttribute('preview'),
      files: this.#served.files,
      look: this.look,
    }
  }

  /** The page's own words stand above the studio's. */
  get look(): WidgetLook {
    const given: Record<string, unknown> = {}
    for (const name of ['accent', 'theme', 'corner', 'avatar', 'radius'] as const)
      if (this.getAttribute(name)) given[name] = this.getAttribute(name)
    for (const [name, key] of [
      ['heading', 'title'],
      ['greeting', 'greeting'],
      ['label', 'label'],
    ] as const)
      if (this.hasAttribute(name)) given[key] = { en: this.getAttribute(name) }
    return { ...this.#look, ...this.#own, ...given }
  }

  set look(look: WidgetLook) {
    this.#look = look
    this.#draw()
    void this.#panel?.then((panel) => panel.setLook(this.look))
  }

  /** As a page says by script; it stands above what the studio says. */
  dressAs(look: WidgetLook): void {
    this.#own = look
    this.look = this.#look
  }

  /** Opens or closes the chat; `ask` is said as the visitor's words. */
  async toggle(open = !this.#open, ask?: string, focus = true): Promise<void> {
    if (open !== this.#open) this.#show(open)
    if (!open && !this.#panel) return
    try {
      const panel = await this.load()
      panel.setOpen(this.#open, focus)
      if (ask) panel.ask(ask)
    } catch {
      // The panel's file did not come (no network): the next click asks again.
      this.#panel = null
      this.#show(false)
    }
  }

  load(): Promise<PanelHandle> {
    this.#panel ??= import('./panel/panel.tsx').then(async ({ mountPanel }) => {
      const panel = await mountPanel(this.shadowRoot!, this.settings, {
        close: () => {
          this.#show(false)
          this.#button.focus()
        },
        unread: (count) => this.#count(count),
        said: (message) => this.#tell('message', message),
      })
      this.#loaded = true
      return panel
    })
    return this.#panel
  }

  identify(token: string | null): void {
    this.identity = token ?? ''
    if (!token) {
      try {
        localStorage.removeItem(this.#key)
      } catch {}
      this.#count(0)
    }
    this.#draw()
    void this.#panel?.then((panel) => panel.identify(token))
  }

  context(attributes: Record<string, string>): void {
    Object.assign(this.visit, attributes)
    void this.#panel?.then((panel) => panel.context(this.visit))
  }

  async destroy(): Promise<void> {
    this.remove()
    if (this.#panel) (await this.#panel).destroy()
  }

  get #key(): string {
    return `botloom:${this.getAttribute('bot')}`
  }

  #build(): void {
    const root = this.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [sheet, this.#colours]
    const add = <Tag extends keyof HTMLElementTagNameMap>(tag: Tag, to: Node = this.#button) =>
      to.appendChild(document.createElement(tag))
    this.#button = add('button', root)
    this.#button.type = 'button'
    this.#button.setAttribute('aria-haspopup', 'dialog')
    add('i').append(
      icon('o', 'M20 11.5a8 8 0 0 1-11.6 7.1L4 20l1.4-4.4A8 8 0 1 1 20 11.5Z', 'M9 10.5c1.5 0 1.5 2 3 2s1.5-2 3-2'),
      icon('x', 'M6 6l12 12M18 6 6 18'),
    )
    this.#label = add('span')
    this.#badge = add('b')
    this.#status = add('p', root)
    this.#status.setAttribute('role', 'status')
    this.#button.addEventListener('click', () => void this.toggle())
    this.#draw()
  }

  /** Asks how the bot's chat looks. What it looked like last is drawn meanwhile, so that no colour jumps. */
  async #dress(): Promise<void> {
    const { bot, server, preview } = this.settings
    if (preview) return
    const key = `${this.#key}:look`
    const wear = (text: string | null) => {
      if (!text) return
      const { look, ...served } = JSON.parse(text)
      this.#served = served
      this.look = look
    }
    try {
      wear(read(local, key))
      const answer = await fetch(`${server}/v1/bots/${encodeURIComponent(bot)}/look`, { credentials: 'omit' })
      if (!answer.ok) return
      const text = await answer.text()
      wear(text)
      localStorage.setItem(key, text)
    } catch {
      // It looks as it does without: nobody has to wait for a colour.
    }
  }

  /** Looks for what was said while the chat is closed or out of sight, as long as there may be something. */
  #follow(after = 0): void {
    clearTimeout(this.#timer)
    if (this.#loaded && !document.hidden) return
    this.#timer = setTimeout(async () => {
      try {
        const { conversation, resume, seen } = JSON.parse(read(local, this.#key) ?? '{}')
        if (!conversation || seen === undefined) return this.#count(0)
        const answer = await fetch(`${this.settings.server}/v1/conversations/${conversation}/unread`, {
          method: 'POST',
          credentials: 'omit',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ resume, after: seen }),
        })
        if (!answer.ok) return
        const { unread, live } = await answer.json()
        this.#count(unread)
        if (live) this.#follow(document.hidden ? 3 * lookEvery : lookEvery)
      } catch {
        // No network: the next time that the page is looked at.
      }
    }, after * 1_000)
  }

  #count(count: number): void {
    const shown = this.#open && !document.hidden ? 0 : count
    if (shown === this.unread) return
    this.unread = shown
    this.#draw()
    this.#tell('unread', { count: shown })
  }

  #draw(): void {
    if (!this.shadowRoot) return
    const { language, identity } = this.settings
    const { accent = '#3056d3', theme = 'auto', corner, label, radius } = this.look
    const t = language.toLowerCase().startsWith('zh') ? words.zh : words.en
    const beside = pick(label, language)
    const told = this.unread > 0 ? t.unread(this.unread) : ''
    const safe = /^#[\da-f]{6}$/i.test(accent) ? accent : '#3056d3'
    const inline = corner === 'start' ? 'var(--botloom-offset,20px) auto' : 'auto var(--botloom-offset,20px)'
    this.#colours.replaceSync(
      `:host{--l-accent:${safe};--l-on:${readableOn(safe)};--l-inline:${inline};--l-radius:${Number(radius ?? 16)}px;${
        theme === 'auto' ? '' : `--l-scheme:${theme === 'dark' ? 'dark' : 'light'}`
      }}`,
    )
    this.toggleAttribute('open', this.#open)
    this.toggleAttribute('locked', this.#served.verifiedOnly && !identity)
    this.#button.setAttribute('aria-expanded', String(this.#open))
    this.#button.setAttribute('aria-label', [beside, this.#open ? t.close : t.open, told].filter(Boolean).join(' · '))
    this.#label.textContent = this.#open ? '' : beside
    this.#badge.textContent = this.unread > 9 ? '9+' : String(this.unread || '')
    if (this.#status.textContent !== told) this.#status.textContent = told
  }

  #show(open: boolean): void {
    this.#open = open
    if (open) this.#count(0)
    this.#draw()
    try {
      if (open) sessionStorage.setItem(this.#key, '1')
      else sessionStorage.removeItem(this.#key)
    } catch {}
    this.#tell(open ? 'open' : 'close', null)
  }

  #tell<Name extends keyof BotloomEvents>(name: Name, detail: BotloomEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(`botloom-${name}`, { bubbles: true, composed: true, detail }))
  }
}

/** Hands of a page on a chat, which may not be there yet. */
function controlOf(chat: () => BotloomChat | null): BotloomControl {
  const heard = new Map<unknown, (event: Event) => void>()
  const control: BotloomControl = {
    open: () => void chat()?.toggle(true),
    close: () => void chat()?.toggle(false),
    toggle: () => void chat()?.toggle(),
    ask: (text) => void chat()?.toggle(true, text),
    identify: (token) => chat()?.identify(token),
    context: (attributes) => chat()?.context(attributes),
    restart: () =>
      void chat()
        ?.load()
        .then((panel) => panel.restart()),
    on(name, listener) {
      const hear = (event: Event) => listener((event as CustomEvent).detail)
      heard.set(listener, hear)
      addEventListener(`botloom-${name}`, hear)
      return () => control.off(name, listener)
    },
    off(name, listener) {
      const hear = heard.get(listener)
      if (hear) removeEventListener(`botloom-${name}`, hear)
      heard.delete(listener)
    },
    get unread() {
      return chat()?.unread ?? 0
    },
    destroy: () => void chat()?.destroy(),
  }
  return control
}

function place(attributes: Record<string, string | undefined>): BotloomChat {
  const element = document.createElement('botloom-chat') as BotloomChat
  for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, value)
  const put = (): void => void document.body.append(element)
  if (document.body) put()
  else addEventListener('DOMContentLoaded', put)
  return element
}

/** Puts the chat into the page, for who imports it: `createWidget({ bot: 'shop', server: 'https://bots.example.com' })`. */
export function createWidget({ bot, server, language, identity, context, look }: WidgetOptions): BotloomControl {
  const element = place({ bot, server, language, identity })
  if (context) element.context(context)
  if (look) element.dressAs(look)
  return controlOf(() => element)
}

if (globalThis.customElements) {
  if (!customElements.get('botloom-chat')) customElements.define('botloom-chat', BotloomChat)
  /** A script tag with `data-bot` places the button itself; a page that writes `<botloom-chat>` needs nothing more. */
  const script = document.currentScript ?? document.querySelector('script[data-bot][src*="widget.js"]')
  let placed: BotloomChat | null = null
  if (script instanceof HTMLScriptElement && script.dataset.bot && !document.querySelector('botloom-chat'))
    placed = place({ server: new URL(script.src).origin, ...script.dataset })
  window.Botloom ??= controlOf(() => placed ?? document.querySelector<BotloomChat>('botloom-chat'))
}
