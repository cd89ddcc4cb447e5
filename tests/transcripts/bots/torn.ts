import { graphOf, verdict } from '../../drivers/chat.ts'
import { hello, judge, say, type TranscriptBot } from './parts.ts'

const sure = judge([
  ['return', /退货|send it back/i],
  ['exchange', /换货|swap/i],
])

/** Its model cannot tell a return from an exchange when somebody is only unhappy with what came. */
export const torn: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      hello,
      listen: {
        type: 'intent',
        config: {
          topics: [
            { id: 'lbl_return', text: { 'zh-CN': '退货', en: 'Return it' } },
            { id: 'lbl_exchange', text: { 'zh-CN': '换货', en: 'Exchange it' } },
          ],
        },
      },
      return: say('寄回来，钱退给您。', 'Send it back and we pay you back.'),
      exchange: say('寄回来，我们换一件新的。', 'Send it back and we send you another one.'),
    },
    ['s -> hello', 'hello -> listen', 'listen/lbl_return -> return', 'listen/lbl_exchange -> exchange'],
  ),
  classify: (text) =>
    /不合适|尺码不对|does not fit|wrong size/i.test(text)
      ? verdict({ lbl_return: 0.47, lbl_exchange: 0.44 })
      : sure(text),
}
