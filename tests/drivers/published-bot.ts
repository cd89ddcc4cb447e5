import type { GraphDocument } from '#runtime/graph/document.ts'
import { mainWorkspace } from '#server/db/schema/auth.ts'
import type { Studio } from './studio.ts'

/** A bot of the studio's own workspace whose first version is live. */
export async function publishedBot({ services }: Studio, name: string, document: GraphDocument) {
  const { id } = await services.bots.create(mainWorkspace, { name, document })
  const { version } = await services.versions.publish(mainWorkspace, id, { note: '' }, { id: 'usr_test', name: 'Lin' })
  return { workspace: mainWorkspace, bot: id, pin: { version } }
}
