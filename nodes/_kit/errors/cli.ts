import { defineErrors } from './define-errors.ts'

/** The command line's own. */
export const cliErrors = defineErrors({
  'cli-no-command': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '没有说要做什么，或者没有给出机器人文件。', remedy: '写成：\n{{usage}}' },
    en: { message: 'A command, or the bot file that it is for, is missing.', remedy: 'Write one of:\n{{usage}}' },
  },
  'cli-unknown-option': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '没有这个选项，或者它缺少值：{{option}}', remedy: '写成：\n{{usage}}' },
    en: { message: 'There is no such option, or it lacks its value: {{option}}', remedy: 'Write one of:\n{{usage}}' },
  },
  'cli-bad-set': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '看不懂 --set {{set}}。', remedy: '写成 --set 块.字段=值，例如 --set fine-tune.epochs=5。' },
    en: {
      message: 'This cannot be read: --set {{set}}',
      remedy: 'Write --set BLOCK.FIELD=VALUE, for example --set fine-tune.epochs=5.',
    },
  },
  'cli-unknown-block': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '图里没有叫 {{block}} 的块。', remedy: '换成现有的块：{{known}}。' },
    en: { message: 'The graph has no block {{block}}.', remedy: 'Name one of its blocks: {{known}}.' },
  },
  'cli-unknown-field': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '块 {{block}} 没有字段 {{field}}。', remedy: '换成现有的字段：{{known}}。' },
    en: { message: 'Block {{block}} has no field {{field}}.', remedy: 'Name one of its fields: {{known}}.' },
  },
  'not-running': {
    status: 503,
    retry: 'never',
    'zh-CN': {
      message: '没有 Botloom 在使用数据目录 {{folder}}。',
      remedy: '先执行 npm start；如果数据目录不同，请设置 BOTLOOM_DATA。',
    },
    en: {
      message: 'No Botloom is running on the data folder {{folder}}.',
      remedy: 'Start it with npm start; if its data folder is another one, set BOTLOOM_DATA.',
    },
  },
})
