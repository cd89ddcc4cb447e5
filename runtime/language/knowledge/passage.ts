import { z } from 'zod'

/** One line of `passages.jsonl`: a piece of a document, or a question with its written answer. */
export const passage = z.object({
  id: z.string(),
  /** Place of its document among all; passages of one document follow each other. */
  document: z.number().int().min(0),
  /** What is said of it: the text of the piece, or the written answer. */
  text: z.string(),
  title: z.string(),
  /** Outermost first. */
  headings: z.array(z.string()),
  page: z.number().int().optional(),
  url: z.string().optional(),
  /** The question that was written for it; such a passage is said whole. */
  question: z.string().optional(),
  /** Base tag (`zh`, `en`) where the words tell. */
  language: z.string().optional(),
  /** [start, end) of its sentences, UTF-16. Behind its own vector each has one. */
  sentences: z.array(z.tuple([z.number().int(), z.number().int()])),
})
export type Passage = z.infer<typeof passage>

/** What a passage is found by, its own first: what its vectors are made from. */
export function keysOf({ text, headings, title, question, sentences }: Passage): string[] {
  if (question !== undefined) return [question, text]
  const above = headings.length > 0 ? headings.join(' › ') : title
  return [`${above}\n${text}`, ...sentences.map(([start, end]) => text.slice(start, end))]
}

/** All words of a passage, for whoever looks for words. */
export function wordsOf({ text, headings, title, question }: Passage): string {
  return [title, ...headings, question ?? '', text].join('\n')
}
