import { setTimeout as sleep } from 'node:timers/promises'
import { BotloomError } from '#kit'
import type { Outbound, OutboundAnswer } from '#server/outbound/outbound.ts'
import { flatten } from './flatten.ts'
import { listsOf, valueAt } from './json-path.ts'
import type { OpenSource, SourceColumn, SourceRow } from './open-source.ts'
import type { HttpRequest, Paging } from './source-shapes.ts'

const pageMs = 30_000
const pageBytes = 32 * 1_048_576
/** Pages of one import: a service that leads in a circle comes to an end. */
const mostPages = 10_000
const mostPauses = 5
const longestPause = 60_000

/** Opens a web service that answers with JSON. It has no tables: its pages are read one after the other. Throws as `Outbound.send`. */
export async function openHttpSource(request: HttpRequest, outbound: Pick<Outbound, 'send'>): Promise<OpenSource> {
  const begin = URL.canParse(request.url) ? new URL(request.url) : null
  if (!begin) throw new BotloomError('outbound-address', { url: request.url.slice(0, 200) })
  const headers = Object.fromEntries(request.headers.map(({ name, value }) => [name.toLowerCase(), value]))

  async function ask(url: URL, signal: AbortSignal): Promise<{ answer: OutboundAnswer; body: unknown }> {
    for (let pause = 1_000, pauses = 0; ; pauses++) {
      signal.throwIfAborted()
      const answer = await outbound.send({
        url: url.href,
        method: 'GET',
        // A next page on another host is read without what was entered for this one.
        headers: { accept: 'application/json', ...(url.origin === begin?.origin ? headers : {}) },
        timeout: pageMs,
        mostBytes: pageBytes,
      })
      if ((answer.status === 429 || answer.status === 503) && pauses < mostPauses) {
        const asked = Number(answer.headers['retry-after']) * 1_000
        await sleep(Math.min(asked > 0 ? asked : pause, longestPause), undefined, { signal })
        pause *= 2
        continue
      }
      if (answer.status >= 400) throw new BotloomError('source-status', { host: url.host, status: answer.status })
      const text = answer.body.toString('utf8').replace(/^\uFEFF/u, '')
      try {
        return { answer, body: JSON.parse(text) }
      } catch {
        throw new BotloomError('source-not-json', { host: url.host, raw: text.trim().slice(0, 80) })
      }
    }
  }

  return {
    async tables() {
      // Nothing to list; that somebody answers is seen by the first look.
      return []
    },

    async *read(query, { most, cursorColumn, signal }) {
      if (query.from !== 'pages') throw new BotloomError('source-kind')
      if (cursorColumn !== null) throw new BotloomError('source-cursor', { column: cursorColumn })
      const { paging } = query
      const columns = new Map<string, SourceColumn>()
      const asked = new Set<string>()
      let url: URL | null = firstPage(begin, paging)
      let found: { rowsAt: string; lists: string[] } | undefined
      let left = most
      for (let page = 0, before = 0; url && left > 0 && page < mostPages; page++) {
        asked.add(url.href)
        const { answer, body } = await ask(url, signal)
        found ??= findRows(body, query.rowsAt)
        const items = page === 0 || Array.isArray(valueAt(body, found.rowsAt)) ? rowsAt(body, found) : []
        const rows: SourceRow[] = items.slice(0, left).map((item) => {
          const values = flatten(item)
          for (const name of Object.keys(values)) columns.set(name, { name, grows: false })
          return { values, at: null }
        })
        yield { columns: [...columns.values()], rows, found }
        left -= rows.length
        before += items.length
        const next: URL | null = items.length === 0 ? null : nextPage(paging, { url, answer, body, page, before })
        // A service that names the page that it just gave would be asked for ever.
        url = next && !asked.has(next.href) ? next : null
      }
    },

    async close() {},
  }
}

function firstPage(url: URL, paging: Paging): URL {
  if (paging.by === 'page') return withParameter(url, paging.parameter, String(paging.first))
  if (paging.by === 'offset') return withParameter(url, paging.parameter, '0')
  return url
}

interface Page {
  url: URL
  answer: OutboundAnswer
  body: unknown
  /** Counted from 0. */
  page: number
  /** Rows that came so far. */
  before: number
}

function nextPage(paging: Paging, { url, answer, body, page, before }: Page): URL | null {
  switch (paging.by) {
    case 'none':
      return null
    case 'page':
      return withParameter(url, paging.parameter, String(paging.first + page + 1))
    case 'offset':
      return withParameter(url, paging.parameter, String(before))
    case 'cursor': {
      const value = valueAt(body, paging.at)
      if ((typeof value !== 'string' && typeof value !== 'number') || value === '') return null
      // Some services give the whole address of the next page.
      if (typeof value === 'string' && /^https?:\/\//u.test(value) && URL.canParse(value)) return new URL(value)
      return withParameter(url, paging.parameter, String(value))
    }
    case 'link': {
      const link = nextLink(answer.headers.link ?? '')
      return link !== null && URL.canParse(link, url.href) ? new URL(link, url) : null
    }
  }
}

/** The target of `rel=next` of a Link header (RFC 8288). */
function nextLink(header: string): string | null {
  for (const [, target = '', rest = ''] of header.matchAll(/<([^>]*)>((?:\s*;\s*[^;,="]+=(?:"[^"]*"|[^;,"]*))*)/gu))
    if (/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)/iu.test(rest)) return target
  return null
}

function withParameter(url: URL, name: string, value: string): URL {
  const next = new URL(url)
  next.searchParams.set(name, value)
  return next
}

/** Where the rows are: where a person says, or the longest list of objects of the answer. */
function findRows(body: unknown, said: string | null): { rowsAt: string; lists: string[] } {
  const lists = listsOf(body)
  const names = lists.map(({ at }) => at || '.')
  return { rowsAt: said === '.' ? '' : (said ?? lists[0]?.at ?? ''), lists: names }
}

function rowsAt(body: unknown, { rowsAt, lists }: { rowsAt: string; lists: string[] }): unknown[] {
  const rows = valueAt(body, rowsAt)
  if (!Array.isArray(rows))
    throw new BotloomError('source-no-rows', { at: rowsAt || '.', lists: lists.join(', ') || '-' })
  return rows
}
