import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, errorWords } from '../api.ts'
import { studioLanguage } from '../i18n.ts'
import { Button } from './button.tsx'

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

export function Toasts() {
  const { t } = useTranslation()
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <div className="bl-toasts" role="status" aria-live="polite" aria-label={t('messages')}>
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
    </div>
  )
}
