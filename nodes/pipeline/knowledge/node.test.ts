import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DatasetRow } from '#kit'
import { describeBlock } from '#kit/harness.ts'
import { createKnowledge } from '#runtime/serving/knowledge.ts'
import { docxOf, pdfOf } from '../../../tests/drivers/documents.ts'
import { runBlock } from '../../../tests/drivers/run-block.ts'
import { knowledge } from './node.ts'
import run from './run.ts'

describeBlock(knowledge, import.meta.url, { documents: ['file_0'] })

const faq: DatasetRow[] = [
  { id: '1', text: 'How do I change my password?', pair: 'Open Settings, Security, and choose "Change password".' },
  { id: '2', text: 'Can I pay by invoice?', pair: 'Business customers can pay by invoice within 30 days.' },
  { id: '3', text: '可以开发票吗？', pair: '可以，在订单详情里点“开发票”。' },
  { id: '4', text: '怎么修改密码？', pair: '打开“设置 - 安全”，点“修改密码”。' },
]
const terms = () =>
  pdfOf([
    [
      '# Returns',
      'Goods can be returned within 14 days of delivery.',
      'We pay the return postage. The refund is sent within five working days.',
    ],
    [
      '# Warranty',
      'The pump LB-2041 has a warranty of three years.',
      'Other devices have two years. Batteries are excluded from the warranty.',
    ],
    [
      '# Shipping',
      'Orders placed before noon leave our warehouse on the same day.',
      'Delivery to islands takes up to a week.',
    ],
  ])
const word = docxOf([
  '# 配送',
  '中午十二点前下单，当天发货。偏远地区需要五到七天送达。',
  '# 会员',
  '会员每消费一元积一分，积分一年内有效。生日当月积分翻倍。',
])

async function ask(folder: string, text: string, language = 'en') {
  const loaded = await createKnowledge(folder)
  try {
    const { passages } = await loaded.retrieve({ text, language })
    return { best: passages[0]!, passages, floor: loaded.card.floor.floor }
  } finally {
    await loaded.dispose()
  }
}

describe('documents and written answers', () => {
  test('are read, and each question finds what answers it, with its source', async () => {
    const { outputs, folder, notes } = await runBlock(run, {
      config: { documents: ['terms.pdf', '会员手册.docx'] },
      uploads: { 'terms.pdf': await terms(), '会员手册.docx': word },
      datasets: { faq: { rows: faq, labels: [] } },
    })
    expect(outputs.knowledge).toMatchObject({ kind: 'knowledge', documents: 2, questions: 4, encoder: 'botloom-zh-en' })
    expect(notes.map(({ code }) => code)).toContain('knowledge-floor')

    const returned = await ask(folder, 'how long do I have to return something')
    expect(returned.best.answer).toContain('within 14 days')
    expect(returned.best.source).toMatchObject({ title: 'terms', headings: ['Returns'], page: 1 })
    expect(returned.best.score).toBeGreaterThan(returned.floor)

    // A product's code is a word that no vector knows.
    const code = await ask(folder, 'LB-2041')
    expect(code.best.answer).toContain('LB-2041')
    expect(code.best.source).toMatchObject({ headings: ['Warranty'], page: 2 })

    const written = await ask(folder, 'I want to change the password')
    expect(written.best.answer).toBe('Open Settings, Security, and choose "Change password".')
    expect(written.best.source.question).toBe('How do I change my password?')

    const points = await ask(folder, '积分多久过期', 'zh-CN')
    expect(points.best.answer).toContain('积分一年内有效')
    expect(points.best.source).toMatchObject({ title: '会员手册', headings: ['会员'] })

    for (const foreign of ['will it rain on Sunday', '给我推荐一部电影']) {
      const { best, floor } = await ask(folder, foreign)
      expect(best.score, foreign).toBeLessThan(floor)
    }
  })

  test('a passage in the visitor’s language comes first where both say it', async () => {
    const { folder } = await runBlock(run, { config: {}, datasets: { faq: { rows: faq, labels: [] } } })
    expect((await ask(folder, '怎么修改密码', 'zh-CN')).best.language).toBe('zh')
    expect((await ask(folder, 'change password', 'en')).best.language).toBe('en')
  })

  test('the same material gives the same knowledge, and a changed document alone is computed anew', async () => {
    const cacheFolder = await mkdtemp(join(tmpdir(), 'botloom-knowledge-'))
    const read = async (second: Buffer) => {
      const { notes } = await runBlock(run, {
        config: { documents: ['terms.pdf', 'b.docx'] },
        uploads: { 'terms.pdf': await terms(), 'b.docx': second },
        cacheFolder,
      })
      return notes.find(({ code }) => code === 'knowledge-read')!.params
    }
    const first = await read(word)
    expect(first.fresh).toBe(first.passages)
    expect(await read(word)).toEqual({ ...first, fresh: 0 })
    const changed = docxOf([
      '# 配送',
      '中午十二点前下单，当天发货。偏远地区需要五到七天送达。',
      '# 会员',
      '积分永久有效。',
    ])
    expect((await read(changed)).fresh).toBe(1)
  })

  test('a bar that nothing could be tried on says that it is an estimate', async () => {
    const { notes } = await runBlock(run, { config: { title: 'Hours', text: 'We open at nine.' } })
    expect(notes.map(({ code }) => code)).toContain('knowledge-floor-guessed')
  })

  test('nothing to read, and a document that is broken, say so', async () => {
    await expect(runBlock(run, { config: {} })).rejects.toMatchObject({ code: 'knowledge-empty' })
    await expect(
      runBlock(run, { config: { documents: ['a.pdf'] }, uploads: { 'a.pdf': Buffer.from('%PDF-') } }),
    ).rejects.toMatchObject({ code: 'document-broken', params: { file: 'a.pdf' } })
  })
})
