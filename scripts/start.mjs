#!/usr/bin/env node
/**
 * `npm start`: from a fresh clone to a running studio. Needs nothing but Node and npm, so it is plain JavaScript without a
 * dependency: it listens at once, shows how far it is, installs and builds what is missing, then hands its listener to the
 * server, so that no request ever meets a closed port.
 */
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, install } from './start/commands.mjs'
import { progressPage } from './start/progress-page.mjs'
import { isBuilt, isInstalled, markBuilt, root } from './start/sources.mjs'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Botloom needs Node 20.19 or later; this is ${process.version}. 需要 Node 20.19 或更高版本。`)
  process.exit(1)
}

const port = Number(process.env.PORT || 4600)
const host = process.env.HOST || '127.0.0.1'
let progress = { phase: 'starting', share: 0, detail: '', secondsLeft: null, studio: null, demo: null }
const say = (next) => {
  if (next.phase !== progress.phase) console.log(`  ${next.phase} ...`)
  progress = { ...progress, ...next }
}

const server = createServer((request, response) => {
  const path = request.url?.split('?')[0]
  const json = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
  }
  if (path === '/healthz') return json(200, { status: 'alive' })
  if (path === '/readyz') return json(503, { status: progress.phase })
  if (path === '/api/start') return json(200, progress)
  response.writeHead(path === '/' ? 200 : 503, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '3',
  })
  response.end(progressPage(request.headers['accept-language']))
})

server.on('error', (error) => {
  const taken = error.code === 'EADDRINUSE'
  console.error(
    taken
      ? `Port ${port} is taken. Set another one: PORT=${port + 1} npm start. 端口 ${port} 已被占用，请换一个。`
      : `Cannot listen on ${host}:${port}: ${error.message}`,
  )
  process.exit(1)
})

await new Promise((resolve) => server.listen(port, host, resolve))
/** The server's own words once it is there: an error's message, remedy and code in the language of this machine. */
let explain = (error) => (error instanceof Error ? error.stack : String(error))
try {
  if (!isInstalled()) {
    console.log(`Botloom is starting; follow it at http://${host === '0.0.0.0' ? 'localhost' : host}:${port}`)
    say({ phase: 'installing', share: 0.02 })
    await install({ quiet: true })
  }
  if (!isBuilt()) {
    say({ phase: 'building', share: 0.3 })
    await build({ quiet: true })
    markBuilt()
  }
  process.env.NODE_ENV ??= 'production'
  const { startServer, explainFailure } = await import(pathToFileURL(join(root, 'dist/server/main.js')).href)
  explain = explainFailure
  await startServer({ server, onProgress: say })
} catch (error) {
  const words = explain(error)
  say({ phase: 'failed', detail: words.split('\n    at ')[0] })
  console.error(words)
  process.exitCode = 1
  // The page stays a moment, so that whoever watches it reads the reason.
  setTimeout(() => process.exit(1), 5000)
  server.unref()
}
