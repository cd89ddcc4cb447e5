import type { ConfigOf, LocalText } from '#kit'
import type { Answer } from './answer.ts'
import type { ask } from './node.ts'

type Config = ConfigOf<typeof ask>
interface Button {
  value: string
  text: LocalText
  means: Answer
}

/** The buttons below a question; none for most kinds of answer. */
export function buttonsOf(config: Config): Button[] {
  switch (config.kind) {
    case 'choice':
      return config.choices.map(({ id, text, value }) => {
        const kept = value || id
        return { value: id, text, means: config.several ? [kept] : kept }
      })
    case 'yes-no':
      return [
        { value: 'yes', text: { 'zh-CN': '是', en: 'Yes' }, means: true },
        { value: 'no', text: { 'zh-CN': '否', en: 'No' }, means: false },
      ]
    case 'rating':
      return Array.from({ length: config.scale }, (_, index) => index + 1).map((points) => ({
        value: String(points),
        text: { en: String(points) },
        means: points,
      }))
    default:
      return []
  }
}
