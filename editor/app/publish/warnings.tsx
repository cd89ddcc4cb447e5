import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { problemText } from '#editor/canvas/words.ts'
import { useDraft } from '#editor/document/store.ts'
import type { PublishPreview } from '#server/api/dto.ts'
import { errorWords } from '../api.ts'
import { Notice } from '../ui/notice.tsx'
import styles from './publish.module.css'

/** What hinders nobody and is worth a look before it goes live: unreachable blocks, missing languages, a model that was refused. */
export function Warnings({ bot, preview }: { bot: string; preview: PublishPreview }) {
  const { t } = useTranslation('publish')
  const document = useDraft((state) => state.document)
  const found = preview.problems.filter(({ severity }) => severity === 'warning')
  const lines = [
    ...preview.refused.map((failure) => errorWords(failure).message),
    ...found.map((problem) => problemText(problem, document)),
  ]
  if (lines.length === 0) return null
  const shown = [...new Set(lines)].slice(0, 4)
  return (
    <Notice
      tone="warn"
      action={
        <Link className="bl-button bl-button--quiet bl-button--small" to={`/bots/${bot}/canvas?drawer=problems`}>
          {t('errors.open')}
        </Link>
      }
    >
      <strong>{t('warnings', { count: lines.length })}</strong>
      <ul className={styles.errors}>
        {shown.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Notice>
  )
}
