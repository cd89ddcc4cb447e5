import { defineErrors } from './define-errors.ts'

/** Documents, blocks and wires. */
export const graphErrors = defineErrors({
  'graph-not-document': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '这不是一个 Botloom 机器人文件。',
      remedy: '请给出 botloom 命令用的 .json 文件，写法见 docs/guide/command-line.zh-CN.md。',
    },
    en: {
      message: 'This is not a Botloom bot file.',
      remedy: 'Give a graph as docs/guide/command-line.md describes it.',
    },
  },
  'graph-newer': {
    status: 409,
    retry: 'never',
    'zh-CN': {
      message: '这个机器人由更新版本的 Botloom 保存（格式 {{format}}，本机认识到 {{known}}）。',
      remedy: '请升级 Botloom 后再打开；文件没有被改动。',
    },
    en: {
      message: 'This bot was saved by a newer Botloom (format {{format}}; this one knows {{known}}).',
      remedy: 'Update Botloom and open it again; the file was not touched.',
    },
  },
  'graph-invalid': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '机器人文件在 {{place}} 处不合规：{{detail}}', remedy: '请修正这一处，或从版本记录里恢复。' },
    en: {
      message: 'The bot file is wrong at {{place}}: {{detail}}',
      remedy: 'Correct that place, or restore the bot from a version.',
    },
  },
  'unknown-block': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '不认识类型为“{{type}}”的块。', remedy: '请升级 Botloom，或删除这个块。' },
    en: { message: 'There is no block of type "{{type}}".', remedy: 'Update Botloom, or delete the block.' },
  },
  'newer-block': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '“{{type}}”块由更新的版本（{{version}}）保存。', remedy: '请升级 Botloom 后再打开。' },
    en: {
      message: 'A "{{type}}" block was saved by a newer version ({{version}}).',
      remedy: 'Update Botloom and open it again.',
    },
  },
  'invalid-config': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '块“{{block}}”的设置 {{field}} 不合要求：{{detail}}', remedy: '打开这个块，改正标红的设置。' },
    en: {
      message: 'Setting {{field}} of block "{{block}}" will not do: {{detail}}',
      remedy: 'Open the block and correct the setting marked red.',
    },
  },
  'pipeline-cycle': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '学习流程绕成了圈：{{blocks}}。', remedy: '删掉圈里的一条连线，让数据只朝一个方向走。' },
    en: {
      message: 'The Learn half runs in a circle: {{blocks}}.',
      remedy: 'Remove one wire of the circle, so that the data flows one way.',
    },
  },
  'graph-has-problems': {
    status: 409,
    retry: 'never',
    'zh-CN': {
      message: '还有 {{count}} 个错误需要先处理，第一个：{{first}}',
      remedy: '在工作室的“问题”面板里逐个打开并改正；botloom check 会全部列出。',
    },
    en: {
      message: 'There is something to mend first ({{count}} in all): {{first}}',
      remedy: "Open each in the studio's Problems panel; botloom check lists them all.",
    },
  },
  'dialog-without-start': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '对话没有“开始”块。', remedy: '从左侧拖一个“开始”块到画布上，并连到第一个块。' },
    en: {
      message: 'The dialog has no Start block.',
      remedy: 'Drag a Start onto the canvas and wire it to the first block.',
    },
  },
  'dialog-two-starts': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '对话有两个“开始”块（{{first}}、{{second}}）。', remedy: '删掉其中一个。' },
    en: { message: 'The dialog has two Start blocks ({{first}}, {{second}}).', remedy: 'Delete one of them.' },
  },
  'dialog-wire-lost': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '块“{{block}}”的出口 {{port}} 连到了一个不存在的块。', remedy: '删掉这条连线后重新连接。' },
    en: {
      message: 'Port {{port}} of block "{{block}}" leads to a block that is not in this dialog.',
      remedy: 'Delete that wire and connect it again.',
    },
  },
  'dialog-wire-doubled': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '块“{{block}}”的出口 {{port}} 有两条连线，不知道该走哪条。', remedy: '只留一条连线。' },
    en: {
      message: 'Port {{port}} of block "{{block}}" has two wires, so nobody knows which to follow.',
      remedy: 'Keep one of them.',
    },
  },
})
