import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDocument } from '#runtime/graph/parse.ts'
import { ChatDriver, verdict } from '../../tests/drivers/chat.ts'
import { bots } from '../../tests/transcripts/bots.ts'
import { turnCap } from './walk.ts'

/**
 * Visitors who do anything at all. None of them may meet an exception, words without an answer, or a turn that does not end; what is
 * remembered must stay of a size that a row can hold.
 */
const shop = parseDocument(
  JSON.parse(readFileSync(new URL('../../nodes/templates/e-commerce/graph.json', import.meta.url), 'utf8')),
)
const shopLabels = Object.values(shop.edges)
  .map(({ from }) => from.port)
  .filter((port) => port.startsWith('lbl_'))

const words = fc.oneof(
  fc.constantFrom(
    ...['我要退货', '发广州吗', '几点开门', '改地址', 'return please', 'do you ship', 'by the way, when are you open?'],
    ...['XZ1234', '不对，是XZ9999', 'no, I meant blue', '昨天', 'tomorrow', '蓝色', 'the second one', '都不是'],
    ...['取消', 'cancel', 'start over', '重来', '再说一遍', 'pardon', '转人工', 'agent', '垃圾', 'useless'],
    ...['', ' ', '?', '👍', '{{order}}', '\u0000', '不对', 'no,', 'by the way', `${'很长'.repeat(2000)}`],
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
)
const deed = fc.oneof(
  { weight: 6, arbitrary: words.map((text) => ({ kind: 'says' as const, text })) },
  { weight: 3, arbitrary: fc.nat(30).map((place) => ({ kind: 'clicks' as const, place })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'waits' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('zh-CN', 'en', 'fr').map((language) => ({ kind: 'opens' as const, language })),
  },
  { weight: 1, arbitrary: words.map((value) => ({ kind: 'forges' as const, value })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(200, 200, 404, 500, null).map((status) => ({ kind: 'system' as const, status })),
  },
)
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never

/** The words that were said; null for a deed without words, undefined where there was nothing to click on. */
async function act(chat: ChatDriver, deed: Deed): Promise<string | null | undefined> {
  switch (deed.kind) {
    case 'says':
      await chat.says(deed.text)
      return deed.text
    case 'waits':
      await chat.waits()
      return null
    case 'opens':
      await chat.start(deed.language)
      return null
    case 'system': {
      if (!chat.session?.calling) return undefined
      const picked = Object.fromEntries(chat.request().pick.map((pointer) => [pointer, 'x']))
      await (deed.status === null ? chat.fails('outbound-lost') : chat.answers(deed.status, picked))
      return null
    }
    case 'forges':
      // A button that was never shown, of a block that may not be there.
      await chat.forges({ block: deed.value, value: deed.value })
      return deed.value
    case 'clicks': {
      const shown = chat.session?.offered.flatMap(({ options }) => options.map(({ text }) => text)) ?? []
      const label = shown[deed.place % Math.max(1, shown.length)]
      if (label === undefined) return undefined
      await chat.clicks(label)
      return label
    }
  }
}

const all = {
  ...bots,
  sample: {
    graph: shop,
    classify: (text: string) => {
      const at = [...text].reduce((sum, char) => sum + char.codePointAt(0)!, 0)
      const label = shopLabels[at % Math.max(1, shopLabels.length)] ?? 'lbl_none'
      return verdict({ [label]: at % 3 === 0 ? 0.95 : 0.2, lbl_other: 0.15 }, 0.5, at % 5 === 0 ? 0.9 : 0.1)
    },
  },
}

test.each(Object.entries(all))(
  'whatever visitors do to "%s", each turn ends and each word is answered',
  async (_, bot) => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 60 }), async (deeds) => {
        const chat = new ChatDriver(bot.graph, { classify: bot.classify })
        await chat.start()
        for (const one of deeds) {
          const before = chat.session!.status
          const asking = chat.session!.calling !== null
          const said = await act(chat, one)
          if (said === undefined) continue
          const { session, last } = chat
          expect(session).not.toBeNull()
          expect(last!.trace.path.length).toBeLessThanOrEqual(2 * turnCap + 40)
          expect(JSON.stringify(session).length).toBeLessThan(200_000)
          // Words wait while another server is asked, and nobody is silent once it has answered.
          const waits = asking || session!.calling !== null
          if (said !== null && !waits && before !== 'handoff' && session!.status !== 'handoff')
            expect(last!.messages.length, `nothing was said to ${JSON.stringify(one)}`).toBeGreaterThan(0)
          if (before === 'handoff' && one.kind !== 'opens' && one.kind !== 'system') expect(last!.messages).toEqual([])
        }
      }),
      { numRuns: 25 },
    )
  },
)

test('one visitor who goes on for ten thousand turns is answered to the end, and what is remembered does not grow', async () => {
  const { graph, classify } = bots.shop!
  const chat = new ChatDriver(graph, { classify })
  await chat.start()
  const deeds = fc.sample(
    deed.filter(({ kind }) => kind !== 'opens'),
    { numRuns: 10_000, seed: 7 },
  )
  let largest = 0
  for (const one of deeds) {
    if (chat.session!.status === 'handoff') await chat.start()
    const said = await act(chat, one)
    if (said === undefined) continue
    if (typeof said === 'string' && chat.session!.status !== 'handoff')
      expect(chat.last!.messages.length).toBeGreaterThan(0)
    largest = Math.max(largest, JSON.stringify(chat.session).length)
  }
  expect(largest).toBeLessThan(60_000)
})
