import { usualSize } from '#editor/document/boxes.ts'
import { graphNow } from '#editor/document/graph-now.ts'
import { draft } from '#editor/document/store.ts'
import { addTopicBranches, openTopics } from '#editor/document/topic-branches.ts'

/**
 * A bot that was begun from somebody's records gets a branch for each of its topics when they are first learned: a reply to be written.
 * Whoever has led a topic anywhere builds by themselves. One step of the draft's history. Answers how many there are.
 */
export function growBranches(): number {
  const { document, facts, phase } = draft.getState()
  if (phase !== 'open' || document.origin?.template !== 'from-records') return 0
  const [intent, ...others] = Object.values(document.nodes).filter(({ type }) => type === 'intent')
  if (!intent || others.length > 0) return 0
  const isLed = Object.values(document.edges).some(({ from }) => from.node === intent.id && from.port !== 'fallback')
  const topics = isLed ? [] : openTopics(graphNow(document, facts), intent.id)
  if (topics.length > 0)
    draft.commit((next) => addTopicBranches(next, intent.id, topics, () => usualSize), { label: 'answer-topics' })
  return topics.length
}
