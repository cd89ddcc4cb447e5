import type { Action } from './action.ts'

export const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform)

interface Stroke {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
  code?: string
}

/** Whether a key stroke is a shortcut. A letter is known by its key on the keyboard, so that Chinese input does not matter. */
export function isShortcut(stroke: Stroke, shortcut: string, mac: boolean): boolean {
  const parts = shortcut === 'Mod++' ? ['Mod', '+'] : shortcut.split('+')
  const key = parts.at(-1)!
  const mod = mac ? stroke.metaKey : stroke.ctrlKey
  const other = mac ? stroke.ctrlKey : stroke.metaKey
  if (mod !== parts.includes('Mod') || other || stroke.altKey !== parts.includes('Alt')) return false
  const isLetter = /^[A-Z]$/.test(key)
  const isDigit = /^[0-9]$/.test(key)
  // Signs such as `/` and `+` may need Shift on some keyboards; for letters, digits and named keys it counts.
  if ((isLetter || isDigit || key.length > 1) && stroke.shiftKey !== parts.includes('Shift')) return false
  if (isLetter) return stroke.code === `Key${key}` || stroke.key.toUpperCase() === key
  if (isDigit) return stroke.code === `Digit${key}` || stroke.key === key
  return stroke.key === key
}

export function actionOf(actions: readonly Action[], stroke: Stroke, mac: boolean): Action | null {
  return actions.find((action) => action.shortcuts.some((shortcut) => isShortcut(stroke, shortcut, mac))) ?? null
}

const signs: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
  Escape: 'Esc',
  Enter: '↵',
}

/** A shortcut as people write it: `Ctrl+Z`, `⇧⌘Z`. */
export function shortcutText(shortcut: string, mac: boolean): string {
  const parts = shortcut.split('+').map((part) => signs[part] ?? part)
  if (!mac) return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join('+')
  const order = ['Alt', 'Shift', 'Mod']
  const onMac: Record<string, string> = { Alt: '⌥', Shift: '⇧', Mod: '⌘' }
  const held = order.filter((part) => parts.includes(part)).map((part) => onMac[part])
  return [...held, ...parts.filter((part) => !order.includes(part))].join('')
}
