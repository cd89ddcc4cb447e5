/**
 * A process that groups the messages of one bot: it hears them (`ToClusters`), tells how far it is and what it found (`FromClusters`), and
 * ends. An encoder blocks whoever runs it, and so does the search for groups.
 */
import { loadEncoder } from '#runtime/language/encoder.ts'
import { resolveEncoder } from '#runtime/language/resolve-encoder.ts'
import { chooseExecutor } from '#runtime/tensor/executors/choose.ts'
import { embedMessages } from './embed-messages.ts'
import { groupMessages } from './group-messages.ts'
import type { FromClusters, ToClusters } from './messages.ts'

/** Most of the time goes into reading the messages. */
const embedShare = 0.5

const say = (message: FromClusters): Promise<void> => new Promise((resolve) => process.send!(message, () => resolve()))

async function group({ texts, encoder: name, modelsFolder, seed }: ToClusters): Promise<void> {
  // A measurement of devices would take longer than the work.
  const executor = await chooseExecutor({ wanted: 'cpu' })
  const encoder = await loadEncoder(await resolveEncoder(name, { modelsFolder }), name)
  const { vectors, width } = await embedMessages(
    encoder,
    executor,
    texts,
    (share) => void say({ share: share * embedShare }),
  )
  const grouped = groupMessages(texts, vectors, width, {
    seed,
    onShare: (share) => void say({ share: embedShare + share * (1 - embedShare) }),
  })
  await say({ grouped })
  process.disconnect()
}

process.on('message', (message: ToClusters) => void group(message))
// The server that asked is gone: nobody waits for an answer.
process.once('disconnect', () => process.exit(0))
