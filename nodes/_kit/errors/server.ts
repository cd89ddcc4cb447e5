import { defineErrors } from './define-errors.ts'

/** The server as such: requests, sign-in, storage. */
export const serverErrors = defineErrors({
  unexpected: {
    status: 500,
    retry: 'later',
    'zh-CN': {
      message: '出现了意料之外的问题：{{detail}}',
      remedy: '请再试一次；如果仍然出现，把这段文字和日志交给维护人员。',
    },
    en: {
      message: 'Something unexpected happened: {{detail}}',
      remedy: 'Try again; if it stays, hand this text and the log to whoever runs Botloom.',
    },
  },
  'not-found': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: '找不到要打开的内容（{{what}}）。', remedy: '它可能已被删除，请回到上一页重新打开。' },
    en: { message: 'There is no such {{what}}.', remedy: 'It may have been deleted; go back and open it again.' },
  },
  'not-signed-in': {
    status: 401,
    retry: 'never',
    'zh-CN': {
      message: '需要先登录。',
      remedy: '在运行 Botloom 的终端里打开登录链接，或执行 npm run botloom -- link 生成一个新的。',
    },
    en: {
      message: 'You are not signed in.',
      remedy:
        'Open the sign-in link from the terminal that runs Botloom, or make a new one with npm run botloom -- link.',
    },
  },
  'invalid-request': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '请求里有不符合要求的内容：{{detail}}', remedy: '请改正后重试。' },
    en: { message: 'The request does not have the right form: {{detail}}', remedy: 'Correct it and send it again.' },
  },
  'data-folder-in-use': {
    status: 503,
    retry: 'never',
    'zh-CN': {
      message: '数据目录 {{folder}} 正被另一个 Botloom（进程 {{pid}}）使用。',
      remedy: '先停掉那个进程，或用 BOTLOOM_DATA 指定另一个目录。',
    },
    en: {
      message: 'The data folder {{folder}} is in use by another Botloom (process {{pid}}).',
      remedy: 'Stop that process first, or name another folder with BOTLOOM_DATA.',
    },
  },
  'disk-full': {
    status: 507,
    retry: 'later',
    'zh-CN': { message: '磁盘空间不足，写不下了。{{folder}}', remedy: '清理磁盘后重试；已保存的内容没有丢失。' },
    en: {
      message: 'The disk is full; nothing more can be written. {{folder}}',
      remedy: 'Free some space and try again; nothing that was saved is lost.',
    },
  },
  'large-removal': {
    status: 409,
    retry: 'never',
    'zh-CN': {
      message: '这次修改会删掉 {{total}} 个块中的 {{gone}} 个。',
      remedy: '如果确实要删，请确认后再保存；否则撤销。',
    },
    en: {
      message: 'This change removes {{gone}} of {{total}} blocks.',
      remedy: 'Confirm it if that is what you want; undo it otherwise.',
    },
  },
  'publish-stale': {
    status: 409,
    retry: 'never',
    'zh-CN': {
      message: '学习部分有 {{count}} 个块改动后还没有运行。',
      remedy: '先点“运行”，或选择沿用上一次的模型发布。',
    },
    en: {
      message: '{{count}} blocks of the Learn half have changed since they last ran.',
      remedy: 'Run first, or publish with the model of the last run.',
    },
  },
  'experiment-running': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '线上正有两个版本在做 A/B 对比。', remedy: '先在“版本”页结束对比，或选择发布时一并结束。' },
    en: {
      message: 'An A/B test of two versions is running.',
      remedy: 'Stop it on the Versions page first, or choose to end it with this.',
    },
  },
  'experiment-ended': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '这次对比已经结束。', remedy: '刷新“版本”页，查看结果。' },
    en: { message: 'This A/B test has ended already.', remedy: 'Reload the Versions page to see how it went.' },
  },
  'experiment-same-version': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: 'v{{version}} 已经是线上版本。', remedy: '选另一个版本来和它对比。' },
    en: { message: 'v{{version}} is the live version itself.', remedy: 'Choose another one to compare it with.' },
  },
  'request-refused': {
    status: 403,
    retry: 'never',
    'zh-CN': { message: '这个请求不是从 Botloom 自己的页面发出的。', remedy: '请刷新工作室页面后重试。' },
    en: {
      message: 'This request did not come from a page of this Botloom.',
      remedy: 'Reload the studio and try again.',
    },
  },
  'sign-in-link-used': {
    status: 401,
    retry: 'never',
    'zh-CN': {
      message: '这个登录链接已经用过或过期了（15 分钟内有效，只能用一次）。',
      remedy: '在运行 Botloom 的机器上执行 npm run botloom -- link，打开新的链接。',
    },
    en: {
      message: 'This sign-in link was used already or is older than 15 minutes.',
      remedy: 'On the machine that runs Botloom, make a new one with npm run botloom -- link.',
    },
  },
  'config-invalid': {
    status: 500,
    retry: 'never',
    'zh-CN': { message: '环境变量 {{name}} 的值不对：{{detail}}', remedy: '改正后重新启动。' },
    en: { message: 'Environment variable {{name}} will not do: {{detail}}', remedy: 'Correct it and start again.' },
  },
  'config-url-path': {
    status: 500,
    retry: 'never',
    'zh-CN': {
      message: '环境变量 {{name}} 只能写到域名和端口为止，后面不能带路径。',
      remedy: '写成 {{origin}}，让反向代理把整个域名交给 Botloom，再重新启动。',
    },
    en: {
      message: 'Environment variable {{name}} must end with host and port; pages cannot live below a path.',
      remedy: 'Set it to {{origin}}, give Botloom the whole of that host in your proxy, and start again.',
    },
  },
  'bot-file-unreadable': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '这不是从 Botloom 下载的机器人文件。',
      remedy: '请选择在“机器人”页面用“下载”得到的 .botloom.json 文件；表格里的记录请到“数据”页导入。',
    },
    en: {
      message: 'This is not a bot file that Botloom has written.',
      remedy:
        'Choose a .botloom.json file from Download on the Bots page; records of a table are imported on the Data page.',
    },
  },
  'bot-file-newer': {
    status: 409,
    retry: 'never',
    'zh-CN': {
      message: '这个机器人文件由更新版本的 Botloom 写成（格式 {{format}}，本机认识到 {{known}}）。',
      remedy: '请升级 Botloom 后再导入；什么都没有改动。',
    },
    en: {
      message: 'This bot file was written by a newer Botloom (format {{format}}; this one knows {{known}}).',
      remedy: 'Update Botloom and import it again; nothing was changed.',
    },
  },
  'bot-file-invalid': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '机器人文件在 {{place}} 处不合规：{{detail}}',
      remedy: '请重新下载一次再导入；什么都没有改动。',
    },
    en: {
      message: 'The bot file is wrong at {{place}}: {{detail}}',
      remedy: 'Download it again and import that; nothing was changed.',
    },
  },
  'bot-file-too-large': {
    status: 413,
    retry: 'never',
    'zh-CN': { message: '机器人文件太大，最多 {{limit}} MB。', remedy: '先在原来的机器人里删掉不用的数据集，再下载。' },
    en: {
      message: 'The bot file is too large; the most are {{limit}} MB.',
      remedy: 'Delete records that are not needed in the bot that it came from, and download it again.',
    },
  },
  'template-broken': {
    status: 500,
    retry: 'never',
    'zh-CN': { message: '模板“{{template}}”有问题：{{detail}}', remedy: '修正 nodes/templates 里的这个模板。' },
    en: { message: 'Template "{{template}}" is broken: {{detail}}', remedy: 'Mend it in nodes/templates.' },
  },
})
