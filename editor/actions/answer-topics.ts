import { graphNow } from '#editor/document/graph-now.ts'
import { addTopicBranches, type OpenTopic, openTopics } from '#editor/document/topic-branches.ts'
import { type Action, isOpen, type Studio } from './action.ts'

/** The Intent block that is picked, with its topics that lead nowhere. */
function meant({ draft, selection }: Studio): { block: string; topics: OpenTopic[] } | null {
  const { document, facts } = draft.getState()
  const [block, ...others] = selection.getState().nodes
  if (block === undefined || others.length > 0) return null
  const topics = openTopics(graphNow(document, facts), block)
  return topics.length > 0 ? { block, topics } : null
}

/** Gives each topic of the picked Intent block that leads nowhere a reply to be written. */
export const answerTopics: Action = {
  name: 'answer-topics',
  group: 'add',
  shortcuts: [],
  when: (studio) => isOpen(studio) && meant(studio) !== null,
  perform(studio) {
    const { draft, canvas, select } = studio
    const found = meant(studio)
    if (!found) return
    let added: string[] = []
    draft.commit(
      (document) => {
        added = addTopicBranches(document, found.block, found.topics, canvas.sizeOf)
      },
      { label: 'answer-topics' },
    )
    select(added)
    canvas.announce(canvas.word('said.topics-answered', { count: added.length }))
    canvas.fitCanvas(added)
  },
}
