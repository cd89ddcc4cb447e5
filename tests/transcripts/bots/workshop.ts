import type { GraphDocument } from '#runtime/graph/document.ts'
import { graphOf } from '../../drivers/chat.ts'
import { ask, hello, hours, judge, openingHours, orderNumber, say, type TranscriptBot } from './parts.ts'

/** Returns and repairs go through one sub-dialog that asks who it is: an order and a phone number. */
export const workshop: TranscriptBot = {
  graph: inDialog(
    'who',
    graphOf(
      {
        s: { type: 'start' },
        hello,
        listen: { type: 'intent', config: { clarify: false } },
        return: { type: 'sub-dialog', config: { dialog: 'who' } },
        returned: say(
          '{{order}} 的退货登记好了，我们打 {{phone}}。',
          'The return of {{order}} is noted; we call {{phone}}.',
        ),
        repair: { type: 'sub-dialog', config: { dialog: 'who' } },
        broken: ask('broken', '哪里坏了？', 'What is broken?'),
        repaired: say('{{order}}：{{broken}}，我们打 {{phone}}。', '{{order}}: {{broken}}; we call {{phone}}.'),
        mail: ask('mail', '发到哪个邮箱？', 'To which mail address?', { kind: 'email' }),
        invoice: say('发票发到 {{mail}}。', 'The invoice goes to {{mail}}.'),
        hours: openingHours,
        who_s: { type: 'start' },
        who_order: ask('order', '请告诉我订单号。', 'What is your order number?', orderNumber),
        who_phone: ask('phone', '电话多少？', 'What is your phone number?', { kind: 'phone' }),
      },
      [
        's -> hello',
        'hello -> listen',
        'listen/lbl_return -> return',
        'return -> returned',
        'listen/lbl_repair -> repair',
        'repair -> broken',
        'broken -> repaired',
        'listen/lbl_invoice -> mail',
        'mail -> invoice',
        'listen/lbl_hours -> hours',
        'who_s -> who_order',
        'who_order -> who_phone',
      ],
    ),
  ),
  classify: judge([['return', /退货|return/i], ['repair', /修|repair|fix/i], ['invoice', /发票|invoice/i], hours]),
}

/** Blocks that are named after a dialog stand in it. */
function inDialog(dialog: string, graph: GraphDocument): GraphDocument {
  graph.dialogs[dialog] = { id: dialog, name: dialog, parameters: [] }
  for (const node of Object.values(graph.nodes)) if (node.id.startsWith(`${dialog}_`)) node.dialog = dialog
  return graph
}
