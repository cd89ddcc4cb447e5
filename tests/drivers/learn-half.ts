import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatasetRow, LabelRef, Progress, RunNote, RunnerContext } from '#kit'
import { resolveEncoder } from '#runtime/language/resolve-encoder.ts'
import { createArtifactFolder } from '#runtime/worker/artifacts.ts'
import { createDatasets } from '#runtime/worker/datasets.ts'

/** A place for blocks of the Learn half to run in a test: real artifacts, datasets and the built-in encoder. */
export async function learnHalf() {
  const folder = await mkdtemp(join(tmpdir(), 'botloom-learn-'))
  const artifacts = createArtifactFolder(join(folder, 'artifacts'))
  const progress: Progress[] = []
  const notes: RunNote[] = []
  const stop = new AbortController()
  const ctx: RunnerContext = {
    signal: stop.signal,
    finish: new AbortController().signal,
    progress: (step) => progress.push(step),
    note: (note) => notes.push(note),
    artifacts,
    datasets: createDatasets(artifacts),
    records: {
      set: () => Promise.reject(new Error('no sets')),
      file: () => Promise.reject(new Error('no files')),
      upload: () => Promise.reject(new Error('no files')),
    },
    uploads: { read: () => Promise.reject(new Error('no files')) },
    encoders: { folder: (name, kind) => resolveEncoder(name, { modelsFolder: join(folder, 'models'), kind }) },
    cacheFolder: join(folder, 'cache'),
    trainingFolder: join(folder, 'trainings'),
    threads: 2,
    devices: { folder: join(folder, 'cache'), avoid: [] },
    shrink: 0,
    trials: [],
  }
  return { ctx, folder, progress, notes, stop, dispose: () => rm(folder, { recursive: true, force: true }) }
}

/** Rows of the sample shop: some of its labels, `each` rows of both languages a label, dealt by turns. */
export async function shopRows(labelCount: number, each: number) {
  const file = (name: string) =>
    readFile(join(import.meta.dirname, '../../nodes/templates/e-commerce/data', name), 'utf8')
  const lines = async (name: string) =>
    (await file(name))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { text: string; intent?: string; language: string })
  const all = await lines('intents.jsonl')
  const names = [...new Set(all.map((row) => row.intent!))].slice(0, labelCount)
  const labels: LabelRef[] = names.map((name) => ({ id: `lbl_${name}`, name }))
  const rows = names.flatMap((name) => {
    const own = all.filter((row) => row.intent === name)
    const chosen = ['zh-CN', 'en'].flatMap((language) =>
      own.filter((row) => row.language === language).slice(0, Math.ceil(each / 2)),
    )
    return chosen.map(
      ({ text, language }, i): DatasetRow => ({ id: `${name}-${i}`, text, language, label: `lbl_${name}` }),
    )
  })
  const outOfScope = (await lines('out-of-scope.jsonl')).map(
    ({ text, language }, i): DatasetRow => ({ id: `out-${i}`, text, language, outOfScope: true }),
  )
  return {
    labels,
    train: rows.filter((_, i) => i % 4 !== 0),
    test: rows.filter((_, i) => i % 4 === 0),
    outOfScope,
  }
}
