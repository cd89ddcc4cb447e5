import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadEncoder } from './encoder.ts'
import { tinyEncoders, writeTinyEncoders } from './fixtures/tiny-encoders.ts'
import { keepLayers, layerChoices, layersLeft, withLayers } from './keep-layers.ts'
import { toSafetensors } from './safetensors.ts'
import { ownWeights } from './weight-names.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-layers-'))
  await writeTinyEncoders(root)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const deep = (layers: number) => ({
  family: 'bert' as const,
  layer_order: Array.from({ length: layers }, (_, i) => i),
  layers_per_group: 1,
})

test('layers are spread evenly from bottom to top, or are the lowest ones', () => {
  expect(layerChoices(deep(12), 4)).toEqual({ spread: [1, 4, 7, 10], lower: [0, 1, 2, 3] })
  expect(layerChoices(deep(6), 3)).toEqual({ spread: [1, 3, 5], lower: [0, 1, 2] })
  expect(layerChoices(deep(6), 5).spread).toEqual([0, 1, 3, 4, 5])
  expect(layersLeft(deep(6), 9)).toBe(6)
})

test('an ALBERT applies its layers less often, each stored one at least once, and a group of them as a whole', async () => {
  const { config } = await loadEncoder(join(root, 'albert'))
  expect(config.layer_order).toEqual([0, 1, 0, 1, 2, 3])
  expect([1, 4, 5, 7].map((wanted) => layersLeft(config, wanted))).toEqual([4, 4, 6, 6])
  expect(layerChoices(config, 4)).toEqual({ spread: [0, 1, 2, 3] })
})

test.each(Object.keys(tinyEncoders))('%s: a folder with fewer layers opens as what it was in memory', async (name) => {
  const encoder = await loadEncoder(join(root, name))
  const count = layersLeft(encoder.config, 1)
  const kept = count === 1 ? [1] : layerChoices(encoder.config, count).spread
  const short = await keepLayers(encoder, kept)
  expect(short.config.num_hidden_layers).toBe(count)
  expect(short.hash).not.toBe(encoder.hash)
  if (count === 1)
    expect(short.weights.get('encoder.layer.0.output.dense.weight')).toBe(
      encoder.weights.get('encoder.layer.1.output.dense.weight'),
    )
  const folder = join(root, `short-${name}`)
  await cp(encoder.folder, folder, { recursive: true })
  const json = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as object
  await writeFile(join(folder, 'config.json'), JSON.stringify(withLayers(json, short.config, count)))
  await writeFile(join(folder, 'model.safetensors'), toSafetensors(ownWeights(short.weights, short.config)))
  const opened = await loadEncoder(folder)
  expect(opened.config).toEqual(short.config)
  expect([...opened.weights].sort()).toEqual([...short.weights].sort())
})
