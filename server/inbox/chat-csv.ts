import Papa from 'papaparse'
import type { ChatSummary, Message } from '#server/api/dto.ts'

export const chatColumns = 'chat,bot,status,tags,assignee,at,role,author,text,language'.split(',')

/** A chat as lines of a table, one a message. */
export function chatRows(chat: ChatSummary, messages: readonly Message[]): string[][] {
  return messages.map(({ at, role, author, text, language }) => [
    ...[chat.id, chat.bot.name, chat.status, chat.tags.join(', '), chat.assignee?.name ?? ''],
    ...[at, role, author ?? '', text, language],
  ])
}

/** Full-width signs too, and behind line breaks; the library's own rule looks at texts of one line. */
const formula = /^\s*[=+\-@＝＋－＠]/

/** What a visitor wrote must not become a formula in whoever's spreadsheet. */
export function toCsv(rows: string[][]): string {
  return rows.length === 0 ? '' : `${Papa.unparse(rows, { escapeFormulae: formula })}\r\n`
}
