import { z } from 'zod'
import { localText } from '#kit'

const id = z.string().meta({ ui: { widget: 'hidden' } })
const address = z.string().max(2_000).default('')

const variant = z.object({
  id,
  text: localText.default({}).meta({ title: 'say.variants.text', ui: { widget: 'local-text' } }),
})
const button = z.object({
  id,
  text: localText.default({}).meta({ title: 'say.buttons.text', ui: { widget: 'local-text' } }),
})
const card = z.object({
  id,
  title: localText.default({}).meta({ title: 'say.cards.title', ui: { widget: 'local-text' } }),
  text: localText.default({}).meta({ title: 'say.cards.text', ui: { widget: 'local-text' } }),
  image: address.meta({ title: 'say.cards.image', ui: { widget: 'text' } }),
  link: address.meta({ title: 'say.cards.link', ui: { widget: 'text' } }),
  linkText: localText.default({}).meta({ title: 'say.cards.linkText', ui: { widget: 'local-text' } }),
})

export const config = z.object({
  text: localText.default({}).meta({ title: 'say.text', ui: { widget: 'local-text', group: 'message' } }),
  variants: z
    .array(variant)
    .max(10)
    .default([])
    .meta({ title: 'say.variants', ui: { widget: 'list', group: 'message' } }),
  buttons: z
    .array(button)
    .max(20)
    .default([])
    .meta({ title: 'say.buttons', ui: { widget: 'list', group: 'message' } }),
  image: address.meta({ title: 'say.image', ui: { widget: 'text', group: 'content' } }),
  imageAlt: localText.default({}).meta({ title: 'say.imageAlt', ui: { widget: 'local-text', group: 'content' } }),
  cards: z
    .array(card)
    .max(10)
    .default([])
    .meta({ title: 'say.cards', ui: { widget: 'list', group: 'content' } }),
  pace: z
    .boolean()
    .default(true)
    .meta({ title: 'say.pace', ui: { widget: 'switch', advanced: true } }),
})
export type SayConfig = z.output<typeof config>
