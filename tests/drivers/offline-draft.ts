import { createDraft, type Draft } from '#editor/document/draft.ts'
import { noHistory } from '#editor/document/history.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { contentHash, draftHash } from '#runtime/graph/hash.ts'
import type { DraftView } from '#server/api/dto.ts'

/** A document open as the studio opens it, with the server out of reach all the time: nothing depends on one. */
export async function openOfflineDraft(document: GraphDocument, facts: DraftView['facts']): Promise<Draft> {
  const draft = createDraft({
    door: {
      load: async () => ({
        document,
        revision: 1,
        draftHash: draftHash(document),
        contentHash: contentHash(document),
        facts,
        problems: [],
        states: [],
        savedAt: new Date(0).toISOString(),
      }),
      push: () => Promise.reject({ status: 0 }),
    },
    shelf: { leftBehind: async () => [], forget() {}, put: () => true },
    clashes: { list: () => [], keep() {}, settle() {} },
    histories: { take: async () => noHistory, put() {} },
    now: () => 0,
  })
  await draft.open(document.id)
  return draft
}
