import { describe, expect, test } from 'vitest'
import { readSentenceModules, type SentenceModules } from './sentence-modules.ts'

const read = (files: Record<string, unknown>): SentenceModules => readSentenceModules((file) => files[file], 'model')
const pooling = (content: object): Record<string, unknown> => ({ '1_Pooling/config.json': content })
const modules = (...steps: [type: string, path: string][]): Record<string, unknown> => ({
  'modules.json': steps.map(([type, path], idx) => ({ idx, name: String(idx), path, type })),
})
const models = 'sentence_transformers.models'

test('without sentence-transformers files the vector is the mean over tokens, as it is', () => {
  expect(read({})).toEqual({
    pooling: 'mean',
    normalize: false,
    prompt: '',
    roles: { query: '', passage: '' },
    lowercase: false,
  })
})

describe('pooling', () => {
  test.each<[object, string]>([
    [{ pooling_mode_mean_tokens: true, pooling_mode_cls_token: false }, 'mean'],
    [{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false, word_embedding_dimension: 32 }, 'cls'],
    [{ pooling_mode: 'mean', embedding_dimension: 32 }, 'mean'],
    [{ pooling_mode: 'cls' }, 'cls'],
  ])('%j is %s', (content, expected) => {
    expect(read(pooling(content)).pooling).toBe(expected)
  })

  test.each<[string, object]>([
    ['max', { pooling_mode_max_tokens: true }],
    ['lasttoken', { pooling_mode_lasttoken: true }],
    ['lasttoken', { pooling_mode: 'lasttoken' }],
    ['weightedmean', { pooling_mode_weightedmean_tokens: true }],
    ['mean_sqrt_len_tokens', { pooling_mode_mean_sqrt_len_tokens: true }],
    ['cls + mean', { pooling_mode_cls_token: true, pooling_mode_mean_tokens: true }],
  ])('%s is refused in words', (mode, content) => {
    expect(() => read(pooling(content))).toThrow(
      expect.objectContaining({
        code: 'encoder-module-unsupported',
        params: expect.objectContaining({ module: `pooling: ${mode}` }),
      }),
    )
  })
})

describe('modules', () => {
  test.each([models, 'sentence_transformers.base.modules.transformer'])('Normalize scales to length 1: %s', (at) => {
    const steps = modules([`${at}.Transformer`, ''], [`${at}.Pooling`, '1_Pooling'], [`${at}.Normalize`, '2_Normalize'])
    expect(read(steps).normalize).toBe(true)
    expect(read({ 'modules.json': (steps['modules.json'] as object[]).slice(0, 2) }).normalize).toBe(false)
  })

  test.each<[string, [string, string][], string]>([
    [
      'a dense layer',
      [
        ['Transformer', ''],
        ['Pooling', '1_Pooling'],
        ['Dense', '2_Dense'],
      ],
      '2_Dense',
    ],
    ['no transformer', [['StaticEmbedding', '']], 'StaticEmbedding'],
    [
      'a transformer elsewhere',
      [
        ['Transformer', '0_Transformer'],
        ['Pooling', '1_Pooling'],
      ],
      'Transformer: 0_Transformer',
    ],
    [
      'a pooling elsewhere',
      [
        ['Transformer', ''],
        ['Pooling', '2_Pooling'],
      ],
      'Pooling: 2_Pooling',
    ],
    [
      'another order',
      [
        ['Transformer', ''],
        ['Normalize', '1_Normalize'],
        ['Pooling', '1_Pooling'],
      ],
      'Transformer Normalize Pooling',
    ],
    ['no pooling', [['Transformer', '']], 'Transformer'],
  ])('%s is refused and named', (_, steps, module) => {
    const given = steps.map(([type, path]): [string, string] => [`${models}.${type}`, path])
    expect(() => read(modules(...given))).toThrow(
      expect.objectContaining({ code: 'encoder-module-unsupported', params: { encoder: 'model', module } }),
    )
  })

  test.each([{}, [{ path: '' }], 'none'])('a list of modules that lies is unreadable: %j', (content) => {
    expect(() => read({ 'modules.json': content })).toThrow(expect.objectContaining({ code: 'encoder-unreadable' }))
  })
})

describe('prompts', () => {
  const prompts = { query: 'query: ', passage: 'passage: ' }
  const file = (content: object) => ({ 'config_sentence_transformers.json': content })

  test('the default prompt is used, and only that', () => {
    expect(read(file({ prompts, default_prompt_name: 'query' })).prompt).toBe('query: ')
    expect(read(file({ prompts, default_prompt_name: null })).prompt).toBe('')
    expect(read(file({ __version__: { pytorch: '2.0' } })).prompt).toBe('')
  })

  test('a default that has no text is unreadable', () => {
    expect(() => read(file({ prompts, default_prompt_name: 'classification' }))).toThrow(
      expect.objectContaining({ code: 'encoder-unreadable' }),
    )
  })

  test('a mean that leaves the prompt out is refused; the first token does not mind', () => {
    const prompted = file({ prompts, default_prompt_name: 'query' })
    expect(() => read({ ...prompted, ...pooling({ include_prompt: false }) })).toThrow(
      expect.objectContaining({ code: 'encoder-module-unsupported' }),
    )
    expect(read({ ...prompted, ...pooling({ include_prompt: false, pooling_mode_cls_token: true }) }).pooling).toBe(
      'cls',
    )
  })
})

test('the longest text and lower case are read where they are', () => {
  const file = { 'sentence_bert_config.json': { max_seq_length: 128, do_lower_case: true } }
  expect(read(file)).toMatchObject({ maxLength: 128, lowercase: true })
  expect(read({ 'sentence_bert_config.json': { max_seq_length: null } }).lowercase).toBe(false)
})
