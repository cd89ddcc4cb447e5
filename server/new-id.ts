import { customAlphabet } from 'nanoid'

const random = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 16)

/** An id that carries its kind, such as `bot_3k9…`; 82 bits of randomness. */
export function newId<
  K extends
    | 'bot'
    | 'run'
    | 'set'
    | 'lbl'
    | 'row'
    | 'file'
    | 'vfl'
    | 'dif'
    | 'req'
    | 'cnv'
    | 'msg'
    | 'vis'
    | 'out'
    | 'tst'
    | 'note'
    | 'can'
    | 'key'
    | 'evt'
    | 'whk'
    | 'dlv'
    | 'chn'
    | 'exp'
    | 'lst'
    | 'edge'
    | 'dcn'
    | 'src',
>(kind: K): `${K}_${string}` {
  return `${kind}_${random()}`
}
