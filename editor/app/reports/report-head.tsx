import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { Time } from '../ui/time.tsx'
import styles from './reports.module.css'

/** The way back to all reports, when this one was written, and its figures as a file. */
export function ReportHead({ bot, createdAt, onDownload }: { bot: string; createdAt: string; onDownload: () => void }) {
  const { t } = useTranslation('reports')
  return (
    <nav className={styles.back}>
      <Link to={`/bots/${bot}/reports`}>
        <Icon name="left" size={16} /> {t('title')}
      </Link>
      <span>
        <Time iso={createdAt} />
      </span>
      <Button size="small" icon="download" onClick={onDownload}>
        {t('download')}
      </Button>
    </nav>
  )
}
