import type { Me } from '#server/api/dto.ts'
import { call } from './turns/http.ts'

/** A request of the studio's owner. Throws on anything but 2xx. */
export type StudioApi = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>

/** Signs in by the link that the product printed, as a person would. `path` of a request begins behind `/api`. */
export async function signIn(url: string, link: string): Promise<StudioApi> {
  const { cookies } = await call('GET', link)
  const headers: Record<string, string> = { cookie: cookies.join('; '), origin: url }
  const api: StudioApi = async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const answer = await call<T>(method, `${url}/api${path}`, body, headers)
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  headers['x-botloom-csrf'] = (await api<Me>('GET', '/me')).csrf
  return api
}
