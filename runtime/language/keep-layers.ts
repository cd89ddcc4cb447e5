import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Encoder } from './encoder.ts'
import type { EncoderConfig } from './encoder-config.ts'
import { familyOf, parseEncoderConfig } from './families/parse-config.ts'
import type { Weights } from './safetensors.ts'

type Depth = Pick<EncoderConfig, 'family' | 'layer_order' | 'layers_per_group'>

/** As near to `wanted` layers as an encoder of this kind can come; an ALBERT has each of its stored layers at least once. */
export function layersLeft({ family, layer_order: order, layers_per_group: group }: Depth, wanted: number): number {
  const fewest = family === 'albert' ? new Set(order).size : 1
  return Math.min(order.length, Math.max(fewest, Math.ceil(wanted / group) * group))
}

/**
 * Ways to choose so many of an encoder's layers, each in the order in which they are applied. `spread`: the middle ones of as many
 * equal parts (Sanh et al. 2019 keep every other layer). `lower`: the first ones (Sajjad et al. 2023, section 3.1, drop the top).
 * Where a layer is applied more than once there is nothing to choose.
 */
export function layerChoices({ layer_order: order }: Depth, count: number): { spread: number[]; lower?: number[] } {
  const lower = Array.from({ length: count }, (_, i) => i)
  if (new Set(order).size < order.length) return { spread: lower }
  const spread = lower.map((i) => Math.floor(((i + 0.5) * order.length) / count))
  return String(spread) === String(lower) ? { spread } : { spread, lower }
}

/** The encoder with only these of its layers, counted as they are applied. `hash` tells nothing of the weights that it is given later. */
export async function keepLayers(encoder: Encoder, kept: readonly number[]): Promise<Encoder> {
  const json = JSON.parse(await readFile(join(encoder.folder, 'config.json'), 'utf8')) as object
  const config = parseEncoderConfig(withLayers(json, encoder.config, kept.length), encoder.name)
  return {
    ...encoder,
    config,
    hash: createHash('sha256').update(`${encoder.hash} ${kept.join()}`).digest('hex'),
    weights: config.family === 'albert' ? encoder.weights : renumbered(encoder.weights, kept),
  }
}

/** `config.json` for so many layers. */
export function withLayers(json: object, config: EncoderConfig, count: number): object {
  return { ...json, [familyOf(config).layersField]: count / config.layers_per_group }
}

function renumbered(weights: Weights, kept: readonly number[]): Weights {
  const place = new Map(kept.map((layer, i) => [layer, i]))
  return new Map(
    [...weights].flatMap(([name, weight]) => {
      const layer = /^encoder\.layer\.(\d+)\./.exec(name)?.[1]
      if (layer === undefined) return [[name, weight]]
      const to = place.get(Number(layer))
      return to === undefined ? [] : [[name.replace(/\d+/, String(to)), weight]]
    }),
  )
}
