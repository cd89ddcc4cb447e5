import { z } from 'zod'
import { BotloomError } from '#kit'

export type Pooling = 'mean' | 'cls'

/** What is written ahead of a question and of a passage that may answer it; often both empty. */
export interface SentenceRoles {
  query: string
  passage: string
}

/** How a sentence-transformers folder makes one vector of a text. */
export interface SentenceModules {
  pooling: Pooling
  /** Whether sentence vectors are scaled to length 1. */
  normalize: boolean
  /** Written ahead of each text, as E5 and BGE want it (`default_prompt_name`); often empty. */
  prompt: string
  /** Written ahead of what is looked for and of what is found, where questions and answers are told apart (`prompts`). */
  roles: SentenceRoles
  /** Lower case before the tokenizer sees a text. */
  lowercase: boolean
  /** Most tokens of a text that the folder asks for. */
  maxLength?: number
}

/** The file's content as JSON; undefined where there is none. */
export type ReadJson = (file: string) => unknown

const modules = z.array(z.object({ type: z.string(), path: z.string().default('') }))
const poolingFile = z.looseObject({ include_prompt: z.boolean().default(true), pooling_mode: z.string().optional() })
const sentenceFile = z.object({ max_seq_length: z.number().nullish(), do_lower_case: z.boolean().nullish() })
const promptFile = z.object({
  prompts: z.record(z.string(), z.string()).nullish(),
  default_prompt_name: z.string().nullish(),
})

/** The keys of older pooling files, one for each way of pooling. */
const poolingKeys: Record<string, string> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_max_tokens: 'max',
  pooling_mode_mean_sqrt_len_tokens: 'mean_sqrt_len_tokens',
  pooling_mode_weightedmean_tokens: 'weightedmean',
  pooling_mode_lasttoken: 'lasttoken',
}

/**
 * What the sentence-transformers files of a folder say; without them the mean over tokens. `encoder` names the folder in
 * errors. Throws `encoder-unreadable` (a file lies) or `encoder-module-unsupported` (a step that is not ours, or ours in
 * another order).
 */
export function readSentenceModules(json: ReadJson, encoder: string): SentenceModules {
  const read = <T>(file: string, schema: z.ZodType<T>, none: unknown): T => {
    const parsed = schema.safeParse(json(file) ?? none)
    if (parsed.success) return parsed.data
    const { path, message } = parsed.error.issues[0]!
    throw new BotloomError('encoder-unreadable', { encoder, detail: `${file}: ${path.join('.')} ${message}` })
  }
  const unsupported = (module: string): BotloomError =>
    new BotloomError('encoder-module-unsupported', { encoder, module })

  // The last word of a type is its class: the rest of it moved between releases of sentence-transformers.
  const steps = read('modules.json', modules, []).map(({ type, path }) => ({ kind: type.split('.').at(-1)!, path }))
  const places: Record<string, string> = { Transformer: '', Pooling: '1_Pooling' }
  for (const { kind, path } of steps) {
    if (!['Transformer', 'Pooling', 'Normalize'].includes(kind)) throw unsupported(path || kind)
    if (kind in places && path !== places[kind]) throw unsupported(`${kind}: ${path || '.'}`)
  }
  const order = steps.map(({ kind }) => kind).join(' ')
  if (steps.length > 0 && !/^Transformer Pooling(?: Normalize)*$/.test(order)) throw unsupported(order)

  const file = read('1_Pooling/config.json', poolingFile, {})
  const pooling = poolingOf(file, unsupported)
  const { prompts, default_prompt_name: chosen } = read('config_sentence_transformers.json', promptFile, {})
  const prompt = chosen ? prompts?.[chosen] : ''
  if (prompt === undefined)
    throw new BotloomError('encoder-unreadable', {
      encoder,
      detail: `config_sentence_transformers.json: prompts.${chosen} is missing`,
    })
  const roles = rolesOf(prompts ?? {}, prompt)
  if (prompt !== '' && pooling === 'mean' && !file.include_prompt) throw unsupported('include_prompt = false')
  const { max_seq_length: longest, do_lower_case: lower } = read('sentence_bert_config.json', sentenceFile, {})
  return {
    pooling,
    normalize: steps.some(({ kind }) => kind === 'Normalize'),
    prompt,
    roles,
    lowercase: lower ?? false,
    ...(longest ? { maxLength: longest } : {}),
  }
}

/**
 * By the names that sentence-transformers itself looks for (`encode_query`, `encode_document`). BGE names the query alone: then a passage
 * stands as it is. Without either, both have the prompt of every text.
 */
function rolesOf(prompts: Record<string, string>, prompt: string): SentenceRoles {
  const passage = prompts.document ?? prompts.passage ?? prompts.corpus
  if (prompts.query === undefined && passage === undefined) return { query: prompt, passage: prompt }
  return { query: prompts.query ?? '', passage: passage ?? '' }
}

function poolingOf(file: z.infer<typeof poolingFile>, unsupported: (module: string) => BotloomError): Pooling {
  const modes = file.pooling_mode
    ? [file.pooling_mode]
    : Object.keys(poolingKeys)
        .filter((key) => file[key] === true)
        .map((key) => poolingKeys[key]!)
  if (modes.length === 0) return 'mean'
  // Several modes stand side by side in a vector of several widths.
  if (modes.length > 1) throw unsupported(`pooling: ${modes.join(' + ')}`)
  const mode = modes[0]!
  if (mode !== 'mean' && mode !== 'cls') throw unsupported(`pooling: ${mode}`)
  return mode
}
