import type { ConversationStart, Message, TurnAnswer } from '#server/api/dto.ts'

/** What a visitor says, one line after the other; `[words]` clicks the button with these words, which the visitor leaves at where there is none. */
export type Visit = readonly string[]

/** Visitors of the sample shop, some of whom leave in the midst of it. */
export const shopVisits: readonly Visit[] = [
  ['我的快递怎么还没到', 'XZ20251234', '5天'],
  ['我的快递怎么还没到', 'XZ20251234'],
  ['我的快递怎么还没到'],
  ['查快递', 'XZ20250001', '[没有了]', '5'],
  ['我想退货', 'XZ20251111', '不想要了', '3天前', '没拆封'],
  ['我想退货', 'XZ20251111', '颜色发错了'],
  ['我想退货', '忘了'],
  ['我想退货'],
  ['转人工'],
  ['怎么开发票', '[没有了]', '4'],
  ['几点上班'],
  ['运费怎么收', '能寄到国外吗'],
  ['今天天气怎么样', '火星上有水吗'],
  ['退款到哪了', 'XZ20252222', '4天前'],
  ['退款到哪了', 'XZ20252222'],
  ['你们这是什么破服务，太差了', '东西坏了'],
  ['where is my parcel', 'XZ20253333', '2 days'],
  ['I want to return it', 'XZ20253333', 'I changed my mind'],
  ['how much is shipping'],
  ['human please'],
]

/** Holds visits over `/v1` as a widget does, several at a time. Answers with the ids of their conversations, in order. */
export async function talk(
  url: string,
  slug: string,
  visits: readonly Visit[],
  { atOnce = 8 }: { atOnce?: number } = {},
): Promise<string[]> {
  const ids: string[] = []
  const post = async <T>(path: string, body: unknown, token?: string): Promise<T> => {
    const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
    const answer = await fetch(`${url}/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, ...authorization },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const visit = async (place: number, lines: Visit): Promise<void> => {
    const english = /^[\x20-\x7e]+$/.test(lines[0] ?? '')
    const begun = await post<ConversationStart>(`/bots/${slug}/conversations`, { language: english ? 'en' : 'zh-CN' })
    ids[place] = begun.conversationId
    let shown: readonly Message[] = begun.messages
    for (const [index, line] of lines.entries()) {
      const words = wordsOf(line, shown)
      if (!words) return
      const path = `/conversations/${begun.conversationId}/messages`
      shown = (await post<TurnAnswer>(path, { id: `m${index}`, ...words }, begun.token)).messages
    }
  }
  let next = 0
  const one = async (): Promise<void> => {
    for (let place = next++; place < visits.length; place = next++) await visit(place, visits[place]!)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return ids
}

function wordsOf(line: string, shown: readonly Message[]): object | null {
  const button = /^\[(.+)\]$/.exec(line)?.[1]
  if (button === undefined) return { text: line }
  for (const part of shown.flatMap(({ parts }) => parts))
    if (part.type === 'buttons' && 'options' in part && Array.isArray(part.options)) {
      const option = part.options.find(({ text }) => text === button)
      if (option) return { choice: { block: part.block, value: option.value } }
    }
  return null
}
