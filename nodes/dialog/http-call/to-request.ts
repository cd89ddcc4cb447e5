import type { CallRequest, ConfigOf, SessionView } from '#kit'
import { pickFrom } from '#kit/pick-from.ts'
import { fillPlaceholders } from '#kit/text-checks.ts'
import { lookUp } from '#runtime/conditions/values.ts'
import type { httpCall } from './node.ts'

type Config = ConfigOf<typeof httpCall>
type Values = Pick<SessionView, 'variables' | 'parameters' | 'now' | 'timeZone'>

/** Twice does no more than once, by what HTTP says of the method (RFC 9110, 9.2.2). */
const idempotent = ['GET', 'PUT', 'DELETE']

/** The request that a block makes with these values; null where they make no address of it. */
export function toRequest(config: Config, values: Values): CallRequest | null {
  const url = fillAddress(config.url, values)
  if (url === null) return null
  const body = config.method === 'GET' ? null : bodyOf(config, values)
  const own = config.headers
    .filter(({ name }) => name !== '')
    .map(({ name, value, secret }) => ({ name, value: toHeader(fillText(value, values)), secret }))
  const given = new Set(own.map(({ name }) => name.toLowerCase()))
  const usual = [
    { name: 'Accept', value: 'application/json, text/plain;q=0.9, */*;q=0.5', secret: '' },
    ...(body ? [{ name: 'Content-Type', value: body.type, secret: '' }] : []),
  ]
  const pick = [...new Set(config.map.map(({ pointer }) => pointer))]
  return {
    method: config.method,
    url,
    headers: [...usual.filter(({ name }) => !given.has(name.toLowerCase())), ...own],
    body: body?.text ?? null,
    timeout: config.timeout * 1_000,
    attempts: config.retries + 1,
    repeatable: idempotent.includes(config.method) || config.repeatable,
    pick,
    tries: config.tries,
    sample: config.sample.trim() === '' ? null : { status: 200, picked: pickFrom(config.sample, pick) },
  }
}

/**
 * A value is never more than a piece of an address. One that stands at its very beginning is the author's own (a parameter such as the
 * address of a client's system), never a visitor's.
 */
function fillAddress(template: string, values: Values): string | null {
  const [whole, name] = template.trim().match(/^\{\{\s*([\p{L}_][\p{L}\p{N}_]*)\s*\}\}/u) ?? []
  const base = name === undefined ? '' : String(values.parameters[name] ?? '')
  const rest = template.trim().slice(whole?.length ?? 0)
  try {
    const head = base.replace(/\/+$/, rest.startsWith('/') ? '' : '/')
    const filled = head + fillPlaceholders(rest, (each) => encoded(lookUp(values, each)))
    const bare = head + fillPlaceholders(rest, () => '')
    if (!URL.canParse(filled) || !URL.canParse(bare)) return null
    const { protocol, origin, href } = new URL(filled)
    // No value says whom the request goes to.
    if (origin !== new URL(bare).origin) return null
    return protocol === 'https:' || protocol === 'http:' ? href : null
  } catch {
    // Half of a surrogate pair has no encoding.
    return null
  }
}

function encoded(value: unknown): string {
  const text = textOf(value)
  // As a piece of a path these would lead out of it, however they are written.
  return /^\.{1,2}$/.test(text) ? '' : encodeURIComponent(text)
}

function bodyOf(config: Config, values: Values): { type: string; text: string } | null {
  switch (config.bodyKind) {
    case 'none':
      return null
    case 'text':
      return { type: 'text/plain; charset=utf-8', text: fillText(config.body, values) }
    case 'form': {
      const fields = config.fields.filter(({ name }) => name !== '')
      const form = new URLSearchParams(fields.map(({ name, value }) => [name, fillText(value, values)]))
      return { type: 'application/x-www-form-urlencoded', text: form.toString() }
    }
    case 'json':
      try {
        return { type: 'application/json', text: JSON.stringify(fillJson(JSON.parse(config.body || '{}'), values)) }
      } catch {
        return { type: 'application/json', text: '{}' }
      }
  }
}

/** Fills the texts of a JSON document, so that no value can be more than a text; a text that is one place alone keeps its value's type. */
function fillJson(document: unknown, values: Values): unknown {
  if (typeof document === 'string') {
    const alone = document.match(/^\{\{\s*([\p{L}_][\p{L}\p{N}_]*)\s*\}\}$/u)?.[1]
    return alone === undefined ? fillText(document, values) : lookUp(values, alone)
  }
  if (Array.isArray(document)) return document.map((item) => fillJson(item, values))
  if (document === null || typeof document !== 'object') return document
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, fillJson(value, values)]))
}

function fillText(text: string, values: Values): string {
  return fillPlaceholders(text, (name) => textOf(lookUp(values, name)))
}

/** A header is one line of Latin letters; others are written as an address writes them. */
function toHeader(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[^\x20-\x7e]+/g, (part) => encodeURIComponent(part.toWellFormed()))
    .trim()
}

const textOf = (value: unknown): string =>
  value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value ?? '')
