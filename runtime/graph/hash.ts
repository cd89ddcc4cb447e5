import { hashOf } from './canonical.ts'
import type { GraphDocument } from './document.ts'

/** All but `view`: what a run and a version depend on. Moving a block changes nothing here. */
export function contentHash(document: GraphDocument): string {
  const { view: _, ...content } = document
  return hashOf(content)
}

/** Everything: what *Saved* acknowledges. */
export function draftHash(document: GraphDocument): string {
  return hashOf(document)
}
