import { BotloomError, errorText, fillText, isErrorCode } from '#kit'
import { blockTexts as en } from '#nodes/texts.en.gen.ts'
import { blockTexts as zh } from '#nodes/texts.zh-CN.gen.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { problemTexts } from '#runtime/graph/problem-texts.ts'
import type { Problem } from '#runtime/graph/problems.ts'

type Locale = 'zh-CN' | 'en'

const blockTexts: Record<Locale, typeof en> = { 'zh-CN': zh, en }

/** A problem of a graph in words, as the command line and the API's errors say it. */
export function problemWords(problem: Problem, document: GraphDocument, locale: Locale): string {
  const [owner = '', key = ''] = problem.code.split(/\.(.*)/s)
  const type = document.nodes[problem.node ?? '']?.type ?? ''
  const texts = blockTexts[locale][type] ?? {}
  const { port, field } = problem
  const language = problem.params?.language
  const params = {
    ...problem.params,
    ...(typeof language === 'string'
      ? { language: new Intl.DisplayNames([locale], { type: 'language' }).of(language) }
      : {}),
    ...(port === undefined ? {} : { port: texts[`port.${port}`] ?? port }),
    ...(field === undefined ? {} : { field: texts[field] ?? field }),
  }
  const own = blockTexts[locale][owner]?.[key]
  if (own) return fillText(own, params)
  // The catalogue says more than the rule where it is told what of.
  if (isErrorCode(problem.code) && problem.params) {
    const titled = { ...problem.params, field: texts[field ?? ''] ?? field ?? '' }
    const { message, remedy } = errorText(problem.code, titled, locale)
    return `${message} ${remedy}`
  }
  const rule = problemTexts[problem.code]
  return rule ? fillText(rule[locale], params) : problem.code
}

/** Throws `graph-has-problems` with the first of them in words, when there are any. */
export function refuseProblems(errors: readonly Problem[], document: GraphDocument, locale: Locale): void {
  const [first] = errors
  if (first)
    throw new BotloomError('graph-has-problems', {
      count: errors.length,
      first: problemWords(first, document, locale),
    })
}
