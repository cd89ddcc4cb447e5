import { z } from 'zod'
import { fillText } from './errors/errors.ts'

interface NoteEntry {
  /** `warn`: something went wrong and the run goes on all the same. */
  tone: 'info' | 'warn'
  'zh-CN': string
  en: string
}

/** Everything that a run may tell of itself besides its progress and its failures, with `{{param}}` places. */
const catalogue = {
  'memory-ran-out': {
    tone: 'warn',
    'zh-CN': '内存不够：从这里起每次只算 {{rows}} 条，算完一整批再学，结果不变，只是慢一些。',
    en: 'Memory ran out: {{rows}} rows at a time from here. It takes longer; what is learned stays the same.',
  },
  'loss-ran-away': {
    tone: 'warn',
    'zh-CN': '第 {{epoch}} 轮的损失失控：已退回到之前的状态，学习率减半后继续。',
    en: 'The loss ran away in round {{epoch}}: went back and halved the learning rate.',
  },
  'training-picked-up': {
    tone: 'info',
    'zh-CN': '训练曾被中断：从第 {{epoch}} 轮（共 {{epochs}} 轮）接着学。',
    en: 'Picked up at round {{epoch}} of {{epochs}} after an interruption.',
  },
  'training-moved': {
    tone: 'info',
    'zh-CN':
      '训练曾在 {{from}} 上被中断：在 {{to}} 上从第 {{epoch}} 轮（共 {{epochs}} 轮）接着学。换了设备，结果的末几位会和不中断时不同。',
    en: 'Interrupted on {{from}}, picked up on {{to}} at round {{epoch}} of {{epochs}}. On another device the last digits differ from those of an unbroken training.',
  },
  'training-ended-early': {
    tone: 'info',
    'zh-CN': '学完第 {{epoch}} 轮（共 {{epochs}} 轮）后按要求提前结束，保留了目前最好的结果。',
    en: 'Ended on request after round {{epoch}} of {{epochs}}; the best so far is kept.',
  },
  'fewer-averaged': {
    tone: 'info',
    'zh-CN': '按要求提前结束：{{count}} 次训练里学完了 {{averaged}} 次，保留学完的。',
    en: 'Ended on request: {{averaged}} of {{count}} trainings were done, and those are kept.',
  },
  'kept-training-unusable': {
    tone: 'warn',
    'zh-CN': '上次中断时留下的进度不完整，不能用：训练从头开始。',
    en: 'What an interrupted training had left is not whole and was put aside: training began anew.',
  },
  'training-not-kept': {
    tone: 'warn',
    'zh-CN': '磁盘没有空间保存训练进度：训练照常继续，但如果中断就要从头开始。',
    en: 'The disk has no room for the state of the training: it goes on, but an interruption would cost what it has learned.',
  },
  'made-rows-left-out': {
    tone: 'info',
    'zh-CN': '有 {{rows}} 条扩充出来的句子没有用：它们的原句分到了验证或考试部分，学了就等于泄题。',
    en: '{{rows}} made sentences are left out: the sentences that they were made from went to validation or test, and learning them would give those away.',
  },
  'entities-lost': {
    tone: 'warn',
    'zh-CN': '有 {{rows}} 条记录清洗后，标出的实体找不到原来的位置，这些实体已去掉；句子和标签还在。',
    en: 'In {{rows}} records the marked entities have no place in the cleaned text and were dropped; the sentences and their labels stay.',
  },
  'small-model-answers': {
    tone: 'info',
    'zh-CN':
      '由更小的模型（int8）来回答：在 {{rows}} 道验证题上少对 {{points}} 个百分点，用时是完整模型的 {{share}}%。',
    en: 'The smaller model (int8) answers: on {{rows}} validation questions it loses {{points}} points and takes {{share}}% of the time.',
  },
  'small-model-refused': {
    tone: 'info',
    'zh-CN':
      '由完整的模型来回答：更小的模型（int8）在 {{rows}} 道验证题上少对 {{points}} 个百分点，用时是完整模型的 {{share}}%。',
    en: 'The full model answers: the smaller one (int8) loses {{points}} points on {{rows}} validation questions and takes {{share}}% of the time.',
  },
  'small-model-answers-entities': {
    tone: 'info',
    'zh-CN':
      '由更小的模型（int8）来回答：在 {{rows}} 道验证题上少对 {{points}} 个百分点，实体的 F1 少 {{entityPoints}} 个百分点，用时是完整模型的 {{share}}%。',
    en: 'The smaller model (int8) answers: on {{rows}} validation questions it loses {{points}} points, and {{entityPoints}} points of entity F1, and takes {{share}}% of the time.',
  },
  'small-model-refused-entities': {
    tone: 'info',
    'zh-CN':
      '由完整的模型来回答：更小的模型（int8）在 {{rows}} 道验证题上少对 {{points}} 个百分点，实体的 F1 少 {{entityPoints}} 个百分点，用时是完整模型的 {{share}}%。',
    en: 'The full model answers: the smaller one (int8) loses {{points}} points on {{rows}} validation questions, and {{entityPoints}} points of entity F1, and takes {{share}}% of the time.',
  },
  'layers-kept': {
    tone: 'info',
    'zh-CN':
      '由 {{layers}} 层的模型来回答（原来 {{of}} 层）：在没学过的 {{rows}} 条记录上，完整的模型对 {{full}}%，它对 {{own}}%；大小是完整模型的 {{size}}%，用时是 {{share}}%。',
    en: 'A model of {{layers}} layers answers, of {{of}} before: on {{rows}} records that neither had learned it is right in {{own}}%, the full one in {{full}}%; it has {{size}}% of the size and takes {{share}}% of the time.',
  },
  'all-layers-kept': {
    tone: 'info',
    'zh-CN': '这个语言模型只有 {{layers}} 层，全部保留。',
    en: 'The language model has {{layers}} layers in all; every one is kept.',
  },
  'knowledge-read': {
    tone: 'info',
    'zh-CN':
      '读了 {{documents}} 份文档和 {{questions}} 条问答，切成 {{passages}} 段；其中 {{fresh}} 段是新的或改过的，只为它们重新计算。',
    en: 'Read {{documents}} documents and {{questions}} written answers, {{passages}} passages in all. {{fresh}} of them are new or changed; only those were computed anew.',
  },
  'knowledge-floor': {
    tone: 'info',
    'zh-CN':
      '把握达到 {{floor}}% 才回答。用资料本身出的 {{inside}} 道题来试，{{kept}}% 能答上；{{outside}} 道资料里没有答案的题，{{refused}}% 会说不知道。',
    en: 'It answers from a confidence of {{floor}}% on. Of {{inside}} trial questions made from the material, {{kept}}% get an answer; of {{outside}} that it does not answer, {{refused}}% are told so.',
  },
  'knowledge-floor-guessed': {
    tone: 'warn',
    'zh-CN': '资料太少，没法出题来试：把握达到 {{floor}}% 才回答是个估计值。',
    en: 'There is too little material to try questions on: that it answers from a confidence of {{floor}}% on is an estimate.',
  },
  'document-pages-empty': {
    tone: 'warn',
    'zh-CN': '“{{file}}”有 {{pages}} 页没有文字，可能是扫描的图片，这些页答不上来。',
    en: '{{pages}} pages of "{{file}}" hold no text and are probably scanned; nothing on them can be answered.',
  },
  'computing-on': {
    tone: 'info',
    'zh-CN': '运行在 {{device}} 上。',
    en: 'Computing on {{device}}.',
  },
  'device-given-up': {
    tone: 'warn',
    'zh-CN': '{{failed}} 中途出错，换用 {{device}}。',
    en: '{{failed}} failed in the midst; {{device}} takes over.',
  },
} satisfies Record<string, NoteEntry>

export type RunNoteCode = keyof typeof catalogue

/**
 * One thing that happened in a run and that a person should know of. Like an error it carries a code with params, and is worded
 * where it is read, in the reader's language.
 */
export interface RunNote {
  code: RunNoteCode
  params: Record<string, string | number>
}

export const runNote = z.object({
  code: z.string().refine(isRunNoteCode),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})

export function isRunNoteCode(code: string): code is RunNoteCode {
  return Object.hasOwn(catalogue, code)
}

export function runNoteText({ code, params }: RunNote, locale: string): string {
  return fillText(catalogue[code][locale.startsWith('zh') ? 'zh-CN' : 'en'], params)
}

export function runNoteTone(code: RunNoteCode): NoteEntry['tone'] {
  return catalogue[code].tone
}

/** A note and when it was made, ISO 8601 in UTC. */
export interface DatedRunNote extends RunNote {
  at: string
}
