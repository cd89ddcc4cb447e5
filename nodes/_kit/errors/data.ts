import { defineErrors } from './define-errors.ts'

/** Records: files, sets, rows. */
export const dataErrors = defineErrors({
  'data-no-records': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '“数据”块里既没有数据集，也没有文件。', remedy: '打开“数据”块，选一个数据集或上传文件。' },
    en: {
      message: 'The Data block has neither a set nor a file.',
      remedy: 'Open the Data block and choose a set, or upload a file.',
    },
  },
  'data-no-labels': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '记录里没有一条带标签，机器人不知道每句话是什么意思。',
      remedy: '指定哪一列是标签，或给这些句子标上标签。',
    },
    en: {
      message: 'Not one record has a label, so the bot cannot know what a sentence means.',
      remedy: 'Say which column is the label, or label the sentences.',
    },
  },
  'data-one-label': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '所有记录都是同一个标签“{{label}}”，没有什么可以区分。',
      remedy: '至少再加一个标签和它的几句话。',
    },
    en: {
      message: 'All records have the one label "{{label}}"; there is nothing to tell apart.',
      remedy: 'Add at least one more label with some sentences.',
    },
  },
  'data-nothing-left': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '清洗和拆分之后没有可以学习的记录了。',
      remedy: '放宽长度限制，或减小验证和测试的比例，或多加一些记录。',
    },
    en: {
      message: 'After cleaning and splitting no record is left to learn from.',
      remedy: 'Widen the limits of length, lower the shares of validation and test, or add records.',
    },
  },
  'data-empty': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '“{{file}}”是空的，一条记录也没有。', remedy: '检查导出是否成功，再选一次文件。' },
    en: {
      message: '"{{file}}" is empty: it holds no record.',
      remedy: 'Check that the export worked, then choose the file again.',
    },
  },
  'data-encoding': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”不是能读懂的文本：既不是 UTF-8、UTF-16，也不是 GB18030。',
      remedy: '用表格软件打开，另存为“CSV UTF-8”，再上传。',
    },
    en: {
      message: '"{{file}}" is not readable as text: it is neither UTF-8 nor UTF-16 nor GB18030.',
      remedy: 'Open it in your spreadsheet, save it as "CSV UTF-8" and upload that.',
    },
  },
  'data-json': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”不是正确的 JSON：{{detail}}',
      remedy: 'JSON 文件应当是一个列表，每一项是一条记录；也可以每行一条（JSONL）。',
    },
    en: {
      message: '"{{file}}" is not valid JSON: {{detail}}',
      remedy: 'A JSON file should be one list with one record an item; one record a line (JSONL) works too.',
    },
  },
  'data-ragged': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”有 {{count}} 行的列数和表头对不上，第一处在第 {{line}} 行：{{raw}}',
      remedy: '给含有逗号的文字加上英文双引号，或在“数据”页导入：对不上的行会单独列出来，不会丢。',
    },
    en: {
      message: '{{count}} rows of "{{file}}" do not fit its heading; the first is line {{line}}: {{raw}}',
      remedy:
        'Put texts that hold a comma in double quotes, or import the file on the Data page: there such rows are set apart and kept.',
    },
  },
  'data-column': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”里没有名为“{{column}}”的列。它的列是：{{columns}}',
      remedy: '从这些列里选一个。',
    },
    en: {
      message: '"{{file}}" has no column "{{column}}". Its columns are: {{columns}}',
      remedy: 'Choose one of these.',
    },
  },
  'data-which-column': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '看不出“{{file}}”里哪一列是{{what}}。它的列是：{{columns}}',
      remedy: '在“数据”块里写明文本列和标签列。',
    },
    en: {
      message: 'It is not clear which column of "{{file}}" is the {{what}}. Its columns are: {{columns}}',
      remedy: 'Name the text column and the label column in the Data block.',
    },
  },
  'data-too-large': {
    status: 413,
    retry: 'never',
    'zh-CN': {
      message: '文件超过了 {{limit}} MB 的上限。',
      remedy: '拆成几个文件分别导入，或请管理员调高 BOTLOOM_UPLOAD_MB。',
    },
    en: {
      message: 'The file is larger than the limit of {{limit}} MB.',
      remedy: 'Split it and import the parts, or have BOTLOOM_UPLOAD_MB raised.',
    },
  },
  'data-row-too-long': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '一句话最多 {{limit}} 个字符。', remedy: '把它缩短后再保存。' },
    en: { message: 'A text has at most {{limit}} characters.', remedy: 'Shorten it and save again.' },
  },
  'file-missing': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: '找不到文件“{{file}}”。', remedy: '重新上传这个文件，再在块里选它。' },
    en: { message: 'There is no file "{{file}}".', remedy: 'Upload it again and choose it in the block.' },
  },
  'path-refused': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '这里不接受文件路径：{{value}}',
      remedy: '请上传文件，或选择模型目录里的名称；路径只能在命令行里使用。',
    },
    en: {
      message: 'A path is not accepted here: {{value}}',
      remedy: 'Upload the file, or choose a name from the models folder; only the command line takes paths.',
    },
  },
  'set-busy': {
    status: 409,
    retry: 'later',
    'zh-CN': { message: '这个数据集正在导入另一份数据。', remedy: '等它完成后再试一次。' },
    en: { message: 'Another import into this set is under way.', remedy: 'Try again once it is done.' },
  },
  'label-name-taken': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '已经有名为“{{name}}”的标签。', remedy: '换一个名字。' },
    en: { message: 'There is a label "{{name}}" already.', remedy: 'Choose another name.' },
  },
})
