import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router'
import { Button } from '../ui/button.tsx'
import { useErrorWords } from '../ui/notice.tsx'
import styles from './shell.module.css'

/** Where a page throws: what happened, and the two ways on. Nothing that was saved is lost. */
export function BrokenPage() {
  const { t } = useTranslation()
  const words = useErrorWords(useRouteError())
  return (
    <div className={styles.alone} role="alert">
      <h1>{words.message}</h1>
      <p>{words.remedy}</p>
      <Button variant="primary" onClick={() => window.location.reload()}>
        {t('reload')}
      </Button>
      <code className={styles.small}>{words.code}</code>
    </div>
  )
}
