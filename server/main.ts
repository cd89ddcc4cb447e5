import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { networkInterfaces } from 'node:os'
import { getRequestListener } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { BotloomError, toFailure } from '#kit'
import { loadDetector } from '#runtime/language/detect-language.ts'
import type { StartProgress } from './api/dto.ts'
import { createApi } from './api/index.ts'
import { createChannelRoutes } from './api/public/channel-routes.ts'
import { createPublicApi } from './api/public/public-api.ts'
import { announceServer } from './auth/control.ts'
import { type Config, parseConfig } from './config.ts'
import { openDatabase } from './db/client.ts'
import { mainWorkspace } from './db/schema/auth.ts'
import { prepareSample, sampleSlug } from './first-start.ts'
import { createLog } from './observability/log.ts'
import { machineLocale } from './observability/machine-locale.ts'
import { createServices } from './services.ts'
import { createPages } from './web/pages.ts'
import { createStartRoutes } from './web/start-routes.ts'

export interface StartOptions {
  /** A server that listens already (the launcher's); its requests are taken over. */
  server?: Server
  port?: number
  host?: string
  dataFolder?: string
  databaseUrl?: string
  /** The built compute entry; without it the source or dist/server/worker.js is found by itself. */
  workerEntry?: string
  env?: Record<string, string | undefined>
  onProgress?: (progress: StartProgress) => void
  /** False: no sample bot (tests of what needs none). */
  sample?: boolean
  /** How long after its start the server looks for artifacts that nothing names, in milliseconds. */
  sweepAfter?: number
}
export interface Running {
  url: string
  /** Resolves when the sample is published, or never had to be; rejects with what stopped it. */
  ready: Promise<void>
  makeLink(): Promise<string>
  stop(): Promise<void>
}

/** Whoever came with the start is served by then. */
const sweepAfter = 60_000

/**
 * Starts everything in this process: database, queue, compute, API, pages. Resolves when it answers requests; the sample of
 * a first start is prepared behind. Throws `config-invalid`, `data-folder-in-use`, `database-unreachable`.
 */
export async function startServer(options: StartOptions = {}): Promise<Running> {
  const config = withOptions(parseConfig(options.env ?? process.env), options)
  const log = createLog(config.logLevel)
  let progress: StartProgress = {
    phase: 'database',
    share: 0.35,
    detail: '',
    secondsLeft: null,
    studio: null,
    demo: null,
  }
  const report = (next: Partial<StartProgress>): void => {
    progress = { ...progress, ...next }
    options.onProgress?.(progress)
  }
  report({})
  const database = await openDatabase({ dataFolder: config.dataFolder, databaseUrl: config.databaseUrl })
  const server = options.server ?? (await listen(config))
  const port = portOf(server)
  const url = config.publicUrl ?? `http://${shownHost(config.host)}:${port}`
  let services: Awaited<ReturnType<typeof createServices>>
  try {
    report({ phase: 'starting', share: 0.4 })
    services = await createServices({ config, database, log, url, workerEntry: options.workerEntry })
    await services.auth.ensureOwner()
  } catch (error) {
    await database.close()
    if (!options.server) server.close()
    throw error
  }
  const { auth, bots, conversations, identities, runs, secret, visitorFiles } = services

  const makeLink = async (): Promise<string> => {
    const sample = await bots.findBySlug(sampleSlug)
    const next = sample ? `/bots/${sample.id}/canvas` : '/'
    return `${url}/sign-in?token=${await auth.makeLinkToken()}&next=${encodeURIComponent(next)}`
  }
  const controlToken = randomBytes(32).toString('hex')
  const origins = ownOrigins(config, port)
  const app = createApi(services)
  app.route('/', createStartRoutes(services, { progress: () => progress, controlToken, makeLink }))
  app.route('/v1/channels', createChannelRoutes({ channels: services.channels, log }))
  app.route(
    '/v1',
    createPublicApi({
      conversations,
      bots,
      files: visitorFiles,
      identities,
      secret,
      limits: config.limits,
      ownOrigins: () => origins,
      addressOf: (c) => getConnInfo(c).remote.address ?? '',
      log,
      rooms: services,
    }),
  )
  app.route('/', createPages())
  server.removeAllListeners('request')
  server.on('request', getRequestListener(app.fetch))
  const silence = await announceServer(config.dataFolder, {
    url: `http://${localHost(config.host)}:${port}`,
    token: controlToken,
    pid: process.pid,
  })
  await runs.work()

  // A server that died between deleting a bot's rows and its artifacts left these behind; nobody waits for their removal.
  const sweep = setTimeout(services.sweepWhenIdle, options.sweepAfter ?? sweepAfter)
  sweep.unref()

  let stopping: Promise<void> | null = null
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      clearTimeout(sweep)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // Streams never end by themselves; requests that are being answered get a moment.
      const cut = setTimeout(() => server.closeAllConnections(), 1_000)
      await services.stop()
      server.closeAllConnections()
      await closed
      clearTimeout(cut)
      await silence()
      await database.close()
    })()
    return stopping
  }
  const onSignal = (): void => {
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)

  const ready = prepare()
  return { url, ready, makeLink, stop }

  async function prepare(): Promise<void> {
    try {
      if (options.sample !== false) await prepareSample(services, { locale: machineLocale(), report })
      await services.warmPublished(mainWorkspace)
      // The page shows where the studio is; the link that signs in is for the terminal alone.
      report({ phase: 'ready', share: 1, detail: '', secondsLeft: 0, studio: `${url}/`, demo: `${url}/demo` })
      print(url, await makeLink())
      // Before a visitor's first words ask for it.
      await loadDetector()
    } catch (error) {
      if (stopping) return
      const failure = toFailure(error, machineLocale())
      log.error({ err: error }, 'the first start failed')
      // The page is open to whoever reaches the port; what went wrong inside is for the terminal and the log.
      const shown = error instanceof BotloomError ? failure : toFailure(new Error('see the log'), machineLocale())
      report({ phase: 'failed', detail: `${shown.message} ${shown.remedy}` })
      console.error(`${failure.message}\n${failure.remedy}`)
      print(url, await makeLink())
    }
  }
}

/** What stopped a start, for the terminal: words and a code for what a person can mend, else where it broke. */
export function explainFailure(error: unknown): string {
  const { code, message, remedy } = toFailure(error, machineLocale())
  if (code !== 'unexpected') return `${message}\n${remedy}\n(${code})`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function print(url: string, link: string): void {
  console.log(`
  Studio  工作室    ${link}
                    (signs you in once, within 15 minutes; a new one: npm run -s botloom -- link)
  Demo    演示商店  ${url}/demo
`)
}

function withOptions(config: Config, options: StartOptions): Config {
  return {
    ...config,
    port: options.port ?? config.port,
    host: options.host ?? config.host,
    dataFolder: options.dataFolder ?? config.dataFolder,
    databaseUrl: options.databaseUrl ?? config.databaseUrl,
  }
}

async function listen(config: Config): Promise<Server> {
  const server = createServer(answerEarly)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.port, config.host, resolve)
  })
  return server
}

/** Whoever asks before the rooms are built is told to come again, and never left waiting. */
function answerEarly(request: IncomingMessage, response: ServerResponse): void {
  const alive = request.url === '/healthz'
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  response.writeHead(alive ? 200 : 503, alive ? headers : { ...headers, 'retry-after': '1' })
  response.end(JSON.stringify({ status: alive ? 'alive' : 'starting' }))
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

const anyHost = new Set(['0.0.0.0', '::', ''])
const shownHost = (host: string): string => (anyHost.has(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host)
const localHost = (host: string): string => (anyHost.has(host) ? '127.0.0.1' : shownHost(host))

/** Where our own pages may have been loaded from. */
function ownOrigins(config: Config, port: number): string[] {
  const hosts = ['localhost', '127.0.0.1', '[::1]']
  if (anyHost.has(config.host))
    for (const addresses of Object.values(networkInterfaces()))
      for (const { address, family } of addresses ?? []) hosts.push(family === 'IPv6' ? `[${address}]` : address)
  else hosts.push(shownHost(config.host))
  const origins = hosts.map((host) => `http://${host}${port === 80 ? '' : `:${port}`}`)
  return config.publicUrl ? [...origins, new URL(config.publicUrl).origin] : origins
}
