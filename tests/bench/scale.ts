import type { ConversationStart } from '#server/api/dto.ts'
import { startProduct } from '../drivers/product.ts'
import { type BenchLine, runBench, SkipLine } from './bench.ts'
import { treeMb } from './tree-mb.ts'
import { call } from './turns/http.ts'

const visitors = 1_000
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
/** Until what a burst of work left behind is collected: two readings a while apart that differ little. */
async function settledMb(pid: number, log: (text: string) => void): Promise<number> {
  for (let last = Number.POSITIVE_INFINITY, reading = 0; ; reading++) {
    await pause(15_000)
    const { mb } = await treeMb(pid)
    log(`${mb.toFixed(0)} MB`)
    if (Math.abs(last - mb) < 5 || reading >= 8) return mb
    last = mb
  }
}

/** Opens conversations of visitors who each said something and wait with their event stream open, as a widget's page does. */
async function openAll(url: string, stop: AbortSignal): Promise<void> {
  const open = async (): Promise<void> => {
    const { body: started } = await call<ConversationStart>('POST', `${url}/v1/bots/little-boat-shop/conversations`, {
      language: 'zh-CN',
    })
    const bearer = { authorization: `Bearer ${started.token}` }
    const path = `${url}/v1/conversations/${started.conversationId}`
    const answer = await call('POST', `${path}/messages`, { id: 'm1', text: '我要退款' }, bearer)
    if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`)
    void fetch(`${path}/events`, { headers: bearer, signal: stop })
      .then((response) => response.body?.getReader().read())
      .catch(() => {})
  }
  for (let at = 0; at < visitors; at += 20) await Promise.all(Array.from({ length: 20 }, open))
}

const lines: BenchLine[] = [
  {
    figures: {
      mbPer1000Conversations: {
        label: '1,000 open conversations with their streams, MB above idle (PSS of all processes)',
        reference: '<= 60',
        digits: 0,
      },
    },
    async measure(log) {
      if (process.platform !== 'linux') throw new SkipLine('memory is read from /proc and is measured on Linux only')
      const product = await startProduct({
        env: { BOTLOOM_CONVERSATIONS_PER_MINUTE: '1000000', BOTLOOM_MESSAGES_PER_MINUTE: '1000000' },
        deadline: 600_000,
      })
      const stop = new AbortController()
      try {
        // The model is loaded and the code has run before the idle figure is taken.
        const warm = new AbortController()
        await openAll(product.url, warm.signal)
        warm.abort()
        const idle = await settledMb(product.process.pid!, log)
        await openAll(product.url, stop.signal)
        return { mbPer1000Conversations: (await settledMb(product.process.pid!, log)) - idle }
      } finally {
        stop.abort()
        await product.stop()
      }
    },
  },
]

await runBench('scale', lines)
