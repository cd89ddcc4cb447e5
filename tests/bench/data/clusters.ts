import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { embedMessages } from '#runtime/clusters/embed-messages.ts'
import { groupMessages, mostGrouped } from '#runtime/clusters/group-messages.ts'
import { loadEncoder } from '#runtime/language/encoder.ts'
import { builtinEncoder, resolveEncoder } from '#runtime/language/resolve-encoder.ts'
import { chooseExecutor } from '#runtime/tensor/executors/choose.ts'
import { seededRandom } from '#runtime/training/seeded.ts'
import type { BenchLine } from '../bench.ts'
import { sharedFolder } from '../run-intents.ts'
import { adjustedMutualInformation } from './agreement.ts'
import { kMeans } from './k-means.ts'

/** Groups of messages by density, held against k-means that is told how many there are. */
export const clusters: BenchLine = {
  figures: {
    clusters: { label: 'groups found among the test rows of banking77', reference: '77 topics', digits: 0 },
    clusterAmi: {
      label: 'their adjusted mutual information with the topics',
      reference: 'the more the better',
      digits: 3,
    },
    kmeansAmi: { label: 'that of k-means with the true number', reference: '-', digits: 3 },
    clusterAmiVsKmeans: { label: 'the difference', reference: '>= -0.03', digits: 3 },
    clusterSeconds5k: { label: 'seconds to group 5,000 messages', reference: '<= 20 on two cores', digits: 1 },
    clusterEmbedSeconds5k: { label: 'seconds to read them before', reference: '-', digits: 1 },
  },
  async measure(log) {
    const folder = sharedFolder('data', 'banking77')
    const [test, train] = await Promise.all([
      readRows(join(folder, 'test.jsonl')),
      readRows(join(folder, 'train.jsonl')),
    ])
    const encoder = await loadEncoder(await resolveEncoder(builtinEncoder, { modelsFolder: '' }), builtinEncoder)
    const executor = await chooseExecutor({ wanted: 'cpu' })
    const asked = await embedMessages(encoder, executor, textsOf(test))
    const { groups, groupOf, isProbable } = groupMessages(textsOf(test), asked.vectors, asked.width)
    const topics = [...new Set(test.map(({ intent }) => intent))]
    const truth = test.map(({ intent }) => topics.indexOf(intent))
    const clusterAmi = adjustedMutualInformation(truth, groupOf)
    const left = groupOf.filter((group) => group < 0).length
    log(`${test.length} messages, ${topics.length} topics: ${groups.length} groups, ${left} left over as one more`)
    log(`${isProbable.filter(Boolean).length} probable members; AMI ${clusterAmi.toFixed(3)}`)
    for (const { members, words, central } of groups.slice(0, 5))
      log(`  ${members.length} ${words.join(' · ')}: ${test[central]!.text}`)
    const how = { groups: topics.length, starts: 5, random: seededRandom(1) }
    const kmeansAmi = adjustedMutualInformation(truth, kMeans(asked.vectors, asked.width, how))
    log(`k-means, told that there are ${topics.length}: AMI ${kmeansAmi.toFixed(3)}`)

    // Every second of the training rows, so that all topics are among them.
    const many = train.filter((_, row) => row % 2 === 0).slice(0, mostGrouped)
    let from = performance.now()
    const vectors = await embedMessages(encoder, executor, textsOf(many))
    const clusterEmbedSeconds5k = (performance.now() - from) / 1_000
    from = performance.now()
    groupMessages(textsOf(many), vectors.vectors, vectors.width)
    const clusterSeconds5k = (performance.now() - from) / 1_000
    log(`${many.length} messages of training rows`)
    return {
      clusters: groups.length,
      clusterAmi,
      kmeansAmi,
      clusterAmiVsKmeans: clusterAmi - kmeansAmi,
      clusterSeconds5k,
      clusterEmbedSeconds5k,
    }
  },
}

interface Row {
  text: string
  intent: string
}

const textsOf = (rows: readonly Row[]): string[] => rows.map(({ text }) => text)

async function readRows(file: string): Promise<Row[]> {
  const text = await readFile(file, 'utf8')
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as Row]))
}
