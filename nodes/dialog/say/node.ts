import { defineNode, hasWords, type LocalText, type Port, port } from '#kit'
import { checkSay } from './checks.ts'
import { config, type SayConfig } from './config.ts'

/** A button's own output port. */
export const buttonPort = (id: string): string => `button:${id}`

/**
 * Says something. With buttons it waits: a click leaves by that button's port, anything typed leaves by `out`, unread,
 * so that an intent block behind it can read it. Without buttons it passes on at once.
 */
export const say = defineNode({
  type: 'say',
  version: 2,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'talk',
  icon: 'say',
  config,
  // Bots made before answer as fast as they did. What is set wins: the editor sets a field of a block without lifting its version.
  migrations: { 2: (before) => ({ pace: false, ...before }) },
  inputs: { in: port('flow') },
  outputs: (config) => {
    const ports: Record<string, Port> = {}
    for (const { id, text } of config.buttons) ports[buttonPort(id)] = port('flow', { text })
    return { ...ports, out: port('flow', config.buttons.length > 0 ? { title: 'port.typed' } : {}) }
  },
  summary: (config) => ({
    key: config.buttons.length > 0 ? 'summary.buttons' : 'summary',
    params: { text: firstWords(config), count: config.buttons.length },
  }),
  check: checkSay,
})

/** The text; of a message that has none, what its picture or its first card says. */
function firstWords({ text, imageAlt, cards }: SayConfig): LocalText {
  return [text, imageAlt, ...cards.map(({ title }) => title)].find(hasWords) ?? text
}
