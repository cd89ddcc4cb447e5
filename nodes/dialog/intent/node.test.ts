import { describe, expect, test } from 'vitest'
import { outputPorts } from '#kit'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, type ChatOptions, graphOf, verdict } from '../../../tests/drivers/chat.ts'
import { intent } from './node.ts'

describeBlock(intent, import.meta.url)

function bot(config: Record<string, unknown>, classify: NonNullable<ChatOptions['classify']>) {
  const graph = graphOf(
    {
      s: { type: 'start' },
      i: { type: 'intent', config: { prompt: { 'zh-CN': '请说', en: 'Go on' }, ladder: false, ...config } },
      track: { type: 'say', config: { text: { 'zh-CN': '物流', en: 'Tracking' } } },
      back: { type: 'say', config: { text: { 'zh-CN': '退货', en: 'Returns' } } },
      lost: { type: 'say', config: { text: { 'zh-CN': '没听懂 {{misses}}', en: 'Lost {{misses}}' } } },
    },
    [
      's -> i',
      'i/lbl_track -> track',
      'i/lbl_back -> back',
      'i/fallback -> lost',
      'track -> i',
      'back -> i',
      'lost -> i',
    ],
  )
  return new ChatDriver(graph, { classify })
}

test('labels are ports: one each, by id, and fallback', () => {
  const facts = { rows: 40, labels: [{ id: 'lbl_track', name: 'track', rows: 40, trained: true }] }
  const ports = outputPorts(intent, intent.config.parse({}), facts)
  expect(Object.keys(ports)).toEqual(['lbl_track', 'fallback'])
  expect(ports.lbl_track?.label).toEqual({ name: 'track', rows: 40, trained: true })
})

test('a model that learned from two texts is refused before anybody talks: a visitor says one', () => {
  const problems = (pairs?: boolean) => {
    const facts = { rows: 40, labels: [], ...(pairs ? { pairs } : {}) }
    return intent.check!(intent.config.parse({}), { languages: ['en'], names: [], facts }).map(({ code }) => code)
  }
  expect(problems(true)).toEqual(['two-texts'])
  expect(problems()).toEqual([])
})

test('leaves by the label, remembers its name, and listens again where the branch comes back', async () => {
  const chat = bot({}, () => verdict({ lbl_track: 0.9, lbl_back: 0.05 }))
  expect(await chat.start('en')).toEqual(['Go on'])
  expect(await chat.says('where is my parcel')).toEqual(['Tracking', 'Go on'])
  expect(chat.session?.variables).toEqual({ intent: 'track', misses: 0 })
  expect(chat.last?.trace.classification?.text).toBe('where is my parcel')
})

test('below the threshold it is a miss, and misses in a row are counted until one is understood', async () => {
  const chat = bot({}, (text) => verdict(text.includes('好') ? { lbl_track: 0.95 } : { lbl_track: 0.3, lbl_back: 0.1 }))
  await chat.start()
  expect((await chat.says('嗯嗯嗯'))[0]).toBe('没听懂 1')
  expect((await chat.says('啊啊啊'))[0]).toBe('没听懂 2')
  await chat.says('好')
  expect(chat.session?.variables.misses).toBe(0)
})

test('the threshold of the block wins over the model’s own', async () => {
  const strict = bot({ threshold: 0.9 }, () => verdict({ lbl_track: 0.8 }, 0.4))
  await strict.start()
  await strict.says('快递')
  expect(strict.path()).toContain('lost')
  expect(strict.last?.trace.classification?.threshold).toBe(0.9)
  const own = bot({}, () => verdict({ lbl_track: 0.8 }, 0.4))
  await own.start()
  await own.says('快递')
  expect(own.path()).toContain('track')
  expect(own.last?.trace.classification?.threshold).toBe(0.4)
})

test('a message unlike anything learned is a miss, however sure the model is; the block says how unlike it may be', async () => {
  const foreign = () => verdict({ lbl_track: 0.93, lbl_back: 0.04 }, 0.5, 0.8)
  const chat = bot({}, foreign)
  await chat.start('en')
  expect((await chat.says('tell me a joke'))[0]).toBe('Lost 1')
  expect(chat.last?.trace.path[0]?.note?.key).toBe('intent.note.outOfScope')
  const lenient = bot({ outOfScope: 1 }, foreign)
  await lenient.start('en')
  expect((await lenient.says('tell me a joke'))[0]).toBe('Tracking')
})

test('two labels close together are asked about; the click, its words or a new question decide', async () => {
  const classify = (text: string) =>
    text === '退款' ? verdict({ lbl_back: 0.97 }) : verdict({ lbl_track: 0.46, lbl_back: 0.42 })
  const topics = [{ id: 'lbl_track', text: { 'zh-CN': '查物流', en: 'Track a parcel' } }]
  const open = async () => {
    const chat = bot({ topics }, classify)
    await chat.start()
    expect(await chat.says('东西怎么还没弄好')).toEqual(['您想问的是哪一个？'])
    expect(chat.buttons()).toEqual(['查物流', 'back', '都不是'])
    return chat
  }
  expect(await (await open()).clicks('查物流')).toEqual(['物流', '请说'])
  expect((await (await open()).says('查物流'))[0]).toBe('物流')
  expect((await (await open()).says('退款'))[0]).toBe('退货')
  expect((await (await open()).clicks('都不是'))[0]).toBe('没听懂 1')
})

test('it asks what was meant only once: a second unclear answer takes the better label or misses', async () => {
  const chat = bot({}, () => verdict({ lbl_track: 0.55, lbl_back: 0.5 }))
  await chat.start()
  expect(await chat.says('东西怎么还没弄好')).toEqual(['您想问的是哪一个？'])
  expect((await chat.says('就是那个东西啊'))[0]).toBe('物流')
})

test('a label whose port has no wire behaves as fallback', async () => {
  const chat = bot({}, () => verdict({ lbl_new: 0.99 }))
  await chat.start('en')
  expect((await chat.says('hello there'))[0]).toBe('Lost 1')
  expect(chat.last?.trace.path[0]?.note?.key).toBe('intent.note.unconnected')
})

test('a model that cannot be reached leads to fallback and is not the visitor’s miss', async () => {
  const chat = bot({}, () => Promise.reject(new Error('gone')))
  await chat.start('en')
  expect((await chat.says('hello there'))[0]).toBe('Lost')
  expect(chat.last?.trace.path[0]?.note?.key).toBe('intent.note.unavailable')
})

describe('the ladder: nobody is given up on at the first miss', () => {
  const weak = (text: string) =>
    /快递|parcel/.test(text) ? verdict({ lbl_track: 0.95 }) : verdict({ lbl_track: 0.3, lbl_back: 0.2, lbl_new: 0.1 })

  test('first it asks to put it another way, then offers the two best guesses, then leaves by its door', async () => {
    const chat = bot({ ladder: true, clarify: false }, weak)
    await chat.start()
    expect(await chat.says('那个弄一下')).toEqual(['不好意思，没太明白您的意思，换个说法试试？'])
    expect(await chat.says('就那个嘛')).toEqual(['您是不是想问下面的某一个？'])
    expect(chat.buttons()).toEqual(['track', 'back', '都不是'])
    expect(await chat.says('还是那个')).toEqual(['没听懂 3', '请说'])
  })
  test('a guess that fits goes its way, and the next miss begins at the first rung', async () => {
    const chat = bot({ ladder: true, clarify: false }, weak)
    await chat.start('en')
    await chat.says('do the thing')
    await chat.says('you know, the thing')
    expect(await chat.clicks('back')).toEqual(['Returns', 'Go on'])
    expect(await chat.says('do the thing')).toEqual(['Sorry, I did not quite get that. Could you put it another way?'])
  })
  test('none of the guesses is the third miss', async () => {
    const chat = bot({ ladder: true, clarify: false }, weak)
    await chat.start('en')
    await chat.says('do the thing')
    await chat.says('you know, the thing')
    expect((await chat.clicks('None of these'))[0]).toBe('Lost 3')
  })
  test('other words that are understood end the ladder', async () => {
    const chat = bot({ ladder: true, clarify: false }, weak)
    await chat.start('en')
    await chat.says('do the thing')
    expect(await chat.says('where is my parcel')).toEqual(['Tracking', 'Go on'])
    expect(chat.session?.variables.misses).toBe(0)
  })
  test('a message unlike everything learned is offered no guesses', async () => {
    const chat = bot({ ladder: true }, () => verdict({ lbl_track: 0.93 }, 0.5, 0.8))
    await chat.start('en')
    await chat.says('tell me a joke')
    expect(await chat.says('sing me a song')).toEqual([
      'Sorry, I did not quite get that. Could you put it another way?',
    ])
    expect((await chat.says('dance a bit'))[0]).toBe('Lost 3')
  })
  test('where not understood leads nowhere, a person takes over with the last words as the reason', async () => {
    const graph = graphOf({ s: { type: 'start' }, i: { type: 'intent' } }, ['s -> i'])
    const chat = new ChatDriver(graph, { classify: () => verdict({ lbl_track: 0.1 }) })
    await chat.start('en')
    await chat.says('do the thing')
    await chat.says('you know, the thing')
    expect(await chat.says('the thing!')).toEqual([
      'Sorry, I still do not understand. I am passing you on to a person; you can keep writing here.',
    ])
    expect(chat.last?.outbox).toEqual([{ type: 'handoff', reason: 'the thing!', note: '', block: 'i' }])
    expect(chat.session?.status).toBe('handoff')
  })
  test('bots from before the ladder go on as they did', () => {
    const old = { prompt: {}, threshold: null }
    expect(intent.config.parse(intent.migrations![2]!(old)).ladder).toBe(false)
  })
})
