import i18next from 'i18next'
import { blockText } from '#editor/canvas/words.ts'
import type { Field } from './fields.ts'

/** The fields that a search means: each of its words is in the name, the help, the heading or one of the choices. */
export function findFields(fields: readonly Field[], search: string): readonly Field[] {
  const words = fold(search).split(/\s+/).filter(Boolean)
  if (words.length === 0) return fields
  return fields.filter((field) => {
    const text = fold(textsOf(field).join(' '))
    return words.every((word) => text.includes(word))
  })
}

function textsOf(field: Field): string[] {
  return [
    field.name,
    blockText(field.title),
    blockText(`${field.title}.help`),
    field.ui.group ? i18next.t(`group.${field.ui.group}`, { ns: 'inspector' }) : '',
    ...field.options.map((option) => blockText(`${field.title}.${option}`)),
    ...(field.item?.fields ?? []).flatMap(textsOf),
  ]
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()
