/**
 * What the graph's own rules say, by the `code` of a `Problem`: a sentence that tells what is wrong and what helps. Blocks
 * bring the words of their own problems with them.
 */
export const problemTexts: Readonly<Record<string, Readonly<Record<'zh-CN' | 'en', string>>>> = {
  'input-missing': {
    'zh-CN': '入口“{{port}}”还没有接上数据。',
    en: 'Nothing is connected to its input "{{port}}".',
  },
  'model-writes': {
    'zh-CN': '入口“{{port}}”接的模型会写回答或找答案，但不会分辨意图；请接一个学标签的模型。',
    en: 'The model at its input "{{port}}" writes or finds answers and cannot tell intents; connect one that learned labels.',
  },
  'output-unconnected': {
    'zh-CN': '出口“{{port}}”没有连线，走到这里会回到上一个“识别意图”块，没有经过这样的块就结束对话。',
    en: 'Its output "{{port}}" leads nowhere; there a conversation goes back to the last Intent block, or ends if it passed none.',
  },
  'label-unconnected': {
    'zh-CN': '“{{label}}”没有连线，问到它会当作没听懂。',
    en: '"{{label}}" has no wire; such questions count as not understood.',
  },
  'label-untrained': {
    'zh-CN': '模型还没学过“{{label}}”，运行一次就会了。',
    en: 'The model has not learnt "{{label}}" yet; run once and it will.',
  },
  'unknown-block': {
    'zh-CN': '这个版本的 Botloom 没有类型为“{{type}}”的块。',
    en: 'This Botloom has no block of type "{{type}}".',
  },
  'newer-block': {
    'zh-CN': '这个块是更新版本的 Botloom 保存的，请先升级。',
    en: 'A newer Botloom saved this block; update first.',
  },
  'invalid-config': {
    'zh-CN': '设置“{{field}}”不合要求。',
    en: 'The setting "{{field}}" will not do.',
  },
  'pipeline-cycle': {
    'zh-CN': '数据绕成了圈，请删掉圈里的一条连线。',
    en: 'The data runs in a circle; delete one of its wires.',
  },
  'start-missing': {
    'zh-CN': '对话没有“开始”块，访客没有地方进来。',
    en: 'The dialog has no Start block, so visitors have no way in.',
  },
  'start-twice': {
    'zh-CN': '对话有两个“开始”块，请留一个。',
    en: 'The dialog has two Start blocks; keep one.',
  },
  'dialog-gone': {
    'zh-CN': '所选的对话已经没有了，或者没有“开始”块。',
    en: 'The chosen dialog is gone, or it has no Start block.',
  },
  'block-gone': {
    'zh-CN': '所选的块已经没有了，请另选一个。',
    en: 'The chosen block is gone; choose another one.',
  },
  'block-itself': {
    'zh-CN': '选的是它自己，对话会在这里打转。',
    en: 'It leads to itself, so the conversation would never get on.',
  },
  unreachable: {
    'zh-CN': '对话走不到这个块。',
    en: 'No conversation can reach this block.',
  },
  'wire.no-such-port': {
    'zh-CN': '一条连线的出口或入口已经不在了。',
    en: 'A wire leads from or to a port that is gone.',
  },
  'wire.types-differ': {
    'zh-CN': '一条连线两头的类型不同。',
    en: 'A wire joins ports of different kinds.',
  },
  'wire.input-taken': {
    'zh-CN': '这个入口已有一条连线，只能接一条。',
    en: 'That input has a wire already; it can take one.',
  },
  'wire.output-taken': {
    'zh-CN': '出口“{{port}}”有两条连线，只能留一条。',
    en: 'Output "{{port}}" has two wires; keep one.',
  },
  'wire.other-dialog': {
    'zh-CN': '一条连线通到了另一个对话里。',
    en: 'A wire leads into another dialog.',
  },
  'wire.itself': {
    'zh-CN': '块不能把数据交给自己。',
    en: 'A block cannot feed itself.',
  },
}
