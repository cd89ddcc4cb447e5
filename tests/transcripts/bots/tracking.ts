import { graphOf, verdict } from '../../drivers/chat.ts'
import type { TranscriptBot } from './parts.ts'

/** Asks the shop's own system where an order is, looks after it later, and asks for a rating in the end. */
export const tracking: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      i: {
        type: 'intent',
        config: { prompt: { en: 'What can I do for you?', 'zh-CN': '请问有什么可以帮您？' } },
      },
      q: {
        type: 'ask',
        config: {
          question: { en: 'Which order?', 'zh-CN': '哪个订单？' },
          kind: 'pattern',
          pattern: '[A-Z]\\d{3}',
          variable: 'order',
          skipIfSet: false,
        },
      },
      api: {
        type: 'http-call',
        config: {
          url: 'https://api.shop.example/orders/{{order}}',
          map: [{ id: 'm', pointer: '/data/status', variable: 'status' }],
          branches: [{ id: 'none', statuses: '404' }],
          waiting: { en: 'One moment please.', 'zh-CN': '稍等，我查一下。' },
          failed: { en: 'I cannot look that up right now.', 'zh-CN': '现在查不到，请过一会儿再试。' },
        },
      },
      found: {
        type: 'say',
        config: { text: { en: '{{order}} is {{status}}.', 'zh-CN': '{{order}} 现在{{status}}。' } },
      },
      none: {
        type: 'say',
        config: { text: { en: 'There is no order {{order}}.', 'zh-CN': '没有 {{order}} 这个订单。' } },
      },
      w: { type: 'wait', config: { amount: 2, unit: 'hours' } },
      later: { type: 'say', config: { text: { en: 'Has it come by now?', 'zh-CN': '现在收到了吗？' } } },
      hours: { type: 'say', config: { text: { en: 'We are open until nine.', 'zh-CN': '我们营业到晚上九点。' } } },
      e: { type: 'end', config: { text: { en: 'Goodbye.', 'zh-CN': '再见。' }, rating: true } },
    },
    [
      ...['s -> i', 'i/lbl_track -> q', 'i/lbl_hours -> hours', 'i/lbl_bye -> e', 'q -> api', 'api -> found'],
      ...['api/status:none -> none', 'found -> w', 'w -> later', 'later -> i', 'hours -> i', 'none -> i'],
    ],
  ),
  classify: (text) => {
    if (/order|parcel|快递|订单/i.test(text)) return verdict({ lbl_track: 0.9 })
    if (/open|几点/i.test(text)) return verdict({ lbl_hours: 0.9 })
    return /bye|再见/i.test(text) ? verdict({ lbl_bye: 0.9 }) : verdict({ lbl_track: 0.3, lbl_hours: 0.2 })
  },
}
