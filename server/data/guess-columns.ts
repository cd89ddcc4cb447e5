export interface ColumnGuess {
  text: string | null
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
  return [...textNames, ...labelNames, ...languageNames].some((name) => plain(name) === plain(cell))
}

/**
 * Which column is what: by its name first (exact, then as a part of the name), then by what is in it: of the columns
 * left, the longest texts are the text, and the one whose values repeat most is the label.
 */
export function guessColumns(columns: readonly string[], sample: readonly Record<string, string>[]): ColumnGuess {
  const byName = (names: readonly string[], taken: readonly (string | null)[]): string | null => {
    const free = columns.filter((column) => !taken.includes(column))
    for (const name of names) {
      const exact = free.find((column) => plain(column) === plain(name))
      if (exact !== undefined) return exact
    }
    for (const name of names) {
      const part = name.length > 1 ? free.find((column) => plain(column).includes(plain(name))) : undefined
      if (part !== undefined) return part
    }
    return null
  }
  const language = byName(languageNames, [])
  let label = byName(labelNames, [language])
  let text = byName(textNames, [language, label])
  const free = () => columns.filter((column) => ![language, label, text].includes(column))
  const values = (column: string) => sample.map((row) => row[column]?.trim() ?? '').filter((value) => value !== '')
  if (text === null) {
    const byLength = free()
      .map((column) => ({ column, mean: mean(values(column).map((value) => [...value].length)) }))
      .sort((a, b) => b.mean - a.mean)
    text = byLength[0] && byLength[0].mean > 0 ? byLength[0].column : null
  }
  if (label === null && sample.length >= 4) {
    const repeating = free()
      .map((column) => ({ column, distinct: new Set(values(column)).size / Math.max(1, values(column).length) }))
      .filter(({ column, distinct }) => values(column).length === sample.length && distinct <= 0.6)
      .sort((a, b) => a.distinct - b.distinct)
    label = repeating[0]?.column ?? null
  }
  return { text, label, language }
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, n) => sum + n, 0) / numbers.length
}
