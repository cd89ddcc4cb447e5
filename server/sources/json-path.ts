/** What a path such as `data.items` leads to; the empty path to the whole. Undefined where it leads nowhere. */
export function valueAt(body: unknown, path: string): unknown {
  if (path === '') return body
  let value = body
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

const deepest = 6

/** Every list of an answer with its path, those of objects first, the longer before the shorter. What is inside of a list is not looked at. */
export function listsOf(body: unknown): { at: string; rows: number }[] {
  const found: { at: string; rows: number; objects: boolean }[] = []
  const walk = (value: unknown, at: string, depth: number): void => {
    if (Array.isArray(value)) {
      found.push({ at, rows: value.length, objects: value.length > 0 && value.every((one) => isObject(one)) })
    } else if (isObject(value) && depth < deepest) {
      for (const [name, inner] of Object.entries(value))
        if (!name.includes('.')) walk(inner, at === '' ? name : `${at}.${name}`, depth + 1)
    }
  }
  walk(body, '', 0)
  return found
    .sort((a, b) => Number(b.objects) - Number(a.objects) || b.rows - a.rows)
    .slice(0, 50)
    .map(({ at, rows }) => ({ at, rows }))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
