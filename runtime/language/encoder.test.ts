import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadDecoder } from './decoder/decoder.ts'
import { loadEncoder } from './encoder.ts'
import { writeTinyDecoder } from './fixtures/tiny-decoder.ts'
import { writeTinyEncoders } from './fixtures/tiny-encoders.ts'
import { downloadEncoder } from './hub.ts'
import { builtinEncoder, resolveEncoder } from './resolve-encoder.ts'
import { parseSafetensors, toSafetensors } from './safetensors.ts'
import { padTokens } from './tokenizer.ts'

const builtin = join(import.meta.dirname, 'builtin', builtinEncoder)
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-encoder-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function copyWith(
  change: (read: (file: string) => Promise<string>, write: typeof writeFile) => Promise<void>,
): Promise<string> {
  const copy = join(folder, 'copy')
  await cp(builtin, copy, { recursive: true })
  await change((file) => readFile(join(copy, file), 'utf8'), ((file: string, text: string) =>
    writeFile(join(copy, file), text)) as typeof writeFile)
  return copy
}

/** A hub with one model, the files of a folder. */
async function serveFolder(model: string): Promise<{ url: string; asked: string[]; close(): Promise<unknown> }> {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url!.split('?')[0]!)
    asked.push(path)
    if (path === '/api/models/owner/model/tree/main') {
      const files = (await readdir(model)).map((name) => ({ type: 'file', path: name, size: 1, oid: '' }))
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(files))
    }
    const file = path.split('/resolve/main/')[1]
    const bytes = file && (await readFile(join(model, file)).catch(() => undefined))
    if (!bytes) return void response.writeHead(404).end()
    const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '')
    const from = range ? Number(range[1]) : 0
    const to = range?.[2] ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1
    const headers = {
      etag: '"x"',
      'content-length': to - from + 1,
      'content-range': `bytes ${from}-${to}/${bytes.length}`,
    }
    response
      .writeHead(range ? 206 : 200, headers)
      .end(request.method === 'HEAD' ? undefined : bytes.subarray(from, to + 1))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

describe('loading', () => {
  test('a long text is cut in its tail and keeps the closing token', async () => {
    const { tokenizer } = await loadEncoder(builtin)
    const { ids } = tokenizer.encode('退货 '.repeat(5000))
    const short = tokenizer.encode('退货').ids
    expect(ids.length).toBe(tokenizer.maxLength)
    expect([ids[0], ids.at(-1)]).toEqual([short[0], short.at(-1)])
  })

  test('padding fills on the right and the mask says where tokens are', () => {
    const batch = padTokens(
      [Int32Array.of(2, 9, 3), Int32Array.of(2, 3)].map((ids) => ({ ids, types: null })),
      0,
    )
    expect([...batch.ids]).toEqual([2, 9, 3, 2, 3, 0])
    expect([...batch.mask]).toEqual([1, 1, 1, 1, 1, 0])
  })

  test('the hash changes with the weights and with nothing else than content', async () => {
    const copy = await copyWith(async () => {})
    expect((await loadEncoder(copy)).hash).toBe((await loadEncoder(builtin)).hash)
    const bytes = await readFile(join(copy, 'model.safetensors'))
    bytes[bytes.length - 1]! ^= 1
    await writeFile(join(copy, 'model.safetensors'), bytes)
    expect((await loadEncoder(copy)).hash).not.toBe((await loadEncoder(builtin)).hash)
  })

  test('a config that lies about shapes is refused and names the weight', async () => {
    const copy = await copyWith(async (read, write) => {
      const config = JSON.parse(await read('config.json'))
      await write('config.json', JSON.stringify({ ...config, intermediate_size: 512 }))
    })
    await expect(loadEncoder(copy)).rejects.toMatchObject({
      code: 'encoder-unreadable',
      params: { detail: expect.stringContaining('encoder.layer.0.intermediate.dense.weight') },
    })
  })

  test.each<[string, object, string]>([
    ['a decoder', { model_type: 'gpt2' }, 'encoder-generative'],
    ['a large language model', { model_type: 'qwen3', architectures: ['Qwen3ForCausalLM'] }, 'encoder-generative'],
    [
      'a decoder of a new kind',
      { model_type: 'brandnew', architectures: ['BrandnewForCausalLM'] },
      'encoder-generative',
    ],
    ['BERT as a decoder', { is_decoder: true }, 'encoder-generative'],
    ['an encoder and decoder in one', { model_type: 't5', is_encoder_decoder: true }, 'encoder-generative'],
    ['relative positions', { position_embedding_type: 'relative_key' }, 'encoder-positions-unsupported'],
    ['disentangled attention', { model_type: 'deberta-v2' }, 'encoder-positions-unsupported'],
    ['rotary positions', { model_type: 'modernbert' }, 'encoder-positions-unsupported'],
    ['an encoder of another kind', { model_type: 'electra' }, 'encoder-unsupported'],
    ['quantised weights', { quantization_config: { quant_method: 'bitsandbytes' } }, 'encoder-unsupported'],
    ['no kind at all', { model_type: undefined }, 'encoder-unsupported'],
    ['an unknown activation', { hidden_act: 'swish' }, 'encoder-unsupported'],
    ['heads that do not divide the width', { num_attention_heads: 5 }, 'encoder-unsupported'],
  ])('%s is refused in words', async (_, change, code) => {
    const copy = await copyWith(async (read, write) =>
      write('config.json', JSON.stringify({ ...JSON.parse(await read('config.json')), ...change })),
    )
    await expect(loadEncoder(copy)).rejects.toMatchObject({ code })
  })

  test('a missing weight is named as the file should name it', async () => {
    const copy = await copyWith(async () => {})
    const weights = parseSafetensors(await readFile(join(copy, 'model.safetensors')), 'test')
    weights.delete('encoder.layer.1.output.dense.bias')
    await writeFile(join(copy, 'model.safetensors'), toSafetensors(weights))
    await expect(loadEncoder(copy)).rejects.toMatchObject({
      code: 'encoder-unreadable',
      params: { detail: 'the weight encoder.layer.1.output.dense.bias is missing' },
    })
  })

  test.each<[string, string]>([
    ['pytorch_model.bin', 'encoder-pickled'],
    ['pytorch_model-00001-of-00002.bin', 'encoder-pickled'],
    ['model-q4_k_m.gguf', 'encoder-gguf'],
  ])('a folder whose only weights are %s says so, and is not opened', async (file, code) => {
    const copy = await copyWith(async (_read, write) => write(file, 'cos\nsystem\n'))
    await rm(join(copy, 'model.safetensors'))
    await expect(loadEncoder(copy)).rejects.toMatchObject({ code, params: { file } })
    await expect(resolveEncoder('copy', { modelsFolder: folder })).rejects.toMatchObject({ code })
  })

  test.each<[string, object, string]>([
    ['a file that is not there', { 'embeddings.LayerNorm.bias': 'model-9.safetensors' }, 'encoder-unreadable'],
    ['a place outside the folder', { 'embeddings.LayerNorm.bias': '../secret.safetensors' }, 'weights-unreadable'],
    ['no names', {}, 'encoder-unreadable'],
  ])('an index of weights that names %s is refused', async (_, map, code) => {
    const copy = await copyWith(async (_read, write) =>
      write('model.safetensors.index.json', JSON.stringify({ weight_map: map })),
    )
    await rm(join(copy, 'model.safetensors'))
    await expect(loadEncoder(copy)).rejects.toMatchObject({ code })
  })

  test('a prompt changes the hash only where it is used', async () => {
    const prompts = { query: 'query: ' }
    const copy = await copyWith(async (_read, write) =>
      write('config_sentence_transformers.json', JSON.stringify({ prompts, default_prompt_name: null })),
    )
    const plain = await loadEncoder(builtin)
    expect((await loadEncoder(copy)).hash).toBe(plain.hash)
    await writeFile(
      join(copy, 'config_sentence_transformers.json'),
      JSON.stringify({ prompts, default_prompt_name: 'query' }),
    )
    const prompted = await loadEncoder(copy)
    expect(prompted.hash).not.toBe(plain.hash)
    expect(prompted.tokenizer.encode('退货')).toEqual(plain.tokenizer.encode('query: 退货'))
  })

  test('a lone GGUF file needs no config to be told apart', async () => {
    await mkdir(join(folder, 'gguf'))
    await writeFile(join(folder, 'gguf', 'model.gguf'), 'GGUF')
    await expect(loadEncoder(join(folder, 'gguf'))).rejects.toMatchObject({ code: 'encoder-gguf' })
  })

  test('a tokenizer of another model is refused before it gives an id that the model does not know', async () => {
    const copy = await copyWith(async (read, write) => {
      const tokenizer = JSON.parse(await read('tokenizer.json'))
      tokenizer.model.vocab['##unheard'] = 15_657
      await write('tokenizer.json', JSON.stringify(tokenizer))
    })
    await expect(loadEncoder(copy)).rejects.toMatchObject({
      code: 'encoder-unreadable',
      params: { detail: expect.stringContaining('15657') },
    })
  })

  test.each(['config.json', 'tokenizer.json', 'model.safetensors'])('a folder without %s is refused', async (file) => {
    const copy = await copyWith(async () => {})
    await rm(join(copy, file))
    await expect(loadEncoder(copy)).rejects.toMatchObject({ code: 'encoder-unreadable' })
  })
})

describe('names', () => {
  test('the built-in encoder and folders of the models folder are found', async () => {
    expect(await resolveEncoder('botloom-zh-en', { modelsFolder: folder })).toBe(builtin)
    await cp(builtin, join(folder, 'mine'), { recursive: true })
    expect(await resolveEncoder('mine', { modelsFolder: folder })).toBe(join(folder, 'mine'))
  })

  test.each(['/etc', '../mine', './mine', 'a/../../mine', '..\\mine', '.hidden', 'hub/../x', ''])(
    'a path is refused where only names are allowed: %j',
    async (name) => {
      await expect(resolveEncoder(name, { modelsFolder: folder })).rejects.toMatchObject({
        code: 'encoder-path-refused',
      })
    },
  )

  test('the command line may give a path', async () => {
    expect(await resolveEncoder(builtin, { modelsFolder: folder, allowPaths: true })).toBe(builtin)
    await expect(
      resolveEncoder(join(folder, 'none'), { modelsFolder: folder, allowPaths: true }),
    ).rejects.toMatchObject({ code: 'unknown-encoder' })
  })

  test('an unknown name says what names there are', async () => {
    await expect(resolveEncoder('nothing', { modelsFolder: folder })).rejects.toMatchObject({ code: 'unknown-encoder' })
  })
})

describe('the hub', () => {
  test('a model is fetched once, whole, and then found without network', async () => {
    const hub = await serveFolder(builtin)
    try {
      const found = await downloadEncoder('owner/model', { modelsFolder: folder, hubUrl: hub.url })
      expect((await loadEncoder(found, 'owner/model')).hash).toBe((await loadEncoder(builtin)).hash)
    } finally {
      await hub.close()
    }
    expect(hub.asked.length).toBeGreaterThan(0)
    expect(await downloadEncoder('owner/model', { modelsFolder: folder, hubUrl: hub.url })).toBe(
      join(folder, 'hub', 'owner--model'),
    )
  })

  test('weights in several files come with all of them', async () => {
    await writeTinyEncoders(folder)
    const hub = await serveFolder(join(folder, 'distilbert'))
    try {
      const found = await downloadEncoder('owner/model', { modelsFolder: folder, hubUrl: hub.url })
      expect((await loadEncoder(found)).hash).toBe((await loadEncoder(join(folder, 'distilbert'))).hash)
      expect(await resolveEncoder('owner/model', { modelsFolder: folder })).toBe(found)
    } finally {
      await hub.close()
    }
  })

  test('a model that cannot be used is refused before its weights are fetched', async () => {
    const copy = await copyWith(async (_read, write) => write('config.json', JSON.stringify({ model_type: 'llama' })))
    const hub = await serveFolder(copy)
    try {
      await expect(downloadEncoder('owner/model', { modelsFolder: folder, hubUrl: hub.url })).rejects.toMatchObject({
        code: 'encoder-generative',
        params: { encoder: 'owner/model' },
      })
    } finally {
      await hub.close()
    }
    expect(hub.asked.filter((path) => path.endsWith('.safetensors'))).toEqual([])
  })

  test('a decoder is fetched where one is asked for, and refused before its weights where none is', async () => {
    const source = join(folder, 'gpt2')
    await writeTinyDecoder(source)
    const hub = await serveFolder(source)
    const options = { modelsFolder: folder, hubUrl: hub.url }
    try {
      await expect(downloadEncoder('owner/model', options)).rejects.toMatchObject({ code: 'encoder-generative' })
      expect(hub.asked.filter((path) => path.endsWith('.safetensors'))).toEqual([])
      const found = await downloadEncoder('owner/model', { ...options, kind: 'decoder' })
      expect((await loadDecoder(found)).hash).toBe((await loadDecoder(source)).hash)
    } finally {
      await hub.close()
    }
  })

  test.each<[string, string, string[]]>([
    ['pytorch_model.bin', 'encoder-pickled', ['model.safetensors']],
    ['model.gguf', 'encoder-gguf', ['model.safetensors', 'config.json', 'tokenizer.json']],
    ['README.md', 'encoder-unsupported', ['model.safetensors']],
  ])('a model of which the hub has only %s is refused in words', async (file, code, without) => {
    const copy = await copyWith(async (_read, write) => write(file, ''))
    for (const name of without) await rm(join(copy, name))
    const hub = await serveFolder(copy)
    try {
      await expect(downloadEncoder('owner/model', { modelsFolder: folder, hubUrl: hub.url })).rejects.toMatchObject({
        code,
      })
    } finally {
      await hub.close()
    }
  })

  test('without network the error says what to do instead, and nothing half-written stays', async () => {
    const hubUrl = 'http://127.0.0.1:9'
    await expect(downloadEncoder('owner/model', { modelsFolder: folder, hubUrl })).rejects.toMatchObject({
      code: 'hub-unreachable',
      retry: 'later',
    })
    await expect(readFile(join(folder, 'hub', 'owner--model', 'config.json'))).rejects.toThrow()
  })
})
