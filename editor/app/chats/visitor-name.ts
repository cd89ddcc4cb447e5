import i18next from 'i18next'
import type { ChatSummary } from '#server/api/dto.ts'

/** What a page may call the visitor's name, the best first. */
const names = ['name', 'nickname', 'displayName', '姓名', '昵称', 'email', 'phone', 'user', 'userId', 'id']

/** What the page said of the visitor; else a short mark that tells nameless visitors apart. */
export function visitorName({ id, visitor, verified }: Pick<ChatSummary, 'id' | 'visitor' | 'verified'>): string {
  // What the site vouches for stands above what anybody could have said.
  const known = [verified ?? {}, visitor].flatMap((about) => names.map((name) => about[name]?.trim())).find(Boolean)
  return known ?? i18next.t('visitor', { ns: 'app', mark: id.slice(-4) })
}
