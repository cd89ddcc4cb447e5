import type { BotSummary, DraftView, RunView } from '#server/api/dto.ts'
import { signIn } from '../studio-api.ts'

/** Keeps a full fine-tuning of the sample bot running until `stop`; by the studio's own API, as a person would. */
export async function keepTraining(url: string, link: string): Promise<{ stop(): Promise<void> }> {
  const api = await signIn(url, link)
  const bots = await api<BotSummary[]>('GET', '/bots')
  const bot = bots.find(({ slug }) => slug === 'little-boat-shop')!.id
  let stopped = false
  let current = ''

  const train = async (seed: number): Promise<RunView> => {
    const { document, revision } = await api<DraftView>('GET', `/bots/${bot}/draft`)
    const block = Object.values(document.nodes).find(({ type }) => type === 'fine-tune')!
    const updated = {
      [`nodes/${block.id}`]: {
        '/config/method': [block.config.method, 'full'],
        '/config/epochs': [block.config.epochs, 50],
        '/config/seed': [block.config.seed, seed],
      },
    }
    const diff = { id: `bench-${seed}-${process.pid}`, added: {}, removed: {}, updated }
    await api('POST', `/bots/${bot}/draft/diffs`, { base: revision, diffs: [diff] })
    return api<RunView>('POST', `/bots/${bot}/runs`, {})
  }
  const started = await train(101)
  current = started.id
  const following = (async () => {
    for (let seed = 102; !stopped; ) {
      const run = await api<RunView>('GET', `/bots/${bot}/runs/${current}`)
      if (run.status === 'failed') throw new Error(`the training failed: ${run.failure?.message}`)
      if (run.status === 'done') current = (await train(seed++)).id
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  })()
  return {
    async stop() {
      stopped = true
      await following
      await api('POST', `/bots/${bot}/runs/${current}/cancel`, {})
    },
  }
}
