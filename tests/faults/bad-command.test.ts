import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ErrorCode } from '#kit'
import { projectRoot } from '#runtime/project-root.ts'
import { graphOf } from '../drivers/chat.ts'
import { botloom, lastWords, refusedByCommand } from './told.ts'

/**
 * Bad input of the `botloom` command, as a process of its own in both languages. Which code each has in English is covered in
 * server/cli/cli.test.ts; here it counts that each is told in the language of the machine, and that no file is touched.
 */
let folder: string
const file = (name: string) => join(folder, name)
const learn = (data: object) =>
  graphOf({ data: { type: 'data-source', config: { ...data } }, split: { type: 'split' } }, ['data/data -> split/data'])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-command-'))
  await copyFile(join(projectRoot, 'tests', 'bench', 'graphs', 'intents.json'), file('intents.json'))
  const write = (name: string, content: unknown) => writeFile(file(name), JSON.stringify(content))
  await write('newer.json', { ...learn({}), format: 99 })
  await writeFile(file('broken.json'), '{ "format": 1, ')
  await write(
    'circle.json',
    graphOf({ a: { type: 'preprocess' }, b: { type: 'preprocess' } }, ['a/data -> b/data', 'b/data -> a/data']),
  )
  await write(
    'loose.json',
    graphOf({ data: { type: 'data-source', config: { train: 'good.csv' } }, learn: { type: 'fine-tune' } }, []),
  )
  const rows = [
    'refund please,refund',
    'my money back,refund',
    'return it,refund',
    'where is it,track',
    'track it,track',
  ]
  await writeFile(file('good.csv'), `text,label\n${rows.join('\n')}\n`)
  await writeFile(file('gb.csv'), iconv.encode('text,label\n我要退款,退款\n怎么退货,退款\n到哪了,物流\n', 'gb18030'))
  await writeFile(file('ragged.csv'), 'text,label\nfine,x\nnot, so fine,y\nfine too,y\n')
  await write('honest.json', learn({ train: 'good.csv' }))
  await mkdir(join(folder, 'deep', 'down'), { recursive: true })
  await writeFile(file('deep/down/up.json'), JSON.stringify(learn({ train: '../../gb.csv' })))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const contents = async (): Promise<Record<string, string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(await Promise.all(files.map(async (path) => [path, await readFile(path, 'base64')])))
}

describe('is told in the language of the machine, with a remedy, and no file is touched', () => {
  test.each<[string, (at: typeof file) => string[], ErrorCode, RegExp]>([
    ['a graph from a newer Botloom, checked', (at) => ['check', at('newer.json')], 'graph-newer', /format 99/],
    ['a graph from a newer Botloom, run', (at) => ['run', at('newer.json')], 'graph-newer', /format 99/],
    ['a graph that is not JSON', (at) => ['check', at('broken.json')], 'graph-not-document', /./],
    ['a graph that is not there', (at) => ['check', at('none.json')], 'file-missing', /none\.json/],
    ['a Learn half that runs in a circle', (at) => ['run', at('circle.json')], 'pipeline-cycle', /a, b/],
    ['a Learn half with a loose input', (at) => ['run', at('loose.json')], 'graph-has-problems', /"Learn"/],
    [
      'a block that the graph lacks',
      (at) => ['check', at('intents.json'), '--set', 'constructor.x=1'],
      'cli-unknown-block',
      /fine-tune/,
    ],
    [
      'a field that the block lacks',
      (at) => ['check', at('intents.json'), '--set', 'data.path=x'],
      'cli-unknown-field',
      /textColumn/,
    ],
    [
      'a --set without a value',
      (at) => ['check', at('intents.json'), '--set', 'data.train'],
      'cli-bad-set',
      /data\.train/,
    ],
    [
      'a setting out of its range',
      (at) => ['run', at('intents.json'), '--set', 'fine-tune.epochs=999'],
      'invalid-config',
      /epochs/,
    ],
    ['an option that is not there', (at) => ['check', at('intents.json'), '--frob'], 'cli-unknown-option', /--frob/],
    ['no command at all', () => [], 'cli-no-command', /botloom check/],
    [
      'an unknown encoder',
      (at) => ['run', at('intents.json'), '--set', `data.train=${at('good.csv')}`, '--set', 'fine-tune.encoder=nope'],
      'unknown-encoder',
      /nope/,
    ],
  ])('%s', async (_, args, code, said) => {
    const before = await contents()
    const { err, out } = await refusedByCommand(code, args(file))
    expect(err).toMatch(said)
    expect(out).toBe('')
    expect(await contents()).toEqual(before)
  })

  test('a circle is found by check too, block by block in words, and nothing else about the graph is said to be wrong', async () => {
    const [zh, en] = await Promise.all([
      botloom(['check', file('circle.json')], 'zh-CN'),
      botloom(['check', file('circle.json'), '--json'], 'en'),
    ])
    expect([zh.code, en.code]).toEqual([1, 1])
    expect(zh.out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^error +a +数据绕成了圈，请删掉圈里的一条连线。 \(pipeline-cycle\)$/),
      expect.stringMatching(/^error +b +数据绕成了圈，请删掉圈里的一条连线。 \(pipeline-cycle\)$/),
    ])
    expect(JSON.parse(en.out).problems).toMatchObject([
      { node: 'a', code: 'pipeline-cycle', message: 'The data runs in a circle; delete one of its wires.' },
      { node: 'b', code: 'pipeline-cycle' },
    ])
  })
})

test('what a block says comes in the language of the machine too, with the line that it is about', async () => {
  const before = await contents()
  const { code, err, out } = await botloom(['run', file('honest.json'), '--set', 'data.train=ragged.csv'], 'zh-CN')
  expect(lastWords(err)).toEqual({
    code: 'data-ragged',
    message: expect.stringMatching(/有 1 行的列数和表头对不上，第一处在第 3 行：not, so fine,y$/),
    remedy: expect.stringContaining('双引号'),
  })
  expect([code, out]).toEqual([1, ''])
  expect(await contents()).toEqual(before)
})

test('paths are for this process alone to follow: up from the graph, GB18030 and all', async () => {
  const before = await contents()
  const { code, err, out } = await botloom(['run', file('deep/down/up.json'), '--json'], 'en')
  expect([code, err.replace(/^\w+: \w+ \d+ %$/gm, '').trim()]).toEqual([0, ''])
  expect(Object.keys(JSON.parse(out).seconds).sort()).toEqual(['data', 'split'])
  expect(await contents()).toEqual(before)
})
