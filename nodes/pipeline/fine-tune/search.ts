import {
  BotloomError,
  type DatasetRef,
  type EndedTrial,
  isErrorCode,
  type ModelRef,
  modelRef,
  type RunnerContext,
  type TrialPlan,
  type TrialRow,
} from '#kit'
import { readCard } from '#runtime/language/read-card.ts'
import { chooseDevice } from '#runtime/training/choose-device.ts'
import { measureEncoder } from '#runtime/training/choose-method.ts'
import { holdOut } from '#runtime/training/hold-out.ts'
import { encoderLearningRate, epochsFor, membersFor } from '#runtime/training/recipe.ts'
import {
  bestTrial,
  type JudgedTrial,
  methodTrials,
  mostTrials,
  type PlannedTrial,
  refiningTrials,
} from '#runtime/training/search.ts'
import { fineTune } from './node.ts'
import { type Given, openStart } from './open-start.ts'

/** The trials that come next, by what the former ones gave; null where nothing is searched for. */
export async function planTrials({ config, inputs, ctx }: Given): Promise<TrialPlan | null> {
  if (config.learns !== 'labels' || config.method !== 'search') return null
  ctx.progress({ phase: 'loading', share: 0 })
  const ended = await Promise.all(ctx.trials.map((trial) => judge(trial, ctx)))
  const seconds = config.minutes * 60
  // Whoever asks for an end gets the best of what was tried.
  const enough = ctx.finish.aborted && ended.some((trial) => trial.model)
  const planned = enough
    ? []
    : ended.length === 0
      ? await firstTrials({ config, inputs, ctx })
      : refiningTrials(ended, encoderLearningRate, seconds).map((trial) => ({
          ...trial,
          inputs: ended[0]!.trial.inputs,
        }))
  return {
    trials: planned.map(({ id, setting, limit, inputs }) => ({
      id,
      config: {
        ...config,
        keptLayers: null,
        method: setting.method,
        layers: setting.layers ?? config.layers,
        learningRate: setting.learningRate ?? encoderLearningRate,
        epochs: setting.epochs,
      },
      inputs,
      limit,
    })),
    atMost: mostTrials(ended, planned),
  }
}

/** The model of the best trial, and the table of all. Throws the first trial's failure where none gave a model. */
export async function chooseModel(ctx: RunnerContext): Promise<ModelRef> {
  const ended = await Promise.all(ctx.trials.map((trial) => judge(trial, ctx)))
  const best = bestTrial(ended)
  const failure = ended[0]?.trial.failure
  if (!best?.model)
    throw new BotloomError(failure && isErrorCode(failure.code) ? failure.code : 'unexpected', failure?.params)
  ctx.progress({
    phase: 'saving',
    share: 1,
    validationAccuracy: best.heldOut?.accuracy,
    device: best.device ?? undefined,
  })
  return { ...best.model, trials: ended.map((trial) => toRow(trial, trial === best)) }
}

async function firstTrials({ config, inputs, ctx }: Given): Promise<(PlannedTrial & Pick<EndedTrial, 'inputs'>)[]> {
  const { set: given, encoder } = await openStart({ config, inputs, ctx })
  // All are judged on the same rows: where the person keeps none apart, a tenth of train is.
  const set = given.validation.length > 0 ? given : holdOut(given, config.seed)
  const kept = new Set(set.train.map((row) => row.id))
  const apart = new Set(given.train.flatMap((row) => (kept.has(row.id) ? [] : [row.id])))
  const judgedOn = apart.size === 0 ? { ...inputs } : { ...inputs, ...(await dealt(inputs.train, apart, ctx)) }
  const executor = await chooseDevice(ctx)
  return methodTrials({
    ...(await measureEncoder(executor, encoder, set, ctx.signal)),
    epochs: epochsFor(set.train.length),
    members: config.members ?? membersFor(set.train.length),
    rows: set.train.length,
    labels: set.labels.length,
    seconds: config.minutes * 60,
  }).map((trial) => ({ ...trial, inputs: judgedOn }))
}

/** The rows with these ids for validation, the others to learn from. */
async function dealt(
  train: DatasetRef,
  apart: ReadonlySet<string>,
  ctx: RunnerContext,
): Promise<{ train: DatasetRef; validation: DatasetRef }> {
  const rows = await ctx.datasets.read(train)
  const write = (wanted: boolean): Promise<DatasetRef> =>
    ctx.datasets.write(
      rows.filter((row) => apart.has(row.id) === wanted),
      train.labels,
    )
  return { train: await write(false), validation: await write(true) }
}

interface Judged extends JudgedTrial {
  trial: EndedTrial
  model: ModelRef | null
  learningRate: number | null
  device: string | null
}

/** A trial that ended, with what its model's card says of it. */
async function judge(trial: EndedTrial, ctx: RunnerContext): Promise<Judged> {
  const config = fineTune.config.parse(trial.config)
  if (config.method === 'search' || config.method === 'automatic') throw new Error(`${config.method} is not tried`)
  const tunes = config.method !== 'head'
  const learningRate = config.learningRate ?? encoderLearningRate
  const ended = {
    trial,
    seconds: trial.seconds,
    setting: {
      method: config.method,
      layers: config.method === 'partial' ? config.layers : null,
      learningRate: learningRate === encoderLearningRate ? null : learningRate,
      epochs: config.epochs,
    },
    learningRate: tunes ? learningRate : null,
  }
  const model = modelRef.safeParse(trial.outputs?.model)
  if (!model.success) return { ...ended, model: null, heldOut: null, epochs: config.epochs ?? 0, device: null }
  const card = await readCard(await ctx.artifacts.open(model.data.artifact))
  const { accuracy, loss, rows } = card.heldOut
  return {
    ...ended,
    model: model.data,
    heldOut: { accuracy, loss: loss ?? 0, rows },
    epochs: tunes ? Number(card.training.settings.epochs) : 0,
    device: card.training.device,
  }
}

function toRow({ setting, learningRate, epochs, heldOut, seconds, device, trial }: Judged, chosen: boolean): TrialRow {
  return {
    method: setting.method,
    layers: setting.layers,
    learningRate,
    epochs: epochs === 0 ? null : epochs,
    heldOut,
    seconds,
    device,
    chosen,
    failure: trial.failure,
  }
}
