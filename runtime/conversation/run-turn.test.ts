import { describe, expect, test } from 'vitest'
import type { Manners, StepResult } from '#kit'
import { ChatDriver, graphOf, verdict } from '../../tests/drivers/chat.ts'
import { followLanguage } from './language.ts'
import { runTurn } from './run-turn.ts'
import { newSession, parseSession, sessionFormat } from './session.ts'
import { longTurnCap, loopCap, turnCap } from './walk.ts'

const shop = graphOf(
  {
    s: { type: 'start' },
    hi: {
      type: 'say',
      config: {
        text: { 'zh-CN': '欢迎来到{{brand}}', en: 'Welcome to {{brand}}' },
        buttons: [{ id: 'go', text: { 'zh-CN': '查订单', en: 'My order' } }],
      },
    },
    q: { type: 'ask', config: { question: { 'zh-CN': '订单号？', en: 'Order number?' }, variable: 'order' } },
    ok: { type: 'say', config: { text: { 'zh-CN': '{{order}} 已发货', en: '{{order}} has left' } } },
    i: { type: 'intent', config: { ladder: false } },
    a: { type: 'say', config: { text: { 'zh-CN': '好的', en: 'Sure' } } },
  },
  ['s -> hi', 'hi/button:go -> q', 'hi -> i', 'q -> ok', 'i/lbl_a -> a', 'ok -> i'],
  {
    parameters: {
      brand: {
        id: 'brand',
        name: 'brand',
        title: {},
        type: 'local-text',
        value: { 'zh-CN': '小舟商城', en: 'Little Boat' },
      },
    },
  },
)
const open = () =>
  new ChatDriver(shop, { classify: (text) => verdict(/好|yes/.test(text) ? { lbl_a: 0.9 } : { lbl_a: 0.1 }) })

describe('language', () => {
  test('the reply follows the language of the message, and a click keeps the one before', async () => {
    const chat = open()
    expect(await chat.start()).toEqual(['欢迎来到小舟商城'])
    expect(await chat.says('yes please do')).toEqual(['Sure'])
    expect(await chat.says('好的谢谢')).toEqual(['好的'])
  })
  test('a language that the client names wins over the words', async () => {
    const chat = open()
    expect(await chat.start('en-US')).toEqual(['Welcome to Little Boat'])
    expect(await chat.says('好', 'en')).toEqual(['Sure'])
  })
  test.each([
    ['where is my parcel', 'en'],
    ['我的快递呢', 'zh-CN'],
    ['iPhone 15 怎么退', 'zh-CN'],
    ['LB20261103', 'zh-CN'],
    ['ok', 'zh-CN'],
    ['👍 123', 'zh-CN'],
    ['lihua@example.com', 'zh-CN'],
    ['https://example.com/my/order/page', 'zh-CN'],
    ['refund', 'en'],
  ])('"%s" in a conversation held in Chinese is answered in %s', async (text, language) => {
    expect(await followLanguage(text, undefined, 'zh-CN', ['zh-CN', 'en'])).toBe(language)
  })
  test('a language that the bot does not speak changes nothing', async () => {
    expect(await followLanguage('где моя посылка', 'ru', 'en', ['zh-CN', 'en'])).toBe('en')
    expect(await followLanguage('where is it', undefined, 'zh-CN', ['zh-CN'])).toBe('zh-CN')
  })
})

describe('ways that lead nowhere', () => {
  test('a branch without a wire at its end goes back to where the visitor was listened to', async () => {
    const chat = open()
    await chat.start()
    expect(await chat.says('好')).toEqual(['好的'])
    expect(await chat.says('好')).toEqual(['好的'])
  })
  test('an unwired fallback admits it and listens on', async () => {
    const chat = open()
    await chat.start()
    expect(await chat.says('天气如何')).toEqual(['不好意思，这个问题我还答不上来。'])
    expect(await chat.says('好')).toEqual(['好的'])
  })
  test('a click on a button that was scrolled past speaks its words', async () => {
    const chat = new ChatDriver(shop, {
      classify: (text) => verdict(text === '查订单' ? { lbl_a: 0.9 } : { lbl_a: 0.1 }),
    })
    await chat.start()
    await chat.says('天气如何')
    expect(await chat.clicks('查订单')).toEqual(['好的'])
    expect(chat.last?.user?.text).toBe('查订单')
  })
})

/** Says each number, then that it is through, or goes on as `after` says. */
const countdown = (items: number, after = 'l/done -> e') =>
  graphOf(
    {
      s: { type: 'start' },
      l: { type: 'loop', config: { list: 'n', most: 1000 } },
      each: { type: 'say', config: { text: { en: '{{item}}' } } },
      e: { type: 'end', config: { text: { en: 'through' } } },
    },
    ['s -> l', 'l/each -> each', 'each -> l', after],
    { variables: { n: { id: 'n', name: 'n', type: 'number', default: items } } },
  )

test('a correction behind which nothing follows is heard once, and the bot listens on', async () => {
  const graph = graphOf(
    {
      s: { type: 'start' },
      i: { type: 'intent', config: { prompt: { en: 'Go on' } } },
      q: { type: 'ask', config: { question: { en: 'Which city?' }, variable: 'city' } },
    },
    ['s -> i', 'i/lbl_a -> q'],
  )
  const chat = new ChatDriver(graph, { classify: (text) => verdict({ lbl_a: /send/.test(text) ? 0.9 : 0.1 }) })
  await chat.start('en')
  expect(await chat.says('send it')).toEqual(['Which city?'])
  await chat.says('Suzhou')
  expect(await chat.says('no, I meant Hangzhou')).toEqual(['All right, I have changed that.'])
  expect(chat.session).toMatchObject({ status: 'active', at: 'i', variables: { city: 'Hangzhou' } })
  expect(chat.path()).toEqual(['q'])
})

describe('a turn always ends', () => {
  test('blocks in a circle are cut, with an apology, and the next message begins anew', async () => {
    const circle = graphOf(
      {
        s: { type: 'start' },
        a: { type: 'set', config: { assignments: [{ id: '1', variable: 'n', kind: 'increment' }] } },
        b: { type: 'condition' },
      },
      ['s -> a', 'a -> b', 'b/else -> a'],
    )
    const chat = new ChatDriver(circle)
    expect(await chat.start('en')).toEqual(['Sorry, I am going round in circles. Could you put it another way?'])
    expect(chat.session).toMatchObject({ status: 'ended', variables: { n: loopCap } })
    expect((await chat.says('hello there'))[0]).toMatch(/circles/)
  })
  test('a block that makes progress may come by far more often, in a way that would else be cut', async () => {
    const items = loopCap * 5
    const chat = new ChatDriver(countdown(items))
    expect(await chat.start('en')).toEqual([...Array.from({ length: items }, (_, at) => `${at + 1}`), 'through'])
    expect(chat.path().length).toBeGreaterThan(turnCap)
    expect(chat.session?.status).toBe('ended')
  })
  test('progress without an end is cut too, and so is a circle behind the last item', async () => {
    const chat = new ChatDriver(countdown(1000))
    const said = await chat.start('en')
    expect(said.at(-1)).toMatch(/circles/)
    expect(chat.path().length).toBeLessThanOrEqual(longTurnCap + 1)
    const again = new ChatDriver(countdown(3, 'l/done -> l'))
    expect((await again.start('en')).at(-1)).toMatch(/circles/)
    expect(again.session).toMatchObject({ status: 'ended' })
    const nothing = new ChatDriver(countdown(0, 'l/done -> l'))
    expect(await nothing.start('en')).toEqual([expect.stringMatching(/circles/)])
    expect(nothing.path().length).toBeLessThan(turnCap)
  })
  test('between two items the way may be about as long as a turn without any, and no longer', async () => {
    const long = (steps: number) => {
      const blocks = Object.fromEntries(Array.from({ length: steps }, (_, at) => [`b${at}`, { type: 'set' }]))
      const chain = Object.keys(blocks).map((id, at) => `${id} -> ${at + 1 < steps ? `b${at + 1}` : 'l'}`)
      return graphOf(
        { s: { type: 'start' }, l: { type: 'loop', config: { list: 'n' } }, ...blocks, e: { type: 'end' } },
        ['s -> l', 'l/each -> b0', 'l/done -> e', ...chain],
        { variables: { n: { id: 'n', name: 'n', type: 'number', default: 5 } } },
      )
    }
    expect(await new ChatDriver(long(turnCap - 3)).start('en')).toEqual([])
    expect(await new ChatDriver(long(turnCap)).start('en')).toEqual([expect.stringMatching(/circles/)])
  })
  test('a session at a block that is gone starts over with an apology, never with an exception', async () => {
    const chat = open()
    await chat.start()
    chat.session = { ...chat.session!, at: 'removed' }
    expect(await chat.says('你好呀')).toEqual(['不好意思，刚才出了点状况，我们从头来过。', '欢迎来到小舟商城'])
    expect(await chat.clicks('查订单')).toEqual(['订单号？'])
  })
  test('where the block is gone but the one that listens is there, it says so and hears the words there', async () => {
    const chat = open()
    await chat.start()
    await chat.says('好')
    chat.session = { ...chat.session!, at: 'removed', listener: 'i' }
    expect(await chat.says('好')).toEqual(['我刚刚更新过，刚才那一步不在了，我们接着往下说。', '好的'])
    expect(chat.path()).toEqual(['removed', 'i', 'a'])
  })
  test('a conversation that ended at a block that is gone begins a new round with the words that came', async () => {
    const chat = open()
    await chat.start()
    chat.session = { ...chat.session!, at: 'removed', status: 'ended' }
    expect(await chat.says('好')).toEqual(['欢迎来到小舟商城', '好的'])
  })
  test('a person who has a conversation keeps it, whatever has become of its block', async () => {
    const chat = open()
    await chat.start()
    chat.session = { ...chat.session!, at: 'removed', status: 'handoff' }
    expect(await chat.says('好')).toEqual([])
    expect(chat.session?.status).toBe('handoff')
  })
  test('a session that cannot be read at all starts over too', async () => {
    const { program } = open()
    const deps = {
      program,
      classify: () => Promise.reject(new Error()),
      retrieve: () => Promise.reject(new Error()),
      now: '2026-11-24T04:00:00Z',
      seed: 'x',
    }
    const { messages, session } = await runTurn(null, { type: 'user.message', id: 'm1', text: '你好' }, deps)
    expect(messages.map(({ text }) => text.split('\n')[0])).toEqual([
      '不好意思，刚才出了点状况，我们从头来过。',
      '欢迎来到小舟商城',
    ])
    expect(session.status).toBe('active')
  })
  test('a block that breaks starts over once and then ends', async () => {
    const chat = open()
    const broken = {
      ...chat.program.blocks.hi!,
      step: {
        enter: () => {
          throw new Error('broken')
        },
      },
    }
    const program = { ...chat.program, blocks: { ...chat.program.blocks, hi: broken } }
    const deps = {
      program,
      classify: () => Promise.reject(new Error()),
      retrieve: () => Promise.reject(new Error()),
      now: '2026-11-24T04:00:00Z',
      seed: 'x',
    }
    const { session, messages } = await runTurn(null, { type: 'conversation.started', language: 'en' }, deps)
    expect(messages.map(({ text }) => text)).toEqual(['Sorry, something went wrong on our side. Let us start over.'])
    expect(session.status).toBe('ended')
  })
})

/** Lets the block that a conversation begins at say how it behaves. */
function behaving(chat: ChatDriver, part: Partial<Manners>): ChatDriver {
  const { blocks, config } = chat.program
  const first = blocks[config.initial]!
  const manners: Manners = {
    ...{ digress: null, correct: null, cancel: null, restart: null },
    ...{ repeat: null, person: null, handOver: {}, upset: null, silence: { remind: null, close: null } },
    ...part,
  }
  Object.assign(blocks, { [config.initial]: { ...first, step: { ...first.step, manners: () => manners } } })
  return chat
}

/** Lets a block say more of what it makes of an event than it does. */
function answering({ program }: ChatDriver, id: string, more: (result: StepResult) => StepResult): void {
  const block = program.blocks[id]!
  const resume: typeof block.step.resume = (...given) => {
    const result = block.step.resume!(...given)
    return { ...result, ...more(result) }
  }
  Object.assign(program.blocks, { [id]: { ...block, step: { ...block.step, resume } } })
}

describe('ways that are left before their end', () => {
  const number = (en: string) => ({ type: 'ask', config: { question: { en }, kind: 'number', skipIfSet: false } })

  test('a list that was half gone over when the visitor called it off begins anew', async () => {
    const chat = behaving(
      new ChatDriver(
        graphOf(
          {
            s: { type: 'start' },
            i: { type: 'intent' },
            l: { type: 'loop', config: { list: 'n' } },
            q: number('How many of {{item}}?'),
          },
          ['s -> i', 'i/lbl_a -> l', 'l/each -> q', 'q -> l'],
          { variables: { n: { id: 'n', name: 'n', type: 'number', default: 3 } } },
        ),
        { classify: () => verdict({ lbl_a: 0.9 }) },
      ),
      { cancel: { words: { en: 'never mind' }, reply: { en: 'Dropped.' } } },
    )
    await chat.start('en')
    expect(await chat.says('go through them')).toEqual(['How many of 1?'])
    expect(await chat.says('4')).toEqual(['How many of 2?'])
    expect(await chat.says('never mind')).toEqual(['Dropped.'])
    expect(await chat.says('go through them')).toEqual(['How many of 1?'])
  })

  test('a side question that jumps into the dialog that it came between goes on there, and that dialog still comes back', async () => {
    const graph = graphOf(
      {
        s: { type: 'start' },
        i: { type: 'intent' },
        call: { type: 'sub-dialog', config: { dialog: 'd' } },
        after: { type: 'say', config: { text: { en: 'back' } } },
        j: { type: 'jump', config: { target: 'd_b' } },
        d_s: { type: 'start' },
        d_q: number('How many?'),
        d_b: { type: 'say', config: { text: { en: 'without a number' } } },
      },
      ['s -> i', 'i/lbl_a -> call', 'call -> after', 'i/lbl_b -> j', 'd_s -> d_q'],
    )
    graph.dialogs.d = { id: 'd', name: 'd', parameters: [] }
    for (const node of Object.values(graph.nodes)) if (node.id.startsWith('d_')) node.dialog = 'd'
    const chat = behaving(
      new ChatDriver(graph, { classify: (text) => verdict(text === 'order' ? { lbl_a: 0.9 } : { lbl_b: 0.9 }) }),
      { digress: { words: {}, back: { en: 'So:' } } },
    )
    answering(chat, 'd_q', ({ leave }) => (leave === undefined ? { fit: 'none' } : {}))
    answering(chat, 'i', ({ leave }) => (leave === undefined ? {} : { topic: leave }))
    await chat.start('en')
    expect(await chat.says('order')).toEqual(['How many?'])
    expect(await chat.says('I do not know it')).toEqual(['without a number', 'back'])
    expect(chat.session).toMatchObject({ at: 'i', listener: 'i', calls: [] })
  })
})

describe('sessions', () => {
  test('the session that a turn is given stays as it was', async () => {
    const chat = open()
    await chat.start()
    const before = JSON.stringify(chat.session)
    const frozen = JSON.parse(before)
    await runTurn(
      frozen,
      { type: 'user.message', id: 'x', text: '好' },
      {
        program: chat.program,
        classify: async () => verdict({ lbl_a: 0.9 }),
        retrieve: () => Promise.reject(new Error()),
        now: '2026-11-24T04:00:00Z',
        seed: 'x',
      },
    )
    expect(JSON.stringify(frozen)).toBe(before)
  })
  test('older formats are lifted step by step; newer and damaged ones are not guessed at', () => {
    const session = newSession('s', 'en', {})
    const old = { ...session, sessionFormat: 0, vars: { a: 1 } }
    const lifted = parseSession(old, {
      0: ({ vars, ...rest }) => ({ ...rest, variables: vars }),
      1: (own) => own,
      2: (own) => own,
      3: (own) => own,
    })
    expect(lifted).toMatchObject({ sessionFormat, variables: { a: 1 } })
    expect(parseSession({ ...session, sessionFormat: sessionFormat + 1 })).toBeNull()
    expect(parseSession({ sessionFormat: 1, at: 3 })).toBeNull()
    expect(parseSession(null)).toBeNull()
  })
  test('a conversation that was stored before dialogs could call each other goes on', () => {
    const { calls: _, ...stored } = newSession('s', 'en', { a: 1 })
    expect(parseSession({ ...stored, sessionFormat: 1 })).toEqual(newSession('s', 'en', { a: 1 }))
  })
  test('a conversation that was stored in the midst of a called dialog, before side questions were known, goes on', () => {
    const { topic, answered, entities, taken, said, upset, reminders, ...stored } = newSession('s', 'en', {})
    const calls = [{ block: 'x', back: 'out', listener: 'i' }]
    const lifted = parseSession({ ...stored, calls, sessionFormat: 2 })
    expect(lifted).toEqual({ ...newSession('s', 'en', {}), calls: [{ ...calls[0], topic: null }] })
  })
})

test('the trace tells the path, the verdict, the variables and the time', async () => {
  const chat = open()
  await chat.start()
  await chat.says('好')
  expect(chat.last?.trace).toMatchObject({
    path: [
      { node: 'hi', port: 'out' },
      { node: 'i', port: 'lbl_a', note: { key: 'intent.note.understood', params: { name: 'a', percent: 90 } } },
      { node: 'a', port: 'out' },
    ],
    classification: { text: '好', threshold: 0.5 },
    variables: { intent: 'a', misses: 0 },
  })
  expect(chat.last?.trace.ms).toBeGreaterThanOrEqual(0)
})
