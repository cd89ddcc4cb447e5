import type { EntityMarks } from '../read-entities.ts'
import type { BrokenRow, Contents, LeftOutKind, ParsedRecords, RecordFormat } from '../records.ts'
import { storableText } from '../storable-text.ts'

/** Examples of topics as other tools for bots keep them, on their way to records. */
export interface Labelled {
  examples: {
    line: number
    text: string
    intent: string
    language?: string
    /** Parts of the text, in UTF-16 units. */
    spans: { start: number; end: number; type: string }[]
  }[]
  broken: BrokenRow[]
  leftOut: Map<LeftOutKind, number>
}

export const nothingLabelled = (): Labelled => ({ examples: [], broken: [], leftOut: new Map() })

export function leaveOut(into: Labelled, what: LeftOutKind, count = 1): void {
  if (count > 0) into.leftOut.set(what, (into.leftOut.get(what) ?? 0) + count)
}

/** Where one example marks an entity, all say of theirs: one without a mark has none. */
export function toParsed({ examples, broken, leftOut }: Labelled, format: RecordFormat): Omit<ParsedRecords, 'guess'> {
  const marked = examples.some(({ spans }) => spans.length > 0)
  const languages = examples.some(({ language }) => language !== undefined)
  const entities = examples.reduce((sum, { spans }) => sum + spans.length, 0)
  const contents: Contents = {
    found: [
      { what: 'intents' as const, count: new Set(examples.map(({ intent }) => intent)).size },
      { what: 'entities' as const, count: entities },
    ].filter(({ count }) => count > 0),
    leftOut: [...leftOut].map(([what, count]) => ({ what, count })),
  }
  return {
    format,
    encoding: null,
    heading: null,
    columns: ['text', 'intent', ...(languages ? ['language'] : [])],
    records: examples.map(({ line, text, intent, language, spans }) => ({
      line,
      values: {
        text: storableText(text),
        intent: storableText(intent),
        ...(languages ? { language: language ?? '' } : {}),
      },
      ...(marked ? { marks: { spans } satisfies EntityMarks } : {}),
    })),
    broken,
    contents,
  }
}
