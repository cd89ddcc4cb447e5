import { BotloomError } from '#kit'
import { type EncoderConfig, encoderShapes } from './encoder-config.ts'
import { familyOf } from './families/parse-config.ts'
import type { Weight, Weights } from './safetensors.ts'

/** Models with a head, and sentence-transformers, write their encoder's weights behind such words. */
const prefixes = /^(?:(?:0\.auto_model|auto_model|model|bert|roberta|distilbert|albert|mpnet)\.)+/

/**
 * An encoder's weights under common names, in the order of the file; what the forward pass does not need is left out.
 * Older exports call a norm's parts gamma and beta. Throws `encoder-unreadable` when a weight is missing or has another
 * shape than the config says, with the name that the file should have.
 */
export function commonWeights(weights: Weights, config: EncoderConfig, encoder: string): Map<string, Weight> {
  const { ownName } = familyOf(config)
  const shapes = encoderShapes(config)
  const commonName = new Map([...shapes.keys()].map((common) => [ownName(common, config), common]))
  const found = new Map<string, Weight>()
  for (const [name, weight] of weights) {
    const common = commonName.get(
      name
        .replace(prefixes, '')
        .replace(/(LayerNorm|layer_norm)\.gamma$/, '$1.weight')
        .replace(/(LayerNorm|layer_norm)\.beta$/, '$1.bias'),
    )
    if (common !== undefined) found.set(common, weight)
  }
  const fail = (detail: string): BotloomError => new BotloomError('encoder-unreadable', { encoder, detail })
  for (const [own, common] of commonName) {
    const shape = shapes.get(common)!
    const weight = found.get(common)
    if (!weight) throw fail(`the weight ${own} is missing`)
    if (weight.shape.join() !== shape.join())
      throw fail(`${own} has the shape ${weight.shape.join(' x ')}, not ${shape.join(' x ')}`)
  }
  return found
}

/** The weights under the family's own names, as they are saved: whatever reads the family's models reads them. */
export function ownWeights(weights: Weights, config: EncoderConfig): Map<string, Weight> {
  const { ownName } = familyOf(config)
  return new Map([...weights].map(([common, weight]) => [ownName(common, config), weight]))
}
