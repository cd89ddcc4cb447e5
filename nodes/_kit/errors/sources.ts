import { defineErrors } from './define-errors.ts'

/** Rows from databases and web services. */
export const sourceErrors = defineErrors({
  'source-unreachable': {
    status: 502,
    retry: 'later',
    'zh-CN': {
      message: '连不上 {{host}}（{{detail}}）。',
      remedy: '检查主机和端口是否正确、数据库是否在运行、防火墙是否允许本服务器访问，然后重试。',
    },
    en: {
      message: '{{host}} cannot be reached ({{detail}}).',
      remedy:
        'See whether host and port are right, the database is up and a firewall lets this server in, then try again.',
    },
  },
  'source-login': {
    status: 403,
    retry: 'never',
    'zh-CN': { message: '{{host}} 不接受这个用户名或密码。', remedy: '检查用户名和密码，重新输入密码后再连接。' },
    en: {
      message: '{{host}} does not accept this user name or password.',
      remedy: 'Check the user name, type the password anew and connect again.',
    },
  },
  'source-database': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: '{{host}} 上没有名为“{{database}}”的数据库。', remedy: '检查数据库名的拼写和大小写。' },
    en: {
      message: '{{host}} has no database named “{{database}}”.',
      remedy: 'Check how its name is written, capital letters included.',
    },
  },
  'source-tls': {
    status: 502,
    retry: 'never',
    'zh-CN': {
      message: '无法与 {{host}} 建立加密连接（{{detail}}）。',
      remedy: '如果对方用的是自签名证书，请选择“加密，不检查证书”；如果对方不支持加密而网络可信，请选择“不加密”。',
    },
    en: {
      message: 'No encrypted connection to {{host}} came about ({{detail}}).',
      remedy:
        'If its certificate is self-signed, choose “encrypted, certificate not checked”; if it cannot encrypt and the network can be trusted, choose “not encrypted”.',
    },
  },
  'source-denied': {
    status: 403,
    retry: 'never',
    'zh-CN': {
      message: '这个数据库用户没有读取权限：{{detail}}',
      remedy: '请数据库管理员授予它 SELECT 权限，或换一个用户。',
    },
    en: {
      message: 'This database user may not read that: {{detail}}',
      remedy: 'Ask whoever runs the database to grant it SELECT, or use another user.',
    },
  },
  'source-table': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: '要读取的表或列不存在了：{{detail}}', remedy: '重新连接，重新选择表和列。' },
    en: {
      message: 'A table or column that is to be read is not there: {{detail}}',
      remedy: 'Connect again and choose the table and its columns anew.',
    },
  },
  'source-query': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '数据库不接受这个查询：{{detail}}',
      remedy: '修改查询后再试；可以先在数据库自己的工具里运行一遍。',
    },
    en: {
      message: 'The database does not accept this query: {{detail}}',
      remedy: 'Change it and try again; it helps to run it in a tool of that database first.',
    },
  },
  'source-not-select': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '这里只能写一条读取数据的语句。', remedy: '写一条以 SELECT（或 WITH）开头的语句。' },
    en: {
      message: 'Only a statement that reads can stand here.',
      remedy: 'Write one that begins with SELECT (or WITH).',
    },
  },
  'source-several': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '这里写了不止一条语句，或者括号不成对。', remedy: '只留一条 SELECT 语句，并检查括号。' },
    en: {
      message: 'This is more than one statement, or its parentheses do not pair.',
      remedy: 'Leave a single SELECT and check its parentheses.',
    },
  },
  'source-writes': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '这条语句会改动或锁定数据（{{word}}）；Botloom 只读取，不会运行它。',
      remedy: '去掉这一部分，只留读取数据的 SELECT。',
    },
    en: {
      message: 'This statement changes or locks data ({{word}}); Botloom only reads and does not run it.',
      remedy: 'Take that part out and leave the SELECT that reads.',
    },
  },
  'source-timeout': {
    status: 504,
    retry: 'later',
    'zh-CN': {
      message: '{{host}} 在 {{seconds}} 秒内没有给出结果。',
      remedy: '缩小查询范围，或请管理员为排序的列建索引。',
    },
    en: {
      message: '{{host}} gave no rows within {{seconds}} s.',
      remedy: 'Ask for less, or have an index made for the column that it is sorted by.',
    },
  },
  'source-lost': {
    status: 502,
    retry: 'later',
    'zh-CN': {
      message: '与 {{host}} 的连接中断了（{{detail}}）。已经导入的行都还在。',
      remedy: '点“导入新增”，从中断的地方继续。',
    },
    en: {
      message: 'The connection to {{host}} broke ({{detail}}). What had come in is kept.',
      remedy: 'Press “Import what is new”: it goes on from there.',
    },
  },
  'source-interrupted': {
    status: 503,
    retry: 'later',
    'zh-CN': { message: '导入时 Botloom 停止了运行。已经导入的行都还在。', remedy: '点“导入新增”，从中断的地方继续。' },
    en: {
      message: 'Botloom was stopped during the import. What had come in is kept.',
      remedy: 'Press “Import what is new”: it goes on from there.',
    },
  },
  'source-busy': {
    status: 409,
    retry: 'later',
    'zh-CN': { message: '这个来源正在导入。', remedy: '等它完成，或先停止它。' },
    en: { message: 'This source is being imported already.', remedy: 'Wait until it is done, or stop it first.' },
  },
  'source-columns': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '有两列同名：{{column}}。', remedy: '在 SELECT 里用 AS 给它们不同的名字。' },
    en: { message: 'Two columns have the name {{column}}.', remedy: 'Give each a name of its own with AS.' },
  },
  'source-cursor': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{column}}”列不能用来判断哪些是新增的。',
      remedy: '选一列只增不减的整数编号或时间，或选“每次全部读取”。',
    },
    en: {
      message: 'The column “{{column}}” cannot tell what is new.',
      remedy: 'Choose one of whole numbers or times that only grow, or “read all each time”.',
    },
  },
  'source-kind': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '这种连接不能这样读取。', remedy: '重新选择连接和要读取的内容。' },
    en: {
      message: 'This kind of connection is not read in this way.',
      remedy: 'Choose the connection and what to read of it anew.',
    },
  },
  'source-status': {
    status: 502,
    retry: 'later',
    'zh-CN': {
      message: '{{host}} 答复了 {{status}}，而不是数据。',
      remedy: '检查网址和请求头里的密钥；{{status}} 的含义见对方接口的文档。',
    },
    en: {
      message: '{{host}} answered {{status}} instead of data.',
      remedy:
        'Check the address and the secret in the headers; the service’s documentation says what {{status}} means.',
    },
  },
  'source-not-json': {
    status: 502,
    retry: 'never',
    'zh-CN': { message: '{{host}} 的答复不是 JSON，开头是：{{raw}}', remedy: '检查网址：要填数据接口，而不是网页。' },
    en: {
      message: 'The answer of {{host}} is no JSON; it begins with: {{raw}}',
      remedy: 'Check the address: it must be of the interface, not of a web page.',
    },
  },
  'source-no-rows': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '答复里的“{{at}}”不是列表。', remedy: '改成列表所在的位置；答复里有这些列表：{{lists}}。' },
    en: {
      message: 'There is no list at “{{at}}” of the answer.',
      remedy: 'Say where the list is; the answer has these lists: {{lists}}.',
    },
  },
  'source-empty': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: '“{{name}}”里一行数据也没有。', remedy: '检查条件是否太窄，或选择另一张表。' },
    en: {
      message: '“{{name}}” has no rows.',
      remedy: 'See whether its conditions are too narrow, or choose another table.',
    },
  },
  'connection-name-taken': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '已经有一个名为“{{name}}”的另一类连接。', remedy: '换一个名称。' },
    en: { message: 'There is a connection of another kind named “{{name}}”.', remedy: 'Give this one another name.' },
  },
})
