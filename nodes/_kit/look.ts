import { z } from 'zod'
import { localText } from './text.ts'

const words = (most: number) =>
  localText.refine((text) => Object.values(text).every((one) => one.length <= most), {
    params: { issue: 'too-long', limit: most },
  })

/** How a bot's chat looks on a page. What is left out is as it is by default; a page's own properties stand above all of it. */
export const look = z.strictObject({
  /** Name of the chat, over its messages. */
  title: words(60),
  /** A line below the title. */
  greeting: words(160),
  /** Words beside the button; none: the button alone. */
  label: words(40),
  /** `#rrggbb`. What stands on it, and what is written in it, is made readable by itself. */
  accent: z.string().regex(/^#[0-9a-f]{6}$/i),
  theme: z.enum(['auto', 'light', 'dark']),
  corner: z.enum(['end', 'start']),
  /** Pixels. */
  radius: z.number().int().min(0).max(28),
  /** One emoji or a few letters, or the https address of a picture; empty for the sign of a chat. */
  avatar: z
    .string()
    .max(500)
    .refine((text) => text === '' || isShort(text) || isPicture(text), { params: { issue: 'bad-address' } }),
  /** Whether visitors may send files at any time, or only where a block asks for one. */
  files: z.boolean(),
})
export type Look = z.infer<typeof look>

function isShort(text: string): boolean {
  return !text.includes('/') && [...new Intl.Segmenter().segment(text)].length <= 2
}

function isPicture(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:'
}
