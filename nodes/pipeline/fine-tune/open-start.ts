import { BotloomError, type ConfigOf, type DatasetRef, type ModelRef, type RunnerContext } from '#kit'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { type EarlierModel, markSeen, readEarlierModel } from '#runtime/training/earlier-model.ts'
import { type TrainingSet, toTrainingSet } from '#runtime/training/training-set.ts'
import type { fineTune } from './node.ts'

/** What the runner of the block, and whoever plans its trials, is given. */
export interface Given {
  config: ConfigOf<typeof fineTune>
  inputs: { train: DatasetRef; validation?: DatasetRef; start?: ModelRef }
  ctx: RunnerContext
}

/** What a training starts with: the rows, and the language model or the earlier model that it goes on from, by its name. */
export async function openStart({ config, inputs, ctx }: Given): Promise<{
  set: TrainingSet
  encoder: Encoder
  earlier: EarlierModel | undefined
  model: string
}> {
  const train = await ctx.datasets.read(inputs.train)
  const validation = inputs.validation ? await ctx.datasets.read(inputs.validation) : []
  const { folder, name, model } = await startOf(config.encoder, inputs.start, ctx)
  const earlier = await readEarlierModel(folder)
  const whole = toTrainingSet(train, validation, inputs.train.labels)
  const all = config.entities ? whole : { ...whole, entityTypes: [] }
  return { set: earlier ? markSeen(all, earlier) : all, encoder: await loadEncoder(folder, name), earlier, model }
}

/** Where training starts: the model that is connected, else the language model by name, which may be a model of ours as well. */
async function startOf(
  encoder: string,
  start: ModelRef | undefined,
  ctx: RunnerContext,
): Promise<{ folder: string; name: string; model: string }> {
  if (!start) return { folder: await ctx.encoders.folder(encoder), name: encoder, model: encoder }
  if (start.kind === 'answers') throw new BotloomError('model-writes-answers')
  return { folder: await ctx.artifacts.open(start.artifact), name: start.encoder, model: start.artifact }
}
