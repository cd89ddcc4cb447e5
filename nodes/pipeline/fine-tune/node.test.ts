import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { datasetRef, modelRef } from '#kit'
import { describeBlock } from '#kit/harness.ts'
import { loadEncoder } from '#runtime/language/encoder.ts'
import { readCard } from '#runtime/language/read-card.ts'
import { createClassifier } from '#runtime/serving/classifier.ts'
import { learnHalf, shopRows } from '../../../tests/drivers/learn-half.ts'
import { fineTune } from './node.ts'
import run from './run.ts'

describeBlock(fineTune, import.meta.url)

let half: Awaited<ReturnType<typeof learnHalf>>
let shop: Awaited<ReturnType<typeof shopRows>>
beforeAll(async () => {
  half = await learnHalf()
  shop = await shopRows(4, 16)
})
afterAll(() => half.dispose())

const train = () => half.ctx.datasets.write(shop.train, shop.labels)
const quick = { epochs: 2, batchSize: 8, patience: 1 }

test.each(['head', 'setfit', 'partial', 'lora', 'full'] as const)(
  '%s: the model knows its labels, opens again and is reported on the way',
  async (method) => {
    const validation = await half.ctx.datasets.write(shop.test, shop.labels)
    half.progress.length = 0
    const { model } = await run.run({
      config: fineTune.config.parse({ method, ...quick }),
      inputs: { train: await train(), validation },
      ctx: half.ctx,
    })
    expect(modelRef.parse(model)).toEqual(model)
    expect(model).toMatchObject({ encoder: 'botloom-zh-en', method, labels: shop.labels })
    expect(model.validationAccuracy).toBeGreaterThan(0.5)

    const folder = await half.ctx.artifacts.open(model.artifact)
    const classifier = await createClassifier(folder)
    expect(classifier.card).toMatchObject({ method, heldOut: { from: 'validation', rows: shop.test.length } })
    expect(classifier.card.int8).toMatchObject({ rows: shop.test.length, fullAccuracy: model.validationAccuracy })
    expect(classifier.card.int8!.accuracy).toBeGreaterThan(0.5)
    const answers = await classifier.classify(shop.train.map((row) => row.text))
    const right = answers.filter((answer, i) => answer.labels[0]!.label === shop.train[i]!.label).length
    expect(right / answers.length).toBeGreaterThan(0.8)
    await classifier.dispose()
    expect((await readFile(join(folder, 'README.md'), 'utf8')).startsWith('# A Botloom model')).toBe(true)
    expect((await loadEncoder(folder)).config.hidden_size).toBe(256)

    const shares = half.progress.map((step) => step.share)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    if (method !== 'head') {
      expect(half.progress.find((step) => step.step !== undefined)).toMatchObject({
        steps: expect.any(Number),
        epoch: 1,
      })
    }
  },
)

test('the thorough method changes the encoder, the quick one does not', async () => {
  const weights = async (method: string) => {
    const config = fineTune.config.parse({ method, ...quick })
    const { model } = await run.run({ config, inputs: { train: await train() }, ctx: half.ctx })
    return (await stat(join(await half.ctx.artifacts.open(model.artifact), 'model.safetensors'))).size
  }
  const frozen = await weights('head')
  // Half floats as they came against 32-bit floats as they were trained.
  expect(await weights('full')).toBeGreaterThan(frozen * 1.9)
})

const settingsOf = async (config: object, rows: typeof shop) => {
  const data = await half.ctx.datasets.write(rows.train, rows.labels)
  const { model } = await run.run({
    config: fineTune.config.parse({ ...quick, ...config }),
    inputs: { train: data },
    ctx: half.ctx,
  })
  const folder = await half.ctx.artifacts.open(model.artifact)
  const { settings, chosen } = (await readCard(folder)).training
  return { method: model.method, card: { ...settings, chosen }, folder }
}

test('the top layers alone change, as many as there are', async () => {
  const before = await loadEncoder(await half.ctx.encoders.folder('botloom-zh-en'))
  const depth = before.config.num_hidden_layers
  const { card, folder } = await settingsOf({ method: 'partial', layers: 1 }, shop)
  expect(card).toMatchObject({ layers: 1 })
  const after = await loadEncoder(folder)
  const changed = [...after.weights].filter(([name, { data }]) =>
    data.some((v, i) => v !== before.weights.get(name)!.data[i]),
  )
  expect(changed.length).toBe(16)
  for (const [name] of changed) expect(name).toContain(`encoder.layer.${depth - 1}.`)
  expect((await settingsOf({ method: 'partial', layers: 48, epochs: 1 }, shop)).card).toMatchObject({ layers: depth })
})

test.each(['head', 'full'])(
  '%s: of the layers so many are kept, and the run, the card and the folder say so',
  async (method) => {
    half.notes.length = 0
    half.progress.length = 0
    const { card, folder } = await settingsOf({ method, keptLayers: 2, epochs: 1 }, shop)
    expect(card).toMatchObject({ keptLayers: 2, distilledEpochs: 3 })
    expect((await loadEncoder(folder)).config.num_hidden_layers).toBe(2)
    expect((await readCard(folder)).shorter).toMatchObject({ layers: 2, of: 4 })
    expect(half.notes.map(({ code }) => code)).toContain('layers-kept')
    expect(half.progress.map(({ phase }) => phase)).toContain('distilling')
  },
)

test('what holds a training back is taken over from the form and stands in the card', async () => {
  const regularisers = { labelSmoothing: 0.1, rDrop: 1, adversarial: 0.5, clipNorm: 0.5, classWeights: 'balanced' }
  const { card } = await settingsOf({ method: 'partial', layers: 1, epochs: 1, ...regularisers }, shop)
  expect(card).toMatchObject({ ...regularisers, stopBy: 'automatic' })
})

test('R-Drop without dropout is called what it is: time for nothing', () => {
  const problems = (config: object) =>
    fineTune.check!(fineTune.config.parse(config), { languages: [], names: [] }).map(({ code }) => code)
  expect(problems({ method: 'full', rDrop: 1, dropout: 0 })).toEqual(['r-drop-alone'])
  expect(problems({ method: 'full', rDrop: 1 })).toEqual([])
  expect(problems({ method: 'head', rDrop: 1, dropout: 0 })).toEqual([])
})

test('left to itself the block says what it chose and why', async () => {
  const few = await settingsOf({ method: 'automatic' }, shop)
  expect(few).toMatchObject({ method: 'head', card: { chosen: { why: 'few-rows', rows: 48, labels: 4 } } })
  const more = await settingsOf({ method: 'automatic', epochs: 1 }, await shopRows(4, 24))
  expect(more).toMatchObject({
    method: 'full',
    card: { chosen: { why: 'fits', allowed: 10 } },
  })
})

test('training goes on from a model that is connected, and the card names it', async () => {
  const config = fineTune.config.parse({})
  const first = await run.run({
    config: { ...config, method: 'partial', ...quick, epochs: 1 },
    inputs: { train: await train() },
    ctx: half.ctx,
  })
  const others = await shopRows(6, 8)
  const rows = others.train.filter((row) => !shop.labels.slice(1).some(({ id }) => id === row.label))
  const data = await half.ctx.datasets.write(rows, others.labels)
  const { model } = await run.run({ config, inputs: { train: data, start: first.model }, ctx: half.ctx })
  expect(model.labels.map(({ id }) => id)).toEqual([shop.labels[0]!.id, ...others.labels.slice(4).map(({ id }) => id)])
  const [before, after] = await Promise.all(
    [first.model, model].map((one) => half.ctx.artifacts.open(one.artifact).then(readCard)),
  )
  expect(before!.training.continuedFrom).toBeUndefined()
  expect(after!.training.continuedFrom).toEqual({
    model: first.model.artifact,
    dataHash: before!.training.dataHash,
  })
  // A frozen encoder: its weights are those that the first training gave.
  expect(after!.files['model.safetensors']).toBe(before!.files['model.safetensors'])
})

/** Rows of two labels, in both languages, that say where a city is. */
function cityRows() {
  const cities = ['北京', '上海', '广州', 'Berlin', 'Paris', 'New York']
  const rows = cities.flatMap((city, i) =>
    [
      `寄到${city}要几天？`,
      `how long does it take to ${city}`,
      `取消去${city}的订单`,
      `cancel my order to ${city} 😀`,
    ].map((text, k) => {
      const start = text.indexOf(city)
      const entities = [{ start, end: start + city.length, type: 'city' }]
      return { id: `${i}-${k}`, text, label: k < 2 ? 'lbl_ship' : 'lbl_cancel', entities }
    }),
  )
  return { rows, labels: ['ship', 'cancel'].map((name) => ({ id: `lbl_${name}`, name })) }
}

test('entities are learned with the labels where rows have them, unless the block says no', async () => {
  const { rows, labels } = cityRows()
  const data = await half.ctx.datasets.write(rows, labels)
  const trained = async (config: object) => {
    const { model } = await run.run({ config: fineTune.config.parse(config), inputs: { train: data }, ctx: half.ctx })
    return half.ctx.artifacts.open(model.artifact)
  }
  const classifier = await createClassifier(await trained({}))
  expect(classifier.card.entities).toMatchObject({ types: ['city'], heldOut: { rows: expect.any(Number) } })
  const answers = await classifier.classify(rows.map((row) => row.text))
  const found = answers.filter((answer, i) => {
    const [only, ...more] = answer.entities!
    return more.length === 0 && only?.start === rows[i]!.entities[0]!.start && only.end === rows[i]!.entities[0]!.end
  })
  expect(found.length / rows.length).toBeGreaterThan(0.8)
  await classifier.dispose()
  const without = await readCard(await trained({ entities: false }))
  expect(without).not.toHaveProperty('entities')
  expect(without).not.toHaveProperty('int8')
})

test('the smaller form of a model that finds entities is tried on those as well', async () => {
  const { rows, labels } = cityRows()
  const [learned, apart] = [0, 1].map((part) => rows.filter((_, i) => (i % 3 === 0 ? 1 : 0) === part))
  const inputs = {
    train: await half.ctx.datasets.write(learned!, labels),
    validation: await half.ctx.datasets.write(apart!, labels),
  }
  const { model } = await run.run({ config: fineTune.config.parse({}), inputs, ctx: half.ctx })
  const { int8, entities } = await readCard(await half.ctx.artifacts.open(model.artifact))
  expect(int8).toMatchObject({ rows: apart!.length, entities: { fullF1: entities!.heldOut.f1 } })
  expect(int8!.entities!.f1).toBeGreaterThan(0.5)
})

test('a search without validation rows judges all of its trials on the same rows, which none of them learns', async () => {
  const plan = await run.plan?.({
    config: fineTune.config.parse({ method: 'search' }),
    inputs: { train: await train() },
    ctx: half.ctx,
  })
  expect(plan!.trials.map(({ id }) => id)).toEqual(['head', 'full', 'setfit', 'lora', 'partial.layers-2'])
  const { inputs } = plan!.trials[0]!
  for (const trial of plan!.trials) expect(trial.inputs).toEqual(inputs)
  const ids = async (ref: unknown) => (await half.ctx.datasets.read(datasetRef.parse(ref))).map(({ id }) => id)
  const [learned, apart] = [await ids(inputs.train), await ids(inputs.validation)]
  expect([...learned, ...apart].sort()).toEqual(shop.train.map(({ id }) => id).sort())
  expect(apart.length).toBeGreaterThan(0)
})

test('rows out of scope teach nothing', async () => {
  const outside = await half.ctx.datasets.write([...shop.train, ...shop.outOfScope.slice(0, 20)], shop.labels)
  const { model } = await run.run({ config: fineTune.config.parse({}), inputs: { train: outside }, ctx: half.ctx })
  const classifier = await createClassifier(await half.ctx.artifacts.open(model.artifact))
  expect(classifier.card.training.rows).toBe(shop.train.length)
  await classifier.dispose()
})

test('the out-of-scope score is chosen by foreign rows of validation, else by labels left out, and the model says which', async () => {
  const card = async (validation: typeof shop.test) => {
    const inputs = { train: await train(), validation: await half.ctx.datasets.write(validation, shop.labels) }
    const { model } = await run.run({ config: fineTune.config.parse({}), inputs, ctx: half.ctx })
    const folder = await half.ctx.artifacts.open(model.artifact)
    const readme = await readFile(join(folder, 'README.md'), 'utf8')
    return { ...(await readCard(folder)), readme }
  }
  const seen = await card([...shop.test, ...shop.outOfScope.slice(0, 20)])
  const best = ({ scope: { score, compared } }: typeof seen): void => {
    const own = compared.find((each) => each.score === score)!
    // Within a standard error of the best, which so few rows make wide.
    expect(compared[0]!.auroc - own.auroc).toBeLessThanOrEqual(0.1)
  }
  expect(seen.scope.by).toBe('outside')
  best(seen)
  expect(seen.scope.compared).toHaveLength(5)
  expect(seen.heldOut.rows).toBe(shop.test.length)
  expect(seen.readme).toContain('on the foreign rows of validation')
  const unseen = await card(shop.test)
  expect(unseen.scope.by).toBe('labels')
  best(unseen)
  expect(unseen.readme).toContain('by leaving labels out')
})

test('data with one label, and data without rows, are refused in words', async () => {
  const only = shop.train.filter((row) => row.label === shop.labels[0]!.id)
  const one = await half.ctx.datasets.write(only, shop.labels)
  const none = await half.ctx.datasets.write([], shop.labels)
  const start = (ref: typeof one) =>
    run.run({ config: fineTune.config.parse({}), inputs: { train: ref }, ctx: half.ctx })
  await expect(start(one)).rejects.toMatchObject({ code: 'too-few-labels' })
  await expect(start(none)).rejects.toMatchObject({ code: 'no-training-rows' })
})

test.each(['head', 'setfit', 'partial', 'lora', 'full'])('%s: a stop is heard and leaves no model', async (method) => {
  const stop = new AbortController()
  const ctx = {
    ...half.ctx,
    signal: stop.signal,
    progress: ({ phase }: { phase: string }) => {
      if (phase === 'training') stop.abort()
    },
  }
  const work = run.run({ config: fineTune.config.parse({ method, ...quick }), inputs: { train: await train() }, ctx })
  await expect(work).rejects.toThrow('aborted')
})
