import { graphOf } from '../../drivers/chat.ts'
import { ask, option, say, type TranscriptBot } from './parts.ts'
import { shopTopics } from './shop.ts'

/** Its buttons say what would otherwise be commands. */
export const stop: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      ask: say('要继续吗？', 'Shall I go on?', {
        buttons: [option('on', '继续', 'Go on'), option('stop', '停止', 'Stop')].map(({ id, text }) => ({ id, text })),
      }),
      on: ask('word', '说点什么？', 'Say something?'),
      here: say('到此为止。', 'I stop here.'),
      listen: { type: 'intent' },
    },
    ['s -> ask', 'ask/button:on -> on', 'ask/button:stop -> here', 'on -> listen', 'here -> listen'],
  ),
  classify: shopTopics,
}
