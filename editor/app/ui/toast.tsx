import { useLayoutEffect, useState, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { ApiError, errorWords } from '../api.ts'
import { studioLanguage } from '../i18n.ts'
import { Button } from './button.tsx'
import { useTopmost } from './use-modal.ts'

interface Toast {
  id: number
  text: string
  action?: { label: string; perform: () => void }
}

let toasts: Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function change(next: Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

/** Says something for a few seconds at the foot of the page; longer where there is something to click. */
export function showToast(text: string, action?: Toast['action']) {
  const id = nextId++
  change([...toasts.slice(-2), { id, text, action }])
  setTimeout(() => change(toasts.filter((toast) => toast.id !== id)), action ? 10_000 : 5_000)
}

/** An error of a click, where the page has no place of its own for it. */
export function showError(error: unknown) {
  if (error instanceof ApiError && error.message) {
    const words = errorWords(error)
    showToast([words.message, words.remedy].filter(Boolean).join(studioLanguage() === 'zh-CN' ? '' : ' '))
  } else if (error instanceof Error) showToast(error.message || 'offline')
}

/** The toasts, over the page or over the dialog that is open. */
export function Toasts() {
  const { t } = useTranslation()
  // One element that moves: a live region that is made anew is not read out.
  const [place] = useState(() => document.createElement('div'))
  const topmost = useTopmost()
  useLayoutEffect(() => {
    topmost.append(place)
  }, [topmost, place])
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return createPortal(
    <section className="bl-toasts" aria-live="polite" aria-label={t('messages')}>
      {shown.map((toast) => (
        <div key={toast.id} className="bl-toast">
          <span>{toast.text}</span>
          {toast.action && (
            <Button variant="plain" size="small" onClick={toast.action.perform}>
              {toast.action.label}
            </Button>
          )}
        </div>
      ))}
    </section>,
    place,
  )
}
