import { defineErrors } from './define-errors.ts'

/** Documents, blocks and wires. */
export const graphErrors = defineErrors({
  'graph-not-document': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '这不是一个 Botloom 机器人文件。', remedy: '请选择由 Botloom 导出的 .json 文件。' },
    en: { message: 'This is not a Botloom bot file.', remedy: 'Choose a .json file that Botloom exported.' },
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
    'zh-CN': { message: '还有 {{count}} 个错误需要先处理：{{first}}', remedy: '在“问题”面板里逐个打开并改正。' },
    en: {
      message: '{{count}} errors must be mended first: {{first}}',
      remedy: 'Open them one by one in the Problems panel.',
    },
  },
})
