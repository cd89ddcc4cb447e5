import type { APIRequestContext } from '@playwright/test'
import type { Me } from '#server/api/dto.ts'
import { additionOf, graphOf } from './chat.ts'
import type { PlacedGraph } from './large-graph.ts'

/** A new bot that holds just this graph, made over the API by somebody who is signed in; its id. Throws what the server refuses. */
export async function makeBot(request: APIRequestContext, url: string, graph: PlacedGraph): Promise<string> {
  const { csrf } = (await (await request.get(`${url}/api/me`)).json()) as Me
  const post = async <T>(path: string, data: unknown): Promise<T> => {
    const answer = await request.post(`${url}/api${path}`, {
      data,
      headers: { 'x-botloom-csrf': csrf, origin: url },
    })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const { id } = await post<{ id: string }>('/bots', { name: 'Canvas', template: null })
  const draft = await request.get(`${url}/api/bots/${id}/draft`)
  const { document } = (await draft.json()) as { document: ReturnType<typeof graphOf> }
  const placed = (places: object) =>
    Object.fromEntries(Object.entries(places).map(([block, place]) => [`positions/${block}`, place]))
  const diff = {
    id: `dif_${id}`,
    added: { ...additionOf(graphOf(graph.blocks, graph.wires)), ...placed(graph.positions) },
    removed: { ...additionOf(document), ...placed(document.view.positions) },
    updated: {},
  }
  await post(`/bots/${id}/draft/diffs`, { base: 0, diffs: [diff] })
  return id
}
