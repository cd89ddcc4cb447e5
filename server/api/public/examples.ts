/** What the document shows: one small shop, the same in every example. */
const at = '2026-11-24T06:33:01.597Z'

export const message = {
  id: 'msg_4k2v9x0q7c1m8d3e',
  seq: 4,
  role: 'bot',
  parts: [{ type: 'text', text: 'Sure. What is your order number?' }],
  text: 'Sure. What is your order number?',
  language: 'en',
  at,
}
export const start = {
  conversationId: 'cnv_7h3n5t9w2r6y1k8p',
  token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.visitor.signature',
  resume: 'TWYEwq3o0Xc8m1Zr5bKd',
  messages: [message],
}
export const look = { files: 10_485_760, verifiedOnly: false, look: { accent: '#3a4bb0', corner: 'right' } }
export const unread = { unread: 2, live: true }
export const file = { id: 'vfl_4k2v9x0q7c1m8d3e', name: 'lamp.jpg', type: 'image/jpeg', bytes: 48_213 }
export const bot = {
  id: 'bot_2f6j8s4d1a9g7k3l',
  slug: 'little-boat-shop',
  name: 'Little Boat',
  template: null,
  createdAt: at,
  updatedAt: at,
  published: { version: 3, at },
  conversations: 128,
  accuracy: 0.93,
  origins: ['https://shop.example'],
  allowServerCallers: false,
  look: look.look,
  hasIdentitySecret: true,
  verifiedOnly: false,
}
export const document = {
  format: 1,
  id: bot.id,
  languages: ['en', 'zh-CN'],
  nodes: {
    start: { id: 'start', type: 'start', version: 1, dialog: 'main', config: {} },
  },
  edges: {},
}
export const draft = {
  document,
  revision: 12,
  draftHash: '9b2f61c0',
  contentHash: '51d0e7aa',
  savedAt: at,
  problems: [],
}
export const version = {
  version: 3,
  createdAt: at,
  current: true,
  onTest: false,
  arm: null,
  contentHash: '51d0e7aa',
  note: 'Returns are answered',
  accuracy: 0.93,
  labels: 41,
  openConversations: 6,
}
export const preview = {
  problems: [],
  refused: [],
  stale: [],
  hasModel: true,
  accuracy: 0.93,
  changedBlocks: { added: [], removed: [], updated: ['menu'] },
  open: [{ version: 2, block: 'menu', blockName: 'Menu', conversations: 6, lands: 'menu' }],
}
export const conversation = {
  id: start.conversationId,
  bot: { id: bot.id, name: bot.name },
  environment: 'live',
  status: 'open',
  language: 'en',
  channel: 'api',
  visitorId: 'customer-1042',
  visitor: { plan: 'gold' },
  verified: null,
  assignee: null,
  tags: ['delivery'],
  last: { role: 'bot', text: message.text, at },
  unanswered: 0,
  handoff: null,
  startedAt: at,
  updatedAt: at,
}
export const note = {
  id: 'note_5c8x2z6v4b1n9m3q',
  author: { id: 'key_1q5w9e3r7t2y6u4i', name: 'Ticket desk' },
  text: 'Called back on Tuesday.',
  at,
}
export const detail = {
  ...conversation,
  messages: [message],
  notes: [note],
  variables: { order: '10042' },
  version: 3,
  context: { page: { url: 'https://shop.example/orders', title: 'Your orders' } },
}
export const trace = {
  path: [{ node: 'menu', port: 'button:track', heard: null, woken: true, said: [], set: {}, ms: 0.4 }],
  version: 3,
  classification: null,
  retrieval: null,
  variables: { order: '10042' },
  effects: [],
  ms: 0.6,
}
export const event = {
  id: 311,
  at,
  type: 'message.created',
  conversation: start.conversationId,
  bot: bot.id,
  environment: 'live',
  message: { id: message.id, seq: 4, role: 'bot' },
}
