import type { ApiScope } from './scopes.ts'

/** What a scope allows, in plain words: for the document of the API; the studio has its own texts. */
export const scopeTexts: Record<ApiScope, { 'zh-CN': string; en: string }> = {
  'conversations:read': {
    'zh-CN': '读取会话、消息、备注和事件',
    en: 'Read conversations, their messages and notes, and events',
  },
  'conversations:write': {
    'zh-CN': '开始会话、替访客发言、接手、回复、写备注、关闭',
    en: 'Start conversations, speak for visitors, take over, answer, write notes, close',
  },
  'bots:read': { 'zh-CN': '读取机器人、草稿和版本', en: 'Read bots, drafts and versions' },
  'bots:write': { 'zh-CN': '新建、修改和删除机器人及其草稿', en: 'Make, change and delete bots and their drafts' },
  publish: { 'zh-CN': '发布和回滚', en: 'Publish, and roll back' },
}
