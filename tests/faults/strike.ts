import type { BotSummary, DraftView, Message, PushAnswer, RunView } from '#server/api/dto.ts'
import { type House, pause } from './house.ts'

export type Victim = 'train' | 'serve' | 'server'
export const victims: readonly Victim[] = ['train', 'serve', 'server']

const said = ['我要退款', 'where is my order', '你好', 'can I change the address', '发票怎么开', 'asdf qwer', '算了']
/** Longest time that a run and a chat may need to come to their end after a kill, milliseconds. */
const limit = 240_000

/** What one strike found; `faults` is empty when every promise was kept. */
export interface Struck {
  victim: Victim
  /** Milliseconds after the run began. */
  moment: number
  run: RunView['status']
  messages: number
  killed: boolean
  faults: string[]
}

/**
 * Starts a run that must train, talks at the same time, kills one process at `moment`, lets both come to their end and then
 * looks whether something that was acknowledged is gone, doubled, or without an end.
 */
export async function strike(
  house: House,
  victim: Victim,
  moment: number,
  seed: number,
  method: 'head' | 'full' = 'head',
): Promise<Struck> {
  const faults: string[] = []
  const bots = await house.studio<BotSummary[]>('GET', '/api/bots')
  const bot = bots.find((one) => one.slug === 'little-boat-shop')
  if (!bot) throw new Error('the sample bot is gone')
  await makeStale(house, bot.id, seed, method)
  const run = await house.studio<RunView>('POST', `/api/bots/${bot.id}/runs`)

  let over = false
  const talk = converse(house, () => over)
  const kill = async (): Promise<boolean> => {
    await pause(moment)
    if (victim === 'server') {
      await house.killServer()
      return true
    }
    // The process may not be up yet, or gone already at this moment; it is struck at the next chance, if there is one.
    for (let i = 0; i < 100; i++) {
      if (house.killCompute(victim)) return true
      await pause(20)
    }
    return false
  }
  const killed = await kill()
  const ended = await endOf(house, bot.id, run.id)
  over = true
  const chat = await talk

  if (ended.status !== 'done' && ended.status !== 'failed' && ended.status !== 'cancelled')
    faults.push(`the run stayed ${ended.status}`)
  // A kill is nobody's mistake: the run gets over it.
  if (ended.status === 'failed')
    faults.push(`the run failed at ${ended.failure?.node}: ${ended.failure?.code} ${ended.failure?.message}`)
  for (const node of ended.nodes)
    if (node.status === 'running' || node.status === 'queued') faults.push(`${node.node} stayed ${node.status}`)
  faults.push(...(await compare(house, chat)))
  return { victim, moment, run: ended.status, messages: chat.acknowledged.size, killed, faults }
}

/** Another seed for the split: from there on everything runs anew, with few rounds where the whole encoder learns. */
async function makeStale(house: House, bot: string, seed: number, method: 'head' | 'full'): Promise<void> {
  const draft = await house.studio<DraftView>('GET', `/api/bots/${bot}/draft`)
  const find = (type: string) => {
    const node = Object.values(draft.document.nodes).find((one) => one.type === type)
    if (!node) throw new Error(`the sample has no ${type} block`)
    return node
  }
  const split = find('split')
  const learn = find('fine-tune')
  await house.studio<PushAnswer>('POST', `/api/bots/${bot}/draft/diffs`, {
    base: draft.revision,
    diffs: [
      {
        id: `dif_kill_${seed}_${Date.now()}`,
        added: {},
        removed: {},
        updated: {
          [`nodes/${split.id}`]: { '/config/seed': [split.config.seed, seed] },
          [`nodes/${learn.id}`]: {
            '/config/method': [learn.config.method, method],
            '/config/epochs': [learn.config.epochs, 2],
          },
        },
      },
    ],
  })
}

async function endOf(house: House, bot: string, run: string): Promise<RunView> {
  const deadline = Date.now() + limit
  for (;;) {
    const found = await house.studio<RunView>('GET', `/api/bots/${bot}/runs/${run}`).catch(() => null)
    if (found && (found.endedAt !== null || Date.now() > deadline)) return found
    if (Date.now() > deadline + 30_000) throw new Error(`the server does not answer:\n${house.output()}`)
    await pause(200)
  }
}

interface Chat {
  id: string
  token: string
  first: Message[]
  /** Replies by the id of the message that they answer, as they were acknowledged. */
  acknowledged: Map<string, { text: string; replies: Message[] }>
}

/** Talks until `over`; a message that was not answered is sent again under its own id, as a widget does. */
async function converse(house: House, over: () => boolean): Promise<Chat> {
  const opened = await insist(() => post(house, '/v1/bots/little-boat-shop/conversations', {}))
  const chat: Chat = {
    id: opened.conversationId!,
    token: opened.token!,
    first: opened.messages,
    acknowledged: new Map(),
  }
  for (let i = 0; !over() || i < 3; i++) {
    const text = said[i % said.length]!
    const id = `client_${chat.id}_${i}`
    const answer = await insist(() => post(house, `/v1/conversations/${chat.id}/messages`, { id, text }, chat.token))
    chat.acknowledged.set(id, { text, replies: answer.messages })
    // As a visitor who types fast: a run of lower priority is to get its share of the machine.
    await pause(150)
  }
  return chat
}

interface Answer {
  conversationId?: string
  token?: string
  messages: Message[]
}
async function post(house: House, path: string, body: unknown, token?: string): Promise<Answer> {
  const answer = await fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(40_000),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Answer
}

async function insist(ask: () => Promise<Answer>): Promise<Answer> {
  const deadline = Date.now() + limit
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await pause(100)
    }
  }
}

/** All that the server remembers, page by page. */
async function transcript(house: House, chat: Chat): Promise<Message[]> {
  const all: Message[] = []
  for (;;) {
    const answer = await fetch(`${house.url}/v1/conversations/${chat.id}/messages?after=${all.at(-1)?.seq ?? 0}`, {
      headers: { authorization: `Bearer ${chat.token}` },
    })
    const { messages } = (await answer.json()) as { messages: Message[] }
    if (messages.length === 0) return all
    all.push(...messages)
  }
}

/** What the server remembers against what it acknowledged. */
async function compare(house: House, chat: Chat): Promise<string[]> {
  const faults: string[] = []
  const messages = await transcript(house, chat)
  const kept = new Map(messages.map((message) => [message.id, message]))
  if (kept.size !== messages.length) faults.push('a message is there twice')
  for (const [i, message] of messages.entries())
    if (message.seq !== i + 1) faults.push(`message ${i + 1} has the number ${message.seq}`)
  const replies = [...chat.first, ...[...chat.acknowledged.values()].flatMap((turn) => turn.replies)]
  for (const reply of replies) {
    const stored = kept.get(reply.id)
    if (!stored) faults.push(`reply ${reply.seq} "${reply.text}" was acknowledged and is gone`)
    else if (stored.text !== reply.text || stored.seq !== reply.seq) faults.push(`reply ${reply.seq} has changed`)
  }
  const spoken = messages.filter((message) => message.role === 'user').map((message) => message.text)
  const wanted = [...chat.acknowledged.values()].map((turn) => turn.text)
  if (JSON.stringify(spoken) !== JSON.stringify(wanted))
    faults.push(`said ${wanted.length} messages, the transcript has ${spoken.length}: ${JSON.stringify(spoken)}`)
  for (const [id, turn] of [...chat.acknowledged].slice(-3)) {
    const again = await post(house, `/v1/conversations/${chat.id}/messages`, { id, text: turn.text }, chat.token)
    if (JSON.stringify(again.messages.map((m) => m.id)) !== JSON.stringify(turn.replies.map((m) => m.id)))
      faults.push(`"${turn.text}" sent again under its id got other replies`)
  }
  return faults
}
