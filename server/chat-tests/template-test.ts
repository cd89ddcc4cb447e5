import { z } from 'zod'
import { language } from '#kit'
import type { ChatTest } from '#server/api/dto.ts'

/** A conversation of a template. Which label its model gives and which blocks it passes are for the template's own tests. */
const transcript = z.object({
  name: z.string().min(1).max(120),
  language,
  now: z.iso.datetime({ offset: true }).optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  turns: z
    .array(
      z.object({
        open: z.literal(true).optional(),
        user: z.string().optional(),
        choose: z.object({ block: z.string(), option: z.string() }).optional(),
        expect: z.array(z.object({ block: z.string(), textIncludes: z.string().optional() })),
      }),
    )
    .min(1),
})

/**
 * A template's conversation as a test of a bot that was made from it; null where it is about another bot: in a language that this one does not
 * speak, with parameters of its own, or one that expects no words. `filled` puts what the bot's form says in place of the template's words.
 */
export function parseTemplateTest(
  found: unknown,
  bot: { languages: readonly string[]; now: string; filled: (words: string, language: string) => string },
): ChatTest | null {
  const { name, language, now, parameters, turns } = transcript.parse(found)
  const words = turns.flatMap(({ expect }) => expect.map(({ textIncludes }) => textIncludes))
  if (parameters || !bot.languages.includes(language) || words.every((one) => one === undefined)) return null
  return {
    name,
    language,
    now: now ?? bot.now,
    turns: turns.map(({ open, user = '', choose, expect }) => ({
      user: open ? null : { text: user, ...(choose ? { choice: { block: choose.block, value: choose.option } } : {}) },
      others: true,
      replies: expect.flatMap(({ textIncludes }) =>
        textIncludes === undefined ? [] : [{ pieces: ['', bot.filled(textIncludes, language), ''] }],
      ),
    })),
  }
}
