import { z } from 'zod'
import { defineNode, localText, type Port, port } from '#kit'
import { checkText } from '#kit/text-checks.ts'

const button = z.object({
  id: z.string().meta({ ui: { widget: 'hidden' } }),
  text: localText.default({}).meta({ title: 'say.buttons.text', ui: { widget: 'local-text' } }),
})

/** A button's own output port. */
export const buttonPort = (id: string): string => `button:${id}`

/**
 * Says something. With buttons it waits: a click leaves by that button's port, anything typed leaves by `out`, unread,
 * so that an intent block behind it can read it. Without buttons it passes on at once.
 */
export const say = defineNode({
  type: 'say',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'talk',
  icon: 'say',
  config: z.object({
    text: localText.default({}).meta({ title: 'say.text', ui: { widget: 'local-text', group: 'message' } }),
    buttons: z
      .array(button)
      .max(20)
      .default([])
      .meta({ title: 'say.buttons', ui: { widget: 'list', group: 'message' } }),
  }),
  inputs: { in: port('flow') },
  outputs: (config) => {
    const ports: Record<string, Port> = {}
    for (const { id, text } of config.buttons) ports[buttonPort(id)] = port('flow', { text })
    return { ...ports, out: port('flow', config.buttons.length > 0 ? { title: 'port.typed' } : {}) }
  },
  summary: (config) => ({
    key: config.buttons.length > 0 ? 'summary.buttons' : 'summary',
    params: { text: config.text, count: config.buttons.length },
  }),
  check: (config, view) => [
    ...checkText('text', config.text, view),
    ...config.buttons.flatMap((item) => checkText(`buttons.${item.id}.text`, item.text, view)),
  ],
})
