import { useTranslation } from 'react-i18next'
import type { VersionView } from '#server/api/dto.ts'
import { percent } from '../ui/words.ts'

/** Where a version is, and its share of the visitors while two have them. */
export function VersionBadges({ version: { current, onTest, arm } }: { version: VersionView }) {
  const { t } = useTranslation('versions')
  return (
    <>
      {current && <span className="bl-tag bl-tag--ok">{t('current')}</span>}{' '}
      {arm && (
        <span className="bl-tag bl-tag--accent">
          {t('arm', { name: arm.name.toUpperCase(), share: percent(arm.share) })}
        </span>
      )}{' '}
      {onTest && <span className="bl-tag bl-tag--warn">{t('test')}</span>}
    </>
  )
}
