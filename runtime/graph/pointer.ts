/** JSON pointers (RFC 6901) over plain data. `undefined` stands for absent. */

export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function valueAt(value: unknown, pointer: string): unknown {
  let at = value
  for (const part of pathOf(pointer)) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, part)) return undefined
    at = (at as Record<string, unknown>)[part]
  }
  return at
}

/** A copy with the value set, or removed where it is `undefined`. Parents that are missing are made as objects. */
export function withValueAt(value: unknown, pointer: string, next: unknown): unknown {
  return put(value, pathOf(pointer), next)
}

function put(value: unknown, path: readonly string[], next: unknown): unknown {
  const [part, ...rest] = path
  if (part === undefined) return next
  if (part === '__proto__') return value
  if (Array.isArray(value)) {
    const copy = [...value]
    const index = Number(part)
    // An index far behind the end would make a list of holes that takes minutes to walk.
    if (!Number.isInteger(index) || index < 0 || index > value.length) return value
    if (rest.length === 0 && next === undefined) copy.splice(index, 1)
    else copy[index] = put(copy[index], rest, next)
    return copy
  }
  const copy: Record<string, unknown> = value !== null && typeof value === 'object' ? { ...value } : {}
  if (rest.length === 0 && next === undefined) delete copy[part]
  else copy[part] = put(copy[part], rest, next)
  return copy
}
