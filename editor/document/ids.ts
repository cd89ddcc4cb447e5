import { customAlphabet } from 'nanoid'

// Letters and digits only: an id is also a state's name and part of a path in a diff.
const random = customAlphabet('0123456789abcdefghijkmnpqrstuvwxyz', 10)

/** A new id that carries its kind, such as `n_4kd0…` (block), `e_…` (wire), `g_…` (group), `t_…` (note), `dif_…` (change). */
export function newId(kind: 'n' | 'e' | 'g' | 't' | 'd' | 'dif' | 'v' | 'i' | 'tab'): string {
  return `${kind}_${random()}`
}
