import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import i18next from 'i18next'
import { renderToStaticMarkup } from 'react-dom/server'
import { initReactI18next } from 'react-i18next'
import { MemoryRouter } from 'react-router'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { loadTexts, studioLanguages } from '#editor/app/i18n.ts'
import { keys } from '#editor/app/query.ts'
import { blockText } from '#editor/canvas/words.ts'
import { registry } from '#editor/document/registry.ts'
import en from '../locales/en/inspector.json' with { type: 'json' }
import zh from '../locales/zh-CN/inspector.json' with { type: 'json' }
import { FieldRow } from './field-row.tsx'
import { conditionsOf, defaultOf, type Field, fieldsOf, groupFields, isShown } from './fields.ts'
import { findFields } from './find-fields.ts'
import { issueOf } from './issue-words.ts'
import { unitText } from './unit-text.ts'
import { widgetOf } from './widgets/widgets.ts'

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: false,
    keySeparator: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  })
  for (const language of studioLanguages) await loadTexts(language)
})

function draw(field: Field, value: unknown, client = new QueryClient()): string {
  return renderToStaticMarkup(
    <MemoryRouter>
      <QueryClientProvider client={client}>
        <FieldRow field={field} id="field" value={value} siblings={{}} node="n_1" onChange={() => {}} />
      </QueryClientProvider>
    </MemoryRouter>,
  )
}

/** Every field with the fields of its items, however deep. */
function allFields(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...allFields(field.item?.fields ?? [])])
}

describe.each(Object.values(registry.nodes).map((definition) => [definition.type, definition] as const))(
  'the form of %s',
  (_, definition) => {
    const fields = fieldsOf(definition.config)

    test('every field has a widget, and a title in both languages', async () => {
      for (const field of allFields(fields)) {
        expect(widgetOf(field), `${field.title} has no widget for "${field.widget}"`).not.toBeNull()
        for (const language of ['zh-CN', 'en']) {
          await i18next.changeLanguage(language)
          expect(blockText(field.title), `${language}: ${field.title}`).not.toBe('')
          for (const option of field.options)
            expect(blockText(`${field.title}.${option}`), `${language}: ${field.title}.${option}`).not.toBe('')
        }
      }
    })

    test('every group has a heading in both languages', () => {
      for (const group of groupFields(fields))
        if (group.name !== '') for (const words of [zh, en]) expect(words).toHaveProperty([`group.${group.name}`])
    })

    test('every field is drawn with its label, its default fits, and an item of each list can be made', async () => {
      await i18next.changeLanguage('en')
      const defaults = definition.config.parse({}) as Record<string, unknown>
      for (const field of fields) {
        const html = draw(field, defaults[field.name])
        expect(html).toContain(`data-field="${field.name}"`)
        expect(html).toContain('for="field"')
        expect(issueOf(field.schema, defaultOf(field))).toBeNull()
        if (!field.item) continue
        const item = field.item.schema.parse({ id: 'i_1' })
        expect(draw(field, [item])).toContain('<fieldset')
      }
    })

    test('every unit is a word of both languages, or the sign itself', async () => {
      for (const { ui, title } of allFields(fields))
        for (const language of studioLanguages) {
          await i18next.changeLanguage(language)
          expect(unitText(ui.unit, 2), `${language}: ${title}`).not.toMatch(/^unit\./)
        }
    })

    test('conditions of showing a field name its siblings', () => {
      const names = fields.map(({ name }) => name)
      for (const field of fields)
        for (const name of conditionsOf(field).flatMap(Object.keys))
          expect(names, `${field.title}.when`).toContain(name)
    })
  },
)

describe('fields', () => {
  test('a field shows itself when its sibling holds the value', () => {
    const [kind, size] = fieldsOf(
      z.object({
        kind: z.enum(['a', 'b']).default('a').meta({ title: 'x.kind' }),
        size: z
          .number()
          .int()
          .min(1)
          .max(9)
          .nullable()
          .default(null)
          .meta({ title: 'x.size', ui: { when: { kind: ['b'] } } }),
      }),
    )
    expect(kind).toMatchObject({ widget: 'select', options: ['a', 'b'] })
    expect(size).toMatchObject({ widget: 'number', min: 1, max: 9, integer: true, nullable: true })
    expect(isShown(size!, { kind: 'a' })).toBe(false)
    expect(isShown(size!, { kind: 'b' })).toBe(true)
  })

  test.each([
    [z.number().max(50), 51, 'Must be at most 50.', '不能大于 50。'],
    [z.number().min(1), 0, 'Must be at least 1.', '不能小于 1。'],
    [z.number().int(), 1.5, 'Type a whole number.', '请填整数。'],
    [z.number(), Number.NaN, 'Type a number.', '请填一个数字。'],
    [z.string().max(3), 'long words', 'At most 3 characters.', '最多 3 个字。'],
    [z.enum(['a']), 'b', 'Pick one from the list.', '请从列表里选一个。'],
  ])('what is wrong is said in plain words of both languages (%#)', async (schema, value, english, chinese) => {
    await i18next.changeLanguage('en')
    expect(issueOf(schema, value)).toBe(english)
    await i18next.changeLanguage('zh-CN')
    expect(issueOf(schema, value)).toBe(chinese)
  })
})

test('a search finds a setting by its name, its help, its choices or its heading, in whatever width it is typed', async () => {
  const fields = fieldsOf(registry.nodes['fine-tune']!.config)
  const found = (search: string) => findFields(fields, search).map(({ name }) => name)
  await i18next.changeLanguage('zh-CN')
  expect(found('学习率')).toContain('learningRate')
  expect(found('ｗａｒｍｕｐ')).toEqual(['warmup'])
  await i18next.changeLanguage('en')
  expect(found('adapters')).toContain('method')
  expect(found('learning rate')).toContain('learningRate')
  expect(found('no such thing')).toEqual([])
  expect(found('')).toHaveLength(fields.length)
})

test('a number of a training says what a larger and a smaller one does once it is asked', async () => {
  await i18next.changeLanguage('en')
  const field = fieldsOf(registry.nodes['fine-tune']!.config).find(({ name }) => name === 'dropout')
  const drawn = draw(field!, 0.1)
  expect(drawn).toContain('aria-label="Dropout: larger or smaller?"')
  expect(drawn).toContain('aria-expanded="false"')
})

test('an encoder is chosen from what this installation has', () => {
  const field = fieldsOf(registry.nodes['fine-tune']!.config).find(({ widget }) => widget === 'encoder')
  const client = new QueryClient()
  client.setQueryData(keys.encoders, ['botloom-zh-en', 'my-encoder', 'owner/model'])
  const drawn = draw(field!, 'botloom-zh-en', client)
  expect(drawn.match(/<option value="[^"]+"/g)).toEqual([
    '<option value="botloom-zh-en"',
    '<option value="my-encoder"',
    '<option value="owner/model"',
  ])
})
