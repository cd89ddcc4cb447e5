import type { ChannelKind } from '#server/api/dto.ts'
import type { Channel } from './define-channel.ts'
import { webhookChannel } from './webhook/channel.ts'
import { wecomChannel } from './wecom/channel.ts'

/** Every kind that a bot can be connected to; the widget is not one of them, since it speaks `/v1` itself. */
export const channels: Readonly<Record<ChannelKind, Channel>> = { webhook: webhookChannel, wecom: wecomChannel }
