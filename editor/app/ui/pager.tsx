import { useTranslation } from 'react-i18next'
import { IconButton } from './button.tsx'
import { number } from './words.ts'

/** Leads through the pages of a list, `at` counted from 0; nothing where one page holds all. */
export function Pager({
  label,
  at,
  pages,
  onTurn,
  className = '',
}: {
  label: string
  at: number
  pages: number
  onTurn: (at: number) => void
  className?: string
}) {
  const { t } = useTranslation()
  if (pages <= 1) return null
  return (
    <nav className={`bl-pager ${className}`} aria-label={label}>
      <IconButton icon="left" label={t('pager.previous')} disabled={at === 0} onClick={() => onTurn(at - 1)} />
      <span>{t('pager.page', { page: number(at + 1), pages: number(pages) })}</span>
      <IconButton icon="right" label={t('pager.next')} disabled={at + 1 >= pages} onClick={() => onTurn(at + 1)} />
    </nav>
  )
}
