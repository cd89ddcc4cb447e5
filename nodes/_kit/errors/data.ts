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
  'data-heading-only': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”只有表头，下面一条记录也没有。',
      remedy: '检查导出时是否选中了数据，再选一次文件。',
    },
    en: {
      message: '"{{file}}" has a heading and no record below it.',
      remedy: 'Check that the export held rows, then choose the file again.',
    },
  },
  'data-wide': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '“{{file}}”超过了 {{limit}} 列。', remedy: '只留下问题和意图等用得上的列，另存后再上传。' },
    en: {
      message: '"{{file}}" has more than {{limit}} columns.',
      remedy: 'Keep the columns that matter (question and topic), save and upload that.',
    },
  },
  'data-old-excel': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”是 2007 年以前的 Excel 格式（.xls），这里读不了。',
      remedy: '用表格软件打开，另存为 .xlsx 或“CSV UTF-8”，再上传。',
    },
    en: {
      message: '"{{file}}" is in the format that Excel had before 2007 (.xls), which is not read here.',
      remedy: 'Open it in your spreadsheet, save it as .xlsx or as "CSV UTF-8", and upload that.',
    },
  },
  'data-other-workbook': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”是 {{kind}} 工作簿，这里读不了。',
      remedy: '用表格软件打开，另存为 .xlsx 或“CSV UTF-8”，再上传。',
    },
    en: {
      message: '"{{file}}" is a {{kind}} workbook, which is not read here.',
      remedy: 'Open it in your spreadsheet, save it as .xlsx or as "CSV UTF-8", and upload that.',
    },
  },
  'data-encrypted': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '“{{file}}”设了密码，打不开。', remedy: '打开它，去掉密码，另存后再上传。' },
    en: {
      message: '"{{file}}" has a password, so it cannot be opened.',
      remedy: 'Open it, take the password away, save it and upload that.',
    },
  },
  'data-zip': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '“{{file}}”损坏了，读不出来（{{detail}}）。', remedy: '重新导出或重新保存，再上传。' },
    en: {
      message: '"{{file}}" is damaged and cannot be read ({{detail}}).',
      remedy: 'Export or save it again, then upload that.',
    },
  },
  'data-unfolds': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '“{{file}}”解压后大得离谱，没有读它。', remedy: '把它拆小，或另存为 CSV 再上传。' },
    en: {
      message: '"{{file}}" unfolds to far more than it should, so it was not read.',
      remedy: 'Split it, or save it as CSV and upload that.',
    },
  },
  'data-too-much': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '“{{file}}”里的内容太多，一次读不完。', remedy: '拆成几个文件，分别上传。' },
    en: {
      message: '"{{file}}" holds more than can be read at once.',
      remedy: 'Split it into several files and upload them one by one.',
    },
  },
  'data-zip-contents': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '压缩包“{{file}}”里没有认得的数据（里面有：{{names}}）。',
      remedy:
        '这里能读 .xlsx、Rasa 项目、Dialogflow ES 或 CX 导出的压缩包，以及装着 CSV、JSONL 或 Parquet 的数据集文件夹。',
    },
    en: {
      message: 'The archive "{{file}}" holds nothing that is known here (it has: {{names}}).',
      remedy:
        'What is read: .xlsx, a Rasa project, an export of Dialogflow ES or CX, and a data set folder with CSV, JSONL or Parquet files.',
    },
  },
  'data-part': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '“{{file}}”里没有“{{part}}”这一部分。', remedy: '重新上传文件，再选一个工作表或一份数据。' },
    en: {
      message: '"{{file}}" has no part called "{{part}}".',
      remedy: 'Upload the file again and choose one of its sheets or splits.',
    },
  },
  'data-yaml': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”不是合法的 YAML：第 {{line}} 行读不通。',
      remedy: '改正这一行（多半是缩进或引号），再上传。',
    },
    en: {
      message: '"{{file}}" is not valid YAML: line {{line}} cannot be read.',
      remedy: 'Correct that line (mostly it is the indentation or a quote) and upload it again.',
    },
  },
  'data-no-nlu': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”里没有 nlu 部分，也就没有例句。',
      remedy: '选带有“nlu:”的文件，一般叫 nlu.yml；stories、rules 和 domain 里没有例句。',
    },
    en: {
      message: '"{{file}}" has no nlu section, so it holds no examples.',
      remedy: 'Choose the file that has "nlu:" in it, mostly nlu.yml; stories, rules and the domain hold no examples.',
    },
  },
  'data-parquet': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: 'Parquet 文件“{{file}}”读不出来（{{detail}}）。',
      remedy: '用不压缩或 Snappy 压缩的方式重新保存，或另存为 CSV、JSONL。',
    },
    en: {
      message: 'The Parquet file "{{file}}" cannot be read ({{detail}}).',
      remedy: 'Save it again uncompressed or with Snappy, or save it as CSV or JSONL.',
    },
  },
  'data-encoding': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”不是能读懂的文本：用 UTF-8、UTF-16、GB18030、Big5 和 Windows-1252 都读不出来。',
      remedy: '用表格软件打开，另存为“CSV UTF-8”，再上传。',
    },
    en: {
      message: '"{{file}}" is not readable as text: it is none of UTF-8, UTF-16, GB18030, Big5 and Windows-1252.',
      remedy: 'Open it in your spreadsheet, save it as "CSV UTF-8" and upload that.',
    },
  },
  'data-other-encoding': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”不是 {{encoding}} 编码：第 {{line}} 行读不出来。',
      remedy: '换一种编码，或者交给 Botloom 自动识别。',
    },
    en: {
      message: '"{{file}}" is not written in {{encoding}}: line {{line}} cannot be read.',
      remedy: 'Choose another encoding, or leave it to Botloom to find out.',
    },
  },
  'data-control-characters': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”第 {{line}} 行里有不是文字的字节，它可能不是文本文件。',
      remedy: '用表格软件打开，另存为“CSV UTF-8”，再选一次；如果只坏了这一行，删掉它即可。',
    },
    en: {
      message: 'Line {{line}} of "{{file}}" holds bytes that are no text; it may not be a text file.',
      remedy: 'Save it as "CSV UTF-8" in your spreadsheet and choose that; if only this line is broken, delete it.',
    },
  },
  'data-json': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”不是正确的 JSON，问题出在第 {{line}} 行第 {{column}} 个字符。',
      remedy: 'JSON 文件应当是一个列表，每一项是一条记录；也可以每行一条（JSONL）。',
    },
    en: {
      message: '"{{file}}" is not valid JSON; it goes wrong at line {{line}}, character {{column}}.',
      remedy: 'A JSON file should be one list with one record an item; one record a line (JSONL) works too.',
    },
  },
  'data-json-no-list': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”是 JSON，但里面找不到记录的列表。',
      remedy: 'JSON 文件应当是一个列表，每一项是一条记录；也可以每行一条（JSONL）。',
    },
    en: {
      message: '"{{file}}" is JSON, but there is no list of records in it.',
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
  'data-broken-rows': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”有 {{count}} 行读不通，第一处在第 {{line}} 行：{{raw}}',
      remedy: '改正这些行，或在“数据”页导入：读不通的行会单独列出来，不会丢。',
    },
    en: {
      message: '{{count}} rows of "{{file}}" cannot be read; the first is line {{line}}: {{raw}}',
      remedy: 'Correct them, or import the file on the Data page: there such rows are set apart and kept.',
    },
  },
  'data-entities': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”有 {{count}} 行的实体标注和文字对不上，第一处在第 {{line}} 行：{{raw}}',
      remedy:
        '词（tokens）要按顺序出现在文字里，每个词配一个标签（O、B-名称、I-名称，也可用 E-、S-）；区间（entities）要有 start、end、type，按 UTF-16 单位计数，不能超出文字，也不能重叠。',
    },
    en: {
      message:
        'In {{count}} rows of "{{file}}" the marked entities do not fit the text; the first is line {{line}}: {{raw}}',
      remedy:
        'Tokens must stand in the text in their order, with one tag each (O, B-name, I-name, also E- and S-). Entities need start, end and type, counted in UTF-16 units, must lie in the text and must not overlap.',
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
  'data-no-text-column': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '看不出“{{file}}”里哪一列是句子。它的列是：{{columns}}',
      remedy: '在“数据”块里写明文本列。',
    },
    en: {
      message: 'It is not clear which column of "{{file}}" holds the sentences. Its columns are: {{columns}}',
      remedy: 'Name the text column in the Data block.',
    },
  },
  'data-no-label-column': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '看不出“{{file}}”里哪一列是标签。它的列是：{{columns}}',
      remedy: '在“数据”块里写明标签列。',
    },
    en: {
      message: 'It is not clear which column of "{{file}}" is the label. Its columns are: {{columns}}',
      remedy: 'Name the label column in the Data block.',
    },
  },
  'data-one-column': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”只有一列（{{column}}），看不出每句话的标签。',
      remedy: '加上一列标签，并用逗号、分号或制表符分开；或在“数据”页导入，给所有句子同一个标签。',
    },
    en: {
      message: '"{{file}}" has a single column ({{column}}), so no sentence has a label.',
      remedy:
        'Add a column of labels behind a comma, semicolon or tab, or import the file on the Data page, where all sentences can get one label.',
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
    'zh-CN': { message: '找不到文件“{{file}}”。', remedy: '检查文件名和位置；在工作室里请重新上传，再在块里选它。' },
    en: {
      message: 'There is no file "{{file}}".',
      remedy: 'Check its name and place; in the studio, upload it again and choose it in the block.',
    },
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
  'entity-overlap': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '“{{other}}”和已标的“{{one}}”重叠了，同一个字只能属于一个实体。',
      remedy: '先去掉“{{one}}”，或者换一段文字。',
    },
    en: {
      message: '"{{other}}" overlaps "{{one}}", which is marked already; a character belongs to one entity.',
      remedy: 'Remove "{{one}}" first, or mark another part.',
    },
  },
  'entity-outside': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '标记的位置 {{start}}–{{end}} 不在这句话里（共 {{length}} 个字符）。',
      remedy: '刷新页面，重新选中文字再标。',
    },
    en: {
      message: 'The marked part {{start}} to {{end}} does not lie in the text, which has {{length}} characters.',
      remedy: 'Reload the page, select the words again and mark them.',
    },
  },
  'label-merge-itself': {
    status: 422,
    retry: 'never',
    'zh-CN': { message: '不能把“{{name}}”并入它自己。', remedy: '选另一个标签作为目标。' },
    en: { message: 'A label cannot be merged into itself ("{{name}}").', remedy: 'Choose another label to keep.' },
  },
  'label-split-empty': {
    status: 422,
    retry: 'never',
    'zh-CN': { message: '选中的句子里没有一条属于“{{name}}”。', remedy: '先选几条属于它的句子，再拆分。' },
    en: {
      message: 'None of the picked rows has the label "{{name}}".',
      remedy: 'Pick some of its rows, then split.',
    },
  },
  'label-step-undone': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '这一步已经撤销过了。', remedy: '刷新页面看看现在的标签。' },
    en: {
      message: 'This change has been taken back already.',
      remedy: 'Reload the page to see the labels as they are.',
    },
  },
})
