import { registry } from '#editor/document/registry.ts'
import { blockTexts } from '#nodes/registry.gen.ts'
import { BlockIcon } from './icons.tsx'
import type { PickItem } from './pick-list.tsx'
import { wordOf } from './word-of.ts'
import { blockText } from './words.ts'

/** Order of the families in lists: Learn first, then Talk, as on the canvas. */
const hues = ['data', 'learn', 'talk', 'logic', 'action', 'people'] as const

/** Every block that can be added, by family; found by its name in either language. */
export function blockItems(fits: (type: string) => boolean = () => true): PickItem[] {
  return hues.flatMap((hue) =>
    Object.values(registry.nodes)
      .filter((definition) => definition.hue === hue && fits(definition.type))
      .map((definition) => ({
        key: definition.type,
        title: blockText(`${definition.type}.name`) || definition.type,
        detail: blockText(`${definition.type}.description`),
        words: [definition.type, ...Object.values(blockTexts).map((texts) => texts[definition.type]?.name ?? '')].join(
          ' ',
        ),
        icon: <BlockIcon name={definition.icon} size={16} />,
        hue,
        group: wordOf(`hue.${hue}`),
      })),
  )
}
