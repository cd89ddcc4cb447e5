import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { projectRoot } from '#runtime/project-root.ts'
import { fileLabelId } from '#server/data/to-rows.ts'
import { lockDataFolder } from '#server/db/lock.ts'
import { graphOf } from '../../tests/drivers/chat.ts'
import { modelsFolder } from './models-folder.ts'

const intents = join(projectRoot, 'tests', 'bench', 'graphs', 'intents.json')
let folder: string

interface Answer {
  code: number | null
  out: string
  err: string
}
function startBotloom(args: string[], env: Record<string, string> = {}) {
  return spawn(process.execPath, ['--import', 'tsx', 'server/cli/main.ts', ...args], {
    cwd: projectRoot,
    env: { ...process.env, LANG: 'en', LC_ALL: 'en', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}
const botloom = (...args: string[]): Promise<Answer> => ended(startBotloom(args))
function ended(child: ReturnType<typeof startBotloom>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const answer: Answer = { code: null, out: '', err: '' }
    child.stdout.on('data', (chunk) => {
      answer.out += chunk
    })
    child.stderr.on('data', (chunk) => {
      answer.err += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...answer, code }))
  })
}
const write = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = join(folder, name)
  await writeFile(file, content)
  return file
}
const graph = {
  format: 1,
  id: 'g',
  nodes: {},
  edges: {},
  dialogs: { main: { id: 'main', name: 'main', parameters: [] } },
}
const rest = { view: { positions: {}, groups: {}, notes: {} }, variables: {}, parameters: {}, languages: ['en'] }
const block = (id: string, type: string, config: object = {}) => ({ id, type, version: 1, dialog: 'main', config })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-cli-'))
  const say = (label: string, texts: string[]) => texts.map((text) => JSON.stringify({ text, label }))
  const refund = ['I want my money back', 'refund please', 'how do I get a refund', 'give me my money', 'refund it']
  const parcel = ['where is my parcel', 'track my order', 'has it shipped', 'parcel is late', 'when will it arrive']
  await write('train.jsonl', [...say('refund', refund), ...say('parcel', parcel)].join('\n'))
  const test = [
    ...say('refund', ['my money back please']),
    ...say('parcel', ['track the parcel']),
    ...say('oos', ['moon']),
  ]
  await write('test.jsonl', test.join('\n'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('botloom run', () => {
  test('trains and tests files by their given split, and prints one JSON document and nothing else', async () => {
    const graphFile = join(folder, 'intents.json')
    await copyFile(intents, graphFile)
    const files = [
      '--set',
      'data.train=train.jsonl',
      '--set',
      'data.test=test.jsonl',
      '--set',
      'data.outOfScope=["oos"]',
    ]
    const { code, out, err } = await botloom('run', graphFile, ...files, '--set', 'data.validation=', '--json')
    expect(err).not.toMatch(/error/i)
    expect(code).toBe(0)
    const { metrics, seconds } = JSON.parse(out)
    expect(metrics.test).toEqual({
      accuracy: 1,
      macroF1: 1,
      auroc: expect.any(Number),
      ece: expect.any(Number),
    })
    for (const share of Object.values(metrics.test)) expect(share).toBeGreaterThanOrEqual(0)
    for (const share of Object.values(metrics.test)) expect(share).toBeLessThanOrEqual(1)
    expect(Object.keys(seconds).sort()).toEqual(['data', 'evaluate', 'fine-tune', 'split'])
  })

  test('a search prints what it tried, the chosen one marked', { timeout: 180_000 }, async () => {
    const train = `data.train=${join(folder, 'train.jsonl')}`
    const search = ['--set', 'fine-tune.method=search', '--set', 'fine-tune.minutes=0.1']
    const { code, out, err } = await botloom('run', intents, '--set', train, ...search)
    expect(code, err).toBe(0)
    expect(out).toMatch(
      /tried +rate +rounds +accuracy +loss +time\n\* head +- +- +\d+\.\d % +\d\.\d{3} +\d+\.\d s\n\* was chosen/,
    )
  })

  test('leaves a data folder alone that another process holds, and names it', async () => {
    const held = await mkdtemp(join(folder, 'held-'))
    const unlock = await lockDataFolder(held)
    const { code, err } = await botloom(
      'run',
      intents,
      '--set',
      `data.train=${join(folder, 'train.jsonl')}`,
      '--data',
      held,
    )
    await unlock()
    expect(code).toBe(1)
    expect(err).toContain('data-folder-in-use')
    expect(err).toContain(String(process.pid))
  })
})

describe('bad input is named with its code and a remedy, and nothing is on standard output', () => {
  const bad: [string, () => Promise<string[]>, code: number, error: string][] = [
    ['no command', async () => [], 2, 'botloom run'],
    ['an unknown option', async () => ['run', intents, '--frob'], 2, '--frob'],
    ['a file that is not there', async () => ['run', join(folder, 'none.json')], 1, 'file-missing'],
    [
      'a file that is not JSON',
      async () => ['run', await write('broken.json', '{ "format": 1, ')],
      1,
      'graph-not-document',
    ],
    [
      'a graph from a newer version',
      async () => ['run', await write('newer.json', JSON.stringify({ ...graph, ...rest, format: 99 }))],
      1,
      'graph-newer',
    ],
    [
      'a pipeline that runs in a circle',
      async () => {
        const nodes = { a: block('a', 'preprocess'), b: block('b', 'preprocess') }
        const edges = {
          e1: { id: 'e1', from: { node: 'a', port: 'data' }, to: { node: 'b', port: 'data' } },
          e2: { id: 'e2', from: { node: 'b', port: 'data' }, to: { node: 'a', port: 'data' } },
        }
        return ['run', await write('circle.json', JSON.stringify({ ...graph, ...rest, nodes, edges }))]
      },
      1,
      'pipeline-cycle',
    ],
    ['a block that is not in the graph', async () => ['run', intents, '--set', 'nope.train=x'], 2, 'cli-unknown-block'],
    ['a field that the block lacks', async () => ['run', intents, '--set', 'data.nope=x'], 2, 'cli-unknown-field'],
    ['a --set without a value', async () => ['run', intents, '--set', 'data.train'], 2, 'cli-bad-set'],
    [
      'an unknown encoder',
      async () => [
        'run',
        intents,
        '--set',
        `data.train=${join(folder, 'train.jsonl')}`,
        '--set',
        'fine-tune.encoder=nope',
      ],
      1,
      'unknown-encoder',
    ],
    ['records that are not there', async () => ['run', intents, '--set', 'data.train=none.csv'], 1, 'file-missing'],
    [
      'a file in no encoding',
      async () => [
        'run',
        intents,
        '--set',
        `data.train=${await write('bytes.csv', new Uint8Array([0, 1, 2, 3, 255, 254]))}`,
      ],
      1,
      'data-encoding',
    ],
    [
      'one label only',
      async () => ['run', intents, '--set', `data.train=${await write('one.csv', 'text,label\na,x\nb,x\nc,x\n')}`],
      1,
      'data-one-label',
    ],
  ]
  test.each(bad)('%s', async (_, args, code, error) => {
    const answer = await botloom(...(await args()))
    expect(answer.err).toContain(error)
    expect(answer.err).not.toMatch(/^\s+at /m)
    expect(answer.code).toBe(code)
    expect(answer.out).toBe('')
  })
})

describe('botloom check', () => {
  const wire = (id: string, from: string, to: string) => {
    const [a = '', output = ''] = from.split('/')
    const [b = '', input = ''] = to.split('/')
    return { [id]: { id, from: { node: a, port: output }, to: { node: b, port: input } } }
  }
  const bot = (data: object) => ({
    ...graph,
    ...rest,
    nodes: {
      data: block('data', 'data-source', data),
      learn: block('learn', 'fine-tune'),
      start: block('start', 'start'),
      understand: block('understand', 'intent'),
      back: block('back', 'say', { text: { en: 'Your money is on its way.' } }),
    },
    edges: {
      ...wire('e1', 'data/data', 'learn/train'),
      ...wire('e2', 'learn/model', 'understand/model'),
      ...wire('e3', 'start/out', 'understand/in'),
      ...wire('e4', `understand/${fileLabelId('refund')}`, 'back/in'),
      ...wire('e5', 'understand/lbl_gone', 'back/in'),
    },
  })
  const problemsOf = async (name: string, document: object) => {
    const { out } = await botloom('check', await write(name, JSON.stringify(document)), '--json')
    return JSON.parse(out).problems as { code: string; node: string; port?: string; message: string }[]
  }

  test('finds what is wrong before anything runs, and says so by its exit code', async () => {
    const { code, out } = await botloom('check', intents, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out).problems).toContainEqual(expect.objectContaining({ severity: 'error', node: 'data' }))
  })
  test('is content with a graph that can run', async () => {
    const { code } = await botloom('check', intents, '--set', `data.train=${join(folder, 'train.jsonl')}`)
    expect(code).toBe(0)
  })
  test('is content with the sample bot, whose wires begin at the labels of its own records', async () => {
    const sample = join(projectRoot, 'nodes', 'templates', 'e-commerce', 'graph.json')
    expect(await botloom('check', sample)).toEqual({ code: 0, out: 'No problems.\n', err: '' })
  })
  test('knows the labels of files: the wire of a label that none has is gone, a label without one is told', async () => {
    const problems = await problemsOf('labels.json', bot({ train: 'train.jsonl' }))
    const about = (code: string) => problems.filter((problem) => problem.code === code).map(({ port }) => port)
    expect(about('wire.no-such-port')).toEqual(['lbl_gone'])
    expect(about('label-unconnected')).toEqual([fileLabelId('parcel')])
  })
  test('judges no wire by labels that nobody could read, and says what is wrong with the records', async () => {
    await write('broken-records.json', '[{"text": "a", ')
    for (const [train, said] of [
      ['nowhere.csv', /nowhere\.csv/],
      ['broken-records.json', /line 1, character 16/],
    ] as const) {
      const problems = await problemsOf('unread.json', bot({ train }))
      expect(problems.filter(({ code }) => code === 'wire.no-such-port')).toEqual([])
      expect(problems.find(({ node }) => node === 'data')?.message).toMatch(said)
    }
    // Without any file the block's own words are enough.
    const empty = await problemsOf('empty.json', bot({}))
    expect(empty.filter(({ node }) => node === 'data')).toMatchObject([{ code: 'data-source.problem.no-records' }])
  })
  test('says what records say against themselves, as the studio does', async () => {
    await write('alike.csv', 'text,label\na,x\nb,x\n')
    const dealt = { ...bot({ train: 'alike.csv' }), edges: wire('e1', 'data/data', 'split/data') }
    const nodes = { data: dealt.nodes.data, split: block('split', 'split') }
    expect(await problemsOf('alike.json', { ...dealt, nodes })).toMatchObject([{ code: 'split.problem.one-label' }])
  })
  test('ends as usual when its reader has seen enough', async () => {
    const child = startBotloom(['check', intents, '--json'])
    child.stdout.destroy()
    const { code, err } = await ended(child)
    expect(err).not.toContain('EPIPE')
    expect(err).toContain('graph-has-problems')
    expect(code).toBe(1)
  })
})

describe('botloom chat', () => {
  const talk = graphOf(
    {
      s: { type: 'start' },
      tea: {
        type: 'say',
        config: { text: { en: 'Tea?' }, buttons: ['Yes', 'No'].map((en) => ({ id: en, text: { en } })) },
      },
      count: { type: 'ask', config: { question: { en: 'How many?' }, kind: 'number', variable: 'cups' } },
      off: { type: 'hand-over', config: { message: { en: '{{cups}} cups.' } } },
      bye: { type: 'end', config: { text: { en: 'Bye.' } } },
    },
    ['s -> tea', 'tea/button:Yes -> count', 'tea/button:No -> bye', 'count -> off'],
  )
  /** The lines are typed, and standard input stays open as at a terminal. */
  const chat = async (...lines: string[]): Promise<Answer> => {
    const child = startBotloom(['chat', await write('talk.json', JSON.stringify(talk))], { BOTLOOM_LOG: '' })
    for (const line of lines) child.stdin.write(`${line}\n`)
    return ended(child)
  }

  test('shows each button once, presses it by its number, and ends when the bot ends the conversation', async () => {
    const { code, out, err } = await chat('2')
    expect(out).toBe('bot> Tea?\n     1. Yes\n     2. No\nyou> bot> Bye.\n')
    expect([code, err]).toEqual([0, ''])
  })
  test('a number is an answer once no buttons are shown, and a hand-over ends the chat too', async () => {
    expect((await chat('1', '2')).out).toMatch(/How many\?\nyou> bot> 2 cups\.\n$/)
  })
})

describe('an environment variable that is empty counts as unset', () => {
  test('BOTLOOM_DATA, when a link is asked for', async () => {
    const { err } = await ended(startBotloom(['link'], { BOTLOOM_DATA: '' }))
    expect(err).toContain('not-running')
    expect(err).toContain(`${join(projectRoot, 'data')}.`)
  })
  test('BOTLOOM_MODELS, when an encoder is looked for', () => {
    vi.stubEnv('BOTLOOM_MODELS', '')
    expect(modelsFolder('/data')).toBe(join('/data', 'models'))
    vi.unstubAllEnvs()
  })
})

describe('botloom doctor', () => {
  test('says what training runs on and why on nothing else, and makes nothing', async () => {
    const data = join(folder, 'not-made')
    const { code, out } = await ended(startBotloom(['doctor', '--json'], { BOTLOOM_DATA: data, DATABASE_URL: '' }))
    const { ok, findings, devices, chosen } = JSON.parse(out)
    expect([code, ok]).toEqual([0, true])
    expect(findings.map(({ what }: { what: string }) => what)).toEqual([
      'node',
      'memory',
      'processor',
      'data',
      'models',
      'database',
    ])
    const cpu = devices.find(({ name }: { name: string }) => name === 'cpu')
    expect(cpu).toMatchObject({ absence: null, gflops: expect.any(Number) })
    expect(devices.find(({ name }: { name: string }) => name === chosen)?.absence).toBeNull()
    expect(existsSync(data)).toBe(false)
  })

  test('fails in words when the database or the device that was asked for is not there', async () => {
    const env = {
      BOTLOOM_DATA: join(folder, 'not-made'),
      DATABASE_URL: 'postgres://127.0.0.1:9/none',
      BOTLOOM_DEVICE: 'tensorflow',
      LANG: 'zh_CN.UTF-8',
      LC_ALL: '',
    }
    const { code, out } = await ended(startBotloom(['doctor'], env))
    expect(code).toBe(1)
    expect(out).toMatch(/✗ 数据库.*连不上数据库/)
    expect(out).toMatch(/✗ TensorFlow.*没有安装 @tensorflow\/tfjs-node-gpu/)
  })
})
