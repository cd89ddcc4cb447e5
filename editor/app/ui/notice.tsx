import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, errorWords } from '../api.ts'
import { Button } from './button.tsx'
import { Icon } from './icons.tsx'

export function Notice({
  tone = 'info',
  children,
  action,
}: {
  tone?: 'info' | 'warn' | 'error' | 'ok'
  children: ReactNode
  action?: ReactNode
}) {
  const icon = { info: 'info', warn: 'warning', error: 'error', ok: 'check' } as const
  return (
    <div className={`bl-notice bl-notice--${tone}`} role={tone === 'error' ? 'alert' : undefined}>
      <Icon name={icon[tone]} />
      <div className="bl-notice__body">{children}</div>
      {action}
    </div>
  )
}

/** What happened, what to do, and the code in small print. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const known = useErrorWords(error)
  return (
    <Notice
      tone="error"
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t('retry')}
          </Button>
        )
      }
    >
      <strong>{known.message}</strong>
      {known.remedy && <span>{known.remedy}</span>}
      <span className="bl-notice__code">{known.code}</span>
    </Notice>
  )
}

/** Any thrown thing in words of the studio's language. */
export function useErrorWords(error: unknown): { message: string; remedy: string; code: string } {
  const { t } = useTranslation()
  if (error instanceof ApiError) {
    if (error.status === 0) return { message: t('unreachable'), remedy: t('unreachable.remedy'), code: error.code }
    return { ...errorWords(error), code: error.code }
  }
  return {
    message: t('broken'),
    remedy: t('broken.remedy'),
    code: error instanceof Error ? error.message : String(error),
  }
}
