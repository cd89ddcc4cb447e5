import { defineErrors } from './define-errors.ts'

/** Runs, compute processes and artifacts. */
export const runErrors = defineErrors({
  'run-cancelled': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '运行已停止。', remedy: '需要时重新点“运行”；已完成的块不会重跑。' },
    en: {
      message: 'The run was stopped.',
      remedy: 'Press Run when you want it again; finished blocks are not run again.',
    },
  },
  'run-in-progress': {
    status: 409,
    retry: 'later',
    'zh-CN': { message: '这个机器人正在运行。', remedy: '等它结束，或先停止它。' },
    en: { message: 'This bot is running already.', remedy: 'Wait for it to end, or stop it first.' },
  },
  'too-large-to-pack': {
    status: 413,
    retry: 'never',
    'zh-CN': { message: '模型太大，装不进一个 zip。', remedy: '请直接从数据文件夹里复制：{{folder}}。' },
    en: {
      message: 'The model is too large for one zip.',
      remedy: 'Copy its folder from the data folder instead: {{folder}}.',
    },
  },
  'nothing-to-run': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '学习部分还没有块。', remedy: '先从左侧放一个“数据源”块。' },
    en: { message: 'The Learn half has no blocks yet.', remedy: 'Put a data source on the canvas first.' },
  },
  'compute-died': {
    status: 500,
    retry: 'smaller',
    'zh-CN': {
      message: '计算进程中途退出了（{{reason}}）。',
      remedy: '通常是内存不够：会自动改成每次少算几条再试；仍失败时请换小一点的语言模型。',
    },
    en: {
      message: 'The compute process ended in the midst ({{reason}}).',
      remedy:
        'Most often memory ran out: it is tried again with fewer rows at a time; if that fails, choose a smaller language model.',
    },
  },
  'compute-killed': {
    status: 500,
    retry: 'now',
    'zh-CN': {
      message: '计算进程被别的程序强行结束了（{{reason}}）。',
      remedy: '会自动重试，并从已保存的进度接着学；如果反复出现，请检查是谁结束了它。',
    },
    en: {
      message: 'Something ended the compute process by force ({{reason}}).',
      remedy: 'It is tried again and goes on from where it was; if it happens often, find out who ends it.',
    },
  },
  'compute-silent': {
    status: 500,
    retry: 'smaller',
    'zh-CN': {
      message: '计算进程 {{seconds}} 秒没有回应。',
      remedy: '会自动重试；如果反复出现，请减小批次或换小一点的语言模型。',
    },
    en: {
      message: 'The compute process was silent for {{seconds}} seconds.',
      remedy: 'It is tried again; if it happens often, use a smaller batch or a smaller language model.',
    },
  },
  'answers-busy': {
    status: 503,
    retry: 'later',
    'zh-CN': { message: '正在写的回答太多了。', remedy: '请稍等片刻再问。' },
    en: { message: 'Too many answers are being written right now.', remedy: 'Wait a moment and ask again.' },
  },
  'classifier-unavailable': {
    status: 503,
    retry: 'now',
    'zh-CN': { message: '语言模型暂时没有回应。', remedy: '请稍后再试。' },
    en: { message: 'The language model does not answer right now.', remedy: 'Try again in a moment.' },
  },
  'artifact-missing': {
    status: 410,
    retry: 'never',
    'zh-CN': { message: '找不到运行产物 {{artifact}}。', remedy: '它可能被清理了，请重新运行产生它的块。' },
    en: {
      message: 'The artifact {{artifact}} is gone.',
      remedy: 'It may have been cleaned up; run the block that made it again.',
    },
  },
  'artifact-torn': {
    status: 500,
    retry: 'never',
    'zh-CN': { message: '运行产物 {{artifact}} 不完整。', remedy: '请重新运行产生它的块；其他数据不受影响。' },
    en: {
      message: 'The artifact {{artifact}} is damaged.',
      remedy: 'Run the block that made it again; nothing else is touched.',
    },
  },
  'database-unreachable': {
    status: 503,
    retry: 'later',
    'zh-CN': { message: '连不上数据库：{{detail}}', remedy: '请检查 DATABASE_URL 和数据库服务，然后重新启动。' },
    en: {
      message: 'The database cannot be reached: {{detail}}',
      remedy: 'Check DATABASE_URL and the database server, then start again.',
    },
  },
})
