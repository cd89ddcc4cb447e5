/**
 * The script that a site embeds: `<script type="module" src="https://.../widget.js" data-bot="slug"></script>`.
 * It draws a button and nothing more; the chat itself is loaded on the first click.
 */
import type { PanelHandle } from './panel/panel.tsx'

interface Settings {
  bot: string
  server: string
  language: string
  /** Opens the bot's test environment. */
  testKey: string | undefined
}

const words = {
  zh: { open: '打开聊天', close: '关闭聊天' },
  en: { open: 'Open chat', close: 'Close chat' },
}

const css = `
:host{all:initial;color-scheme:inherit;position:fixed;inset-block-end:var(--botloom-offset,20px);inset-inline-end:var(--botloom-offset,20px);z-index:2147483000;font-family:system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif}
:host([hidden]){display:none}
button{all:unset;box-sizing:border-box;width:56px;height:56px;border-radius:50%;display:grid;place-items:center;cursor:pointer;background:var(--botloom-accent,#3056d3);color:var(--botloom-on-accent,#fff);box-shadow:0 6px 20px rgb(15 23 42/.22);transition:transform .15s}
button:hover{transform:translateY(-2px)}button:focus-visible{outline:3px solid var(--botloom-accent,#3056d3);outline-offset:3px;box-shadow:0 0 0 3px #fff}
svg{grid-area:1/1;transition:opacity .15s}.x{opacity:0}[aria-expanded=true] .x{opacity:1}[aria-expanded=true] .o{opacity:0}
b{position:absolute;inset-block-start:-2px;inset-inline-end:-2px;min-width:20px;height:20px;padding:0 5px;box-sizing:border-box;border-radius:10px;background:#c62f2f;color:#fff;font-size:12px;line-height:20px;text-align:center}
b:empty{display:none}
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

class BotloomChat extends HTMLElement {
  #panel: Promise<PanelHandle> | null = null
  #button!: HTMLButtonElement
  #badge!: HTMLElement
  #open = false

  connectedCallback(): void {
    if (this.shadowRoot) return
    const root = this.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [sheet]
    this.#button = document.createElement('button')
    this.#button.type = 'button'
    this.#button.setAttribute('aria-haspopup', 'dialog')
    this.#button.append(
      icon('o', 'M20 11.5a8 8 0 0 1-11.6 7.1L4 20l1.4-4.4A8 8 0 1 1 20 11.5Z', 'M9 10.5c1.5 0 1.5 2 3 2s1.5-2 3-2'),
      icon('x', 'M6 6l12 12M18 6 6 18'),
    )
    this.#badge = document.createElement('b')
    this.#badge.setAttribute('aria-live', 'polite')
    this.#button.append(this.#badge)
    this.#button.addEventListener('click', () => void this.toggle())
    root.append(this.#button)
    this.#draw()
  }

  get settings(): Settings {
    return {
      bot: this.getAttribute('bot') ?? '',
      server: this.getAttribute('server') ?? location.origin,
      language: this.getAttribute('language') || document.documentElement.lang || navigator.language,
      testKey: this.getAttribute('test-key') ?? undefined,
    }
  }

  /** Opens or closes the chat; `ask` is said as the visitor's words. */
  async toggle(open = !this.#open, ask?: string): Promise<void> {
    if (open !== this.#open) this.#show(open)
    this.#panel ??= import('./panel/panel.tsx').then(({ mountPanel }) =>
      mountPanel(this.shadowRoot!, this.settings, {
        close: () => {
          this.#show(false)
          this.#button.focus()
        },
        unread: (count) => {
          this.#badge.textContent = count > 0 && !this.#open ? String(count) : ''
        },
      }),
    )
    try {
      const panel = await this.#panel
      panel.setOpen(this.#open)
      if (ask) panel.ask(ask)
    } catch {
      // The panel's file did not come (no network): the next click asks again.
      this.#panel = null
      this.#show(false)
    }
  }

  #draw(): void {
    const t = this.settings.language.toLowerCase().startsWith('zh') ? words.zh : words.en
    this.toggleAttribute('open', this.#open)
    this.#button.setAttribute('aria-expanded', String(this.#open))
    this.#button.setAttribute('aria-label', this.#open ? t.close : t.open)
    if (this.#open) this.#badge.textContent = ''
  }

  #show(open: boolean): void {
    this.#open = open
    this.#draw()
    this.dispatchEvent(new CustomEvent(open ? 'botloom-open' : 'botloom-close', { bubbles: true, composed: true }))
  }
}

if (!customElements.get('botloom-chat')) customElements.define('botloom-chat', BotloomChat)

/** A script tag with `data-bot` places the button itself; a page that writes `<botloom-chat>` needs nothing more. */
const script = document.currentScript ?? document.querySelector('script[data-bot][src*="widget.js"]')
if (script instanceof HTMLScriptElement && script.dataset.bot && !document.querySelector('botloom-chat')) {
  const element = document.createElement('botloom-chat')
  element.setAttribute('bot', script.dataset.bot)
  element.setAttribute('server', script.dataset.server ?? new URL(script.src).origin)
  if (script.dataset.testKey) element.setAttribute('test-key', script.dataset.testKey)
  if (script.dataset.language) element.setAttribute('language', script.dataset.language)
  const place = (): void => void document.body.append(element)
  if (document.body) place()
  else addEventListener('DOMContentLoaded', place)
}

const chat = (): BotloomChat | null => document.querySelector<BotloomChat>('botloom-chat')
const control = {
  open: () => void chat()?.toggle(true),
  close: () => void chat()?.toggle(false),
  ask: (text: string) => void chat()?.toggle(true, text),
}
Object.assign(window, { Botloom: control })
