import { z } from 'zod'
import { fillText } from './errors/errors.ts'

interface NoteEntry {
  /** `warn`: something went wrong and the run goes on all the same. */
  tone: 'info' | 'warn'
  'zh-CN': string
  en: string
}

/** Everything that a run may tell of itself besides its progress and its failures, with `{{param}}` places. */
const catalogue = {
  'memory-ran-out': {
    tone: 'warn',
    'zh-CN': '内存不够：从这里起每次处理 {{rows}} 条。',
    en: 'Memory ran out: {{rows}} rows at a time from here.',
  },
} satisfies Record<string, NoteEntry>

export type RunNoteCode = keyof typeof catalogue

/**
 * One thing that happened in a run and that a person should know of. Like an error it carries a code with params, and is worded
 * where it is read, in the reader's language.
 */
export interface RunNote {
  code: RunNoteCode
  params: Record<string, string | number>
}

export const runNote = z.object({
  code: z.string().refine(isRunNoteCode),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})

export function isRunNoteCode(code: string): code is RunNoteCode {
  return Object.hasOwn(catalogue, code)
}

export function runNoteText({ code, params }: RunNote, locale: string): string {
  return fillText(catalogue[code][locale.startsWith('zh') ? 'zh-CN' : 'en'], params)
}

export function runNoteTone(code: RunNoteCode): NoteEntry['tone'] {
  return catalogue[code].tone
}

/** A note and when it was made, ISO 8601 in UTC. */
export interface DatedRunNote extends RunNote {
  at: string
}
