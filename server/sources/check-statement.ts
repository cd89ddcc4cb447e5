import { BotloomError } from '#kit'

export type Dialect = 'postgres' | 'mysql'

/** `INTO` writes a table or a file, and is reserved in both dialects; what PostgreSQL lets stand in a WITH writes as well. */
const writing = /\binto\b|\bas\s+(?:(?:not\s+)?materialized\s+)?\(\s*(?:insert|update|delete|merge)\b/iu
const locking = /\bfor\s+(?:no\s+key\s+)?(?:update|share|key\s+share)\b|\block\s+in\s+share\s+mode\b/iu

/**
 * One reading statement of a person, to be put between parentheses. The database itself refuses to write (the transaction is read-only and
 * takes one statement); this refuses what would get out of the parentheses or write a file, and says in words what it was.
 * Throws `source-not-select`, `source-several` or `source-writes`.
 */
export function checkStatement(sql: string, dialect: Dialect): string {
  const bare = withoutQuoted(sql, dialect)
  const end = /(?:\s*;)+\s*$/u.exec(bare)?.index ?? bare.length
  const body = bare.slice(0, end)
  if (body.includes(';')) throw new BotloomError('source-several')
  if (!/^[\s(]*(?:select|with|values|table)\b/iu.test(body)) throw new BotloomError('source-not-select')
  const word = (writing.exec(body) ?? locking.exec(body))?.[0]
  if (word !== undefined) throw new BotloomError('source-writes', { word: word.replace(/.*\(\s*/su, '').toUpperCase() })
  let depth = 0
  for (const sign of body) {
    if (sign === '(') depth++
    if (sign === ')' && --depth < 0) throw new BotloomError('source-several')
  }
  return sql.slice(0, end)
}

/** Neither a space nor part of a word. */
const quoted = '§'

/** The statement with quoted texts, names and comments blanked, each place as it was. An open quote reaches to the end. */
function withoutQuoted(sql: string, dialect: Dialect): string {
  const mysql = dialect === 'mysql'
  let out = ''
  let at = 0
  const blank = (to: number, by = ' ') => {
    out += by.repeat(Math.min(to, sql.length) - at)
    at = Math.min(to, sql.length)
  }
  while (at < sql.length) {
    const rest = sql.slice(at, at + 130)
    const sign = sql[at]!
    // MySQL runs what stands in such a comment.
    if (mysql && /^\/\*M?!/iu.test(rest)) throw new BotloomError('source-writes', { word: '/*!' })
    if (rest.startsWith('/*')) blank(commentEnd(sql, at, !mysql))
    else if (mysql ? /^(?:#|--(?:\s|$))/u.test(rest) : rest.startsWith('--')) {
      const line = sql.indexOf('\n', at)
      blank(line < 0 ? sql.length : line)
    } else if (sign === "'" || sign === '"' || (mysql && sign === '`')) {
      const escaped = mysql ? sign !== '`' : sign === "'" && /(?:^|[^\p{L}\p{N}_$])e$/iu.test(out.slice(-2))
      blank(quoteEnd(sql, at, sign, escaped), quoted)
    } else {
      const tag = mysql ? undefined : /^\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/u.exec(rest)?.[0]
      const inName = /[\p{L}\p{N}_$]$/u.test(out)
      if (tag && !inName) {
        const end = sql.indexOf(tag, at + tag.length)
        blank(end < 0 ? sql.length : end + tag.length, quoted)
      } else {
        out += sign
        at++
      }
    }
  }
  return out
}

/** Behind the closing quote; a doubled one stands for itself, one behind a backslash too where `escaped`. */
function quoteEnd(sql: string, from: number, quote: string, escaped: boolean): number {
  for (let at = from + 1; at < sql.length; at++) {
    if (escaped && sql[at] === '\\') at++
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1
      at++
    }
  }
  return sql.length
}

function commentEnd(sql: string, from: number, nested: boolean): number {
  let depth = 0
  for (let at = from; at < sql.length - 1; at++) {
    if (sql[at] === '/' && sql[at + 1] === '*' && (nested || depth === 0)) {
      depth++
      at++
    } else if (sql[at] === '*' && sql[at + 1] === '/') {
      at++
      if (--depth === 0) return at + 1
    }
  }
  return sql.length
}
