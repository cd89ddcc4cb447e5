import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetRow } from '#kit'
import run from '#nodes/pipeline/knowledge/run.ts'
import { createKnowledge } from '#runtime/serving/knowledge.ts'
import { runBlock } from '../drivers/run-block.ts'
import { type BenchLine, runBench } from './bench.ts'
import { sharedFolder } from './run-intents.ts'

interface Asked {
  text: string
  intent: string
}

/** Questions whose answer is known: the rows of each label are written questions with one answer, the test asks others of it. */
interface Task {
  key: string
  label: string
  folder: string
  train: string
  language: string
  /** Written questions of each answer. */
  each: number
  /** The label of questions that nothing answers. */
  none?: string
}

const mostAsked = 1_000

async function read(folder: string, file: string): Promise<Asked[]> {
  const text = await readFile(join(sharedFolder('data', folder), file), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Asked)
}

/** Words for an answer as a label has them: "Refund_not_showing_up" is "Refund not showing up". */
const answerOf = (intent: string): string => intent.replaceAll(/[_-]+/g, ' ')

function line({ key, label, folder, train, language, each, none }: Task): BenchLine {
  return {
    figures: {
      [`${key}Hit1`]: { label: `${label}, right answer first`, reference: '', digits: 3 },
      [`${key}Hit3`]: { label: `${label}, right answer among three`, reference: '', digits: 3 },
      [`${key}Floor`]: { label: `${label}, floor that was found`, reference: '', digits: 3 },
      [`${key}Answered`]: { label: `${label}, share of the answerable above the floor`, reference: '', digits: 3 },
      [`${key}AnsweredRight`]: { label: `${label}, right ones of those`, reference: '', digits: 3 },
      ...(none
        ? { [`${key}Refused`]: { label: `${label}, unanswerable below the floor`, reference: '', digits: 3 } }
        : {}),
      [`${key}Ms`]: { label: `${label}, ms a question`, reference: '' },
    },
    async measure(log) {
      const counts = new Map<string, number>()
      const rows = (await read(folder, train)).flatMap(({ text, intent }, i): DatasetRow[] => {
        const seen = counts.get(intent) ?? 0
        counts.set(intent, seen + 1)
        return seen < each && intent !== none ? [{ id: String(i), text, pair: answerOf(intent) }] : []
      })
      const { outputs, folder: at } = await runBlock(run, { config: {}, datasets: { faq: { rows, labels: [] } } })
      const { floor } = outputs.knowledge
      const knowledge = await createKnowledge(at, { threads: 2 })
      const test = await read(folder, 'test.jsonl')
      const step = Math.max(1, test.length / mostAsked)
      const asked = Array.from({ length: Math.min(mostAsked, test.length) }, (_, i) => test[Math.floor(i * step)]!)
      const found = { known: 0, first: 0, three: 0, above: 0, right: 0, foreign: 0, refused: 0, ms: 0 }
      for (const { text, intent } of asked) {
        const { passages, ms } = await knowledge.retrieve({ text, language })
        found.ms += ms
        const answers = passages.map(({ answer }) => answer)
        const isAbove = (passages[0]?.score ?? 0) >= floor
        if (intent === none) {
          found.foreign++
          if (!isAbove) found.refused++
          continue
        }
        const isFirst = answers[0] === answerOf(intent)
        found.known++
        if (isFirst) found.first++
        if (answers.includes(answerOf(intent))) found.three++
        if (isAbove) found.above++
        if (isAbove && isFirst) found.right++
      }
      await knowledge.dispose()
      log(`${folder}: ${rows.length} written questions, ${found.known} asked, ${found.foreign} of them unanswerable`)
      return {
        [`${key}Hit1`]: found.first / found.known,
        [`${key}Hit3`]: found.three / found.known,
        [`${key}Floor`]: floor,
        [`${key}Answered`]: found.above / found.known,
        [`${key}AnsweredRight`]: found.right / Math.max(1, found.above),
        ...(none ? { [`${key}Refused`]: found.refused / Math.max(1, found.foreign) } : {}),
        [`${key}Ms`]: found.ms / asked.length,
      }
    },
  }
}

/** How well written answers are found by questions that nobody wrote down, with the built-in encoder as it comes. */
await runBench('knowledge', [
  line({
    key: 'banking',
    label: 'banking77, 5 questions for each of 77 answers',
    folder: 'banking77_fewshot',
    train: 'train_5.jsonl',
    language: 'en',
    each: 5,
  }),
  line({
    key: 'curekart',
    label: 'HINT3 curekart, up to 10 for each of 28 answers',
    folder: 'hint3_v2_curekart',
    train: 'train.jsonl',
    language: 'en',
    each: 10,
    none: 'NO_NODES_DETECTED',
  }),
  line({
    key: 'smp',
    label: 'SMP2017, up to 10 for each of 31 answers, Chinese',
    folder: 'smp2017_ecdt',
    train: 'train.jsonl',
    language: 'zh-CN',
    each: 10,
  }),
])
