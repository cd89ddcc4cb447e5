import { defineErrors } from './define-errors.ts'

/** Documents, and what is made of them to answer from. */
export const knowledgeErrors = defineErrors({
  'document-kind': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”不是能读的文档。',
      remedy: '可以用 txt、md、html、docx 或 pdf 文件；别的格式请先另存为其中一种。',
    },
    en: {
      message: '"{{file}}" is not a document that can be read.',
      remedy: 'Use a txt, md, html, docx or pdf file; save anything else as one of these first.',
    },
  },
  'document-old-word': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”是旧版 Word（.doc）文件，读不了。',
      remedy: '用 Word 或 WPS 打开，另存为 .docx 后再上传。',
    },
    en: {
      message: '"{{file}}" is a file of an old Word (.doc), which cannot be read.',
      remedy: 'Open it in Word or LibreOffice, save it as .docx and upload that.',
    },
  },
  'document-empty': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '“{{file}}”里没有文字。', remedy: '检查文件是否完整，或者从资料里去掉它。' },
    en: {
      message: '"{{file}}" holds no text.',
      remedy: 'Check that the file is whole, or take it out of the documents.',
    },
  },
  'document-encrypted': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”设了密码，打不开。',
      remedy: '打开文件，去掉密码另存一份，再上传新的这份。',
    },
    en: {
      message: '"{{file}}" is protected by a password and cannot be opened.',
      remedy: 'Open it, save a copy without the password and upload the copy.',
    },
  },
  'document-scanned': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”的 {{pages}} 页都只有图片，没有文字，应该是扫描件。',
      remedy: '先用文字识别（OCR）软件转成带文字的 PDF，或上传原来的 Word 文档。',
    },
    en: {
      message: 'The {{pages}} pages of "{{file}}" are pictures without text, probably scanned.',
      remedy: 'Run it through text recognition (OCR) first, or upload the document that it was printed from.',
    },
  },
  'document-broken': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”坏了，读不下去：{{detail}}。',
      remedy: '看它能不能正常打开；能的话另存一份再上传。',
    },
    en: {
      message: '"{{file}}" is broken and cannot be read: {{detail}}.',
      remedy: 'See whether it opens elsewhere; if so, save a copy of it and upload that.',
    },
  },
  'document-too-large': {
    status: 413,
    retry: 'never',
    'zh-CN': {
      message: '“{{file}}”展开后超过 {{limit}} MB，没有读。',
      remedy: '把文档拆成几份，或去掉里面的大块内容再上传。',
    },
    en: {
      message: '"{{file}}" unfolds to more than {{limit}} MB and was not read.',
      remedy: 'Split the document, or take its large parts out, and upload it again.',
    },
  },
  'knowledge-empty': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '“知识”块里既没有文档、文字，也没有带答案的问答。',
      remedy: '上传文档、粘贴文字，或者接上带第二段文字（答案）的数据。',
    },
    en: {
      message: 'The Knowledge block has no document, no text and no questions with an answer.',
      remedy: 'Upload documents, paste text, or connect records with a second text, which is the answer.',
    },
  },
  'knowledge-too-large': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '资料一共切出 {{passages}} 段，超过了 {{limit}} 段的上限。',
      remedy: '去掉用不上的文档，或者把每段放长一些。',
    },
    en: {
      message: 'The material comes to {{passages}} passages, more than the {{limit}} that are allowed.',
      remedy: 'Take out documents that nobody needs, or make the passages longer.',
    },
  },
  'knowledge-missing': {
    status: 409,
    retry: 'never',
    'zh-CN': {
      message: '“{{block}}”还没有知识可用。',
      remedy: '接上“知识”块并运行一次。',
    },
    en: {
      message: '"{{block}}" has no knowledge to answer from yet.',
      remedy: 'Connect a Knowledge block and run it once.',
    },
  },
})
