import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createApi } from '#server/api/index.ts'
import { parseConfig } from '#server/config.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import type { Compute } from '#server/jobs/compute.ts'
import { createServices, type Services } from '#server/services.ts'
import { createStartRoutes } from '#server/web/start-routes.ts'

const origin = 'http://127.0.0.1:4600'

/** The studio's API without a socket: the real app over a real database, one person signed in by a real link. */
export interface Studio {
  services: Services
  app: ReturnType<typeof createApi>
  /** A request as the studio sends it: cookie, CSRF token, own origin. Gives status and parsed body. */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: T }>
  /** A request with nothing but what is given. */
  bare(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Response>
  cookie: string
  csrf: string
  upload(
    name: string,
    bytes: Uint8Array,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }>
  close(): Promise<void>
}

export async function openStudio(
  database: OpenDatabase,
  options: { compute?: Compute; env?: Record<string, string> } = {},
): Promise<Studio> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'botloom-studio-'))
  const config = parseConfig({ BOTLOOM_DATA: dataFolder, ...options.env })
  const services = await createServices({
    config,
    database,
    log: pino({ level: 'silent' }),
    url: origin,
    compute: options.compute,
  })
  await services.auth.ensureOwner()
  const app = createApi(services)
  const makeLink = async () => `${origin}/sign-in?token=${await services.auth.makeLinkToken()}`
  app.route(
    '/',
    createStartRoutes(services, {
      progress: () => ({ phase: 'ready', share: 1, detail: '', secondsLeft: null, studio: null, demo: null }),
      controlToken: 'control-token-of-this-test',
      makeLink,
    }),
  )
  const bare: Studio['bare'] = (method, path, headers = {}, body) =>
    Promise.resolve(app.request(`${origin}${path}`, { method, headers: { host: '127.0.0.1:4600', ...headers }, body }))
  const signedIn = await bare('GET', (await makeLink()).slice(origin.length))
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const me = (await (await bare('GET', '/api/me', { cookie })).json()) as { csrf: string }
  const own = { cookie, origin, 'x-botloom-csrf': me.csrf }
  const answer = async (response: Response) => {
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }
  return {
    services,
    app,
    bare,
    cookie,
    csrf: me.csrf,
    async call(method, path, body, headers = {}) {
      const json = body === undefined ? undefined : JSON.stringify(body)
      return answer(
        await bare(method, path, { ...own, ...(json ? { 'content-type': 'application/json' } : {}), ...headers }, json),
      )
    },
    async upload(name, bytes, more = {}) {
      const form = new FormData()
      form.set('file', new Blob([new Uint8Array(bytes)]), name)
      const headers = { ...own, host: '127.0.0.1:4600', ...more }
      const request = new Request(`${origin}/api/files`, { method: 'POST', headers, body: form })
      return answer(await app.request(request))
    },
    async close() {
      await services.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
