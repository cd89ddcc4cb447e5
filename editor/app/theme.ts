import { useSyncExternalStore } from 'react'

export type ThemeChoice = 'system' | 'light' | 'dark'
export type ThemeMode = 'light' | 'dark'

const storageKey = 'botloom.theme'
const listeners = new Set<() => void>()
const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

function readChoice(): ThemeChoice {
  const stored = localStorage.getItem(storageKey)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

let choice = readChoice()

function modeNow(): ThemeMode {
  if (choice !== 'system') return choice
  return systemDark.matches ? 'dark' : 'light'
}

function apply() {
  document.documentElement.dataset.theme = modeNow()
  for (const listener of listeners) listener()
}

/** Puts the remembered theme on the page and follows the system's. Called once, before the first render. */
export function startTheme() {
  systemDark.addEventListener('change', apply)
  apply()
}

export function setThemeChoice(next: ThemeChoice) {
  choice = next
  if (next === 'system') localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, next)
  apply()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, () => choice)
}

/** The theme in force, for parts that need real colour values (drawings on a canvas element). */
export function useThemeMode(): ThemeMode {
  return useSyncExternalStore(subscribe, modeNow)
}

/** The present value of a variable of `theme.css`, such as `--bl-accent`. */
export function cssValue(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
