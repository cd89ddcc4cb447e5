export interface ColumnGuess {
  text: string | null
  /** The second text of a row: the other sentence, or the answer. */
  pair: string | null
  label: string | null
  language: string | null
}

const textNames = [
  'text',
  'utterance',
  'question',
  'query',
  'sentence',
  'message',
  'content',
  'input',
  'title',
  '问题',
  '文本',
  '内容',
  '句子',
  '提问',
  '咨询内容',
  '用户问题',
  '标题',
  '话术',
  '语料',
]
/** The other sentence of two: what the label says is of both. */
const sentenceNames = [
  'pair',
  'text2',
  'textb',
  'secondtext',
  'sentence2',
  'sentenceb',
  'question2',
  'query2',
  'hypothesis',
  '第二句',
  '句子2',
  '文本2',
  '问题2',
]
/** Answers. Beside a column of labels they are what somebody replied, and the question alone has the label. */
const answerNames = ['answer', 'answers', 'response', 'reply', 'passage', '答案', '回答', '答复', '回复']
const labelNames = [
  'intent',
  'label',
  'category',
  'class',
  'topic',
  'tag',
  '意图',
  '标签',
  '类别',
  '分类',
  '类型',
  '主题',
]
const languageNames = ['language', 'lang', 'locale', '语言', '语种']

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]/g, '')

/** Whether a cell is a name that columns have: `Intent`, `问题`. */
export function isColumnName(cell: string): boolean {
  return [...textNames, ...sentenceNames, ...answerNames, ...labelNames, ...languageNames].some(
    (name) => plain(name) === plain(cell),
  )
}

/**
 * Which column is what: by its name first (exact, then as a part of the name), then by what is in it: of the columns
 * left, the longest texts are the text, and the one whose values repeat most is the label. A second text is known by its name alone.
 */
export function guessColumns(columns: readonly string[], sample: readonly Record<string, string>[]): ColumnGuess {
  const byWholeName = (names: readonly string[], taken: readonly (string | null)[]): string | null => {
    const free = columns.filter((column) => !taken.includes(column))
    for (const name of names) {
      const exact = free.find((column) => plain(column) === plain(name))
      if (exact !== undefined) return exact
    }
    return null
  }
  const byName = (names: readonly string[], taken: readonly (string | null)[]): string | null => {
    const free = columns.filter((column) => !taken.includes(column))
    const exact = byWholeName(names, taken)
    if (exact !== null) return exact
    for (const name of names) {
      const part = name.length > 1 ? free.find((column) => plain(column).includes(plain(name))) : undefined
      if (part !== undefined) return part
    }
    return null
  }
  const language = byName(languageNames, [])
  const sentence = byWholeName(sentenceNames, [language])
  let label = byName(labelNames, [language, sentence])
  const answer = label === null && sentence === null ? byWholeName(answerNames, [language]) : null
  const pair = sentence ?? answer
  let text = byName(textNames, [language, label, pair])
  const free = () => columns.filter((column) => ![language, label, pair, text].includes(column))
  const values = (column: string) => sample.map((row) => row[column]?.trim() ?? '').filter((value) => value !== '')
  if (text === null) {
    const byLength = free()
      .map((column) => ({ column, mean: mean(values(column).map((value) => [...value].length)) }))
      .sort((a, b) => b.mean - a.mean)
    text = byLength[0] && byLength[0].mean > 0 ? byLength[0].column : null
  }
  // Questions and answers are whole without labels.
  if (label === null && answer === null && sample.length >= 4) {
    const repeating = free()
      .map((column) => ({ column, distinct: new Set(values(column)).size / Math.max(1, values(column).length) }))
      .filter(({ column, distinct }) => values(column).length === sample.length && distinct <= 0.6)
      .sort((a, b) => a.distinct - b.distinct)
    label = repeating[0]?.column ?? null
  }
  return { text, pair, label, language }
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, n) => sum + n, 0) / numbers.length
}
