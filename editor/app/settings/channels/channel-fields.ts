import type { ChannelKind } from '#server/api/dto.ts'

export interface ChannelField {
  key: string
  /** Kept sealed: it never comes back, and is left empty to stay as it is. */
  secret: boolean
  needed: boolean
  placeholder?: string
  /** What it must look like, where that can be told. */
  looks?: RegExp
}

/** What is asked for each kind; labels and help are `field.<kind>.<key>` and `…​.help`. */
export const channelFields: Readonly<Record<ChannelKind, readonly ChannelField[]>> = {
  webhook: [
    {
      key: 'url',
      secret: false,
      needed: false,
      placeholder: 'https://app.your-shop.example/replies',
      looks: /^https?:\/\/\S+$/,
    },
  ],
  wecom: [
    { key: 'corpId', secret: false, needed: true, placeholder: 'ww1234567890abcdef' },
    { key: 'agentId', secret: false, needed: true, placeholder: '1000002', looks: /^\d{1,12}$/ },
    { key: 'secret', secret: true, needed: true },
    { key: 'token', secret: true, needed: true },
    { key: 'aesKey', secret: true, needed: true, looks: /^[A-Za-z0-9+/]{43}$/ },
    {
      key: 'base',
      secret: false,
      needed: false,
      placeholder: 'https://qyapi.weixin.qq.com',
      looks: /^https?:\/\/\S+$/,
    },
  ],
}
