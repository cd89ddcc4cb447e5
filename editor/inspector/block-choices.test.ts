import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { beforeAll, expect, test } from 'vitest'
import { loadTexts, studioLanguages } from '#editor/app/i18n.ts'
import { graphOf } from '../../tests/drivers/chat.ts'
import { blockChoices } from './block-choices.tsx'

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: 'en', fallbackLng: false, keySeparator: false, resources: {} })
  for (const language of studioLanguages) await loadTexts(language)
})

const document = graphOf(
  {
    s: { type: 'start' },
    j: { type: 'jump', config: { target: 'd_b' } },
    a: { type: 'say', name: 'Welcome' },
    data: { type: 'data-source' },
    d_b: { type: 'ask', name: 'Which order' },
    d_s: { type: 'start' },
  },
  ['s -> a', 'a -> j', 'd_s -> d_b'],
)
document.dialogs.d_1 = { id: 'd_1', name: 'Orders', parameters: [] }
for (const id of ['d_b', 'd_s']) document.nodes[id]!.dialog = 'd_1'

test('offers every block of the conversation but the one itself, by dialog, in the order of the way', async () => {
  const told = (self: string) => blockChoices(document, self).map(({ group, title }) => `${group}: ${title}`)
  expect(told('j')).toEqual(['Main dialog: Start', 'Main dialog: Welcome', 'Orders: Start', 'Orders: Which order'])
  await i18next.changeLanguage('zh-CN')
  expect(told('a')).toEqual(['主对话: 开始', '主对话: 跳转', 'Orders: 开始', 'Orders: Which order'])
})

test('is found by its name, by its type in either language, and by its dialog', () => {
  const words = blockChoices(document, 'j').find(({ key }) => key === 'd_b')?.words
  for (const word of ['Orders', 'ask', '提问']) expect(words).toContain(word)
})
