import type { ChannelConnection, ChannelKind } from '#server/api/dto.ts'
import { path, send } from '../../api.ts'

type Values = Record<string, string>
export interface ChannelWish {
  kind: ChannelKind
  bot: string
  name: string
  settings: Values
  secrets?: Values
}

/** What the page of channels asks the server. */
export const channelsApi = {
  list: (): Promise<ChannelConnection[]> => send('GET', '/api/channels'),
  add: (wish: ChannelWish): Promise<{ connection: ChannelConnection; made: Values | null }> =>
    send('POST', '/api/channels', { json: wish }),
  change: (
    id: string,
    change: Partial<Pick<ChannelWish, 'name' | 'settings' | 'secrets'>> & { active?: boolean },
  ): Promise<ChannelConnection> => send('PATCH', path`/api/channels/${id}`, { json: change }),
  remove: (id: string): Promise<void> => send('DELETE', path`/api/channels/${id}`),
}
